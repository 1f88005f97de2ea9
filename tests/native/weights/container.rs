//! Files whose container is invalid: other formats, wrong lengths, headers, offsets, dtypes, values.

use cardinal::weights::{Checkpoint, MAX_HEADER_BYTES, TensorSource, WeightError};

use super::refused;
use super::support::{File, Net, Tensor, assemble};

fn tiny() -> File {
    Net::tiny().file("F32")
}

#[test]
fn other_formats_are_recognised() {
    let formats: [(&[u8], &str, &str); 11] = [
        (&tar(), "tar archive", "unpack"),
        (b"\x08\x08\x12\x07pytorch\x1a\x052.1.0:", "ONNX", "state_dict"),
        (b"<!DOCTYPE html><html>", "web page", "fetch"),
        (b"\xef\xbb\xbf\n <html lang=en>", "web page", "fetch"),
        (b"version https://git-lfs.github.com/spec/v1\noid", "Git LFS", "fetch"),
        (b"{\"architecture\": \"resnext50_32x4d\"}", "JSON", ".safetensors"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG", ".safetensors"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG", ".safetensors"),
        (b"\x89HDF\r\n\x1a\n", "HDF5", "convert"),
        (b"GGUF\x03\0\0\0\0\0", "GGUF", ".safetensors"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "gzip", "unpack"),
    ];
    for (bytes, what, remedy) in formats {
        let error = refused(bytes.to_vec(), &[what, remedy]);
        assert!(matches!(error, WeightError::OtherFormat { .. }), "{error:?}");
    }
    assert_eq!(refused(Vec::new(), &["0 bytes"]), WeightError::Empty);
}

/// The beginning of a tar archive as PyTorch 0.1.9 wrote it.
fn tar() -> Vec<u8> {
    let mut header = b"sys_info".to_vec();
    header.resize(257, 0);
    header.extend_from_slice(b"ustar\x0000");
    header.resize(1024, 0);
    header
}

#[test]
fn a_header_length_that_looks_like_a_pickle_is_read() {
    // 0x80 0x02 are the first bytes of a pickle, and of a safetensors file with a header of 0x…0280 bytes.
    let file = tiny();
    let header = file.header();
    let padding = (0x1_0280 - header.len() % 0x1_0000) % 0x1_0000;
    let bytes = assemble(&format!("{header}{}", " ".repeat(padding)), &file.data());
    assert_eq!(bytes[..2], [0x80, 0x02]);
    assert!(Checkpoint::parse(bytes).is_ok());
}

#[test]
fn cut_and_stretched_files_are_refused() {
    let bytes = tiny().bytes();
    let (whole, header) = (bytes.len() as u64, u64::from_le_bytes(bytes[..8].try_into().unwrap()));
    // Every length within the header, then every 397th.
    let lengths = (0..bytes.len()).filter(|&len| len as u64 <= header + 40 || len % 397 == 0).chain([bytes.len() - 1]);
    for len in lengths {
        let expected = match len as u64 {
            0 => WeightError::Empty,
            got if got < 8 => WeightError::Truncated { expected: 8, got },
            got if got < 8 + header => WeightError::Truncated { expected: 8 + header, got },
            got => WeightError::Truncated { expected: whole, got },
        };
        assert_eq!(Checkpoint::parse(bytes[..len].to_vec()).err(), Some(expected), "cut to {len}");
    }
    let longer = [&bytes[..], &[0; 3]].concat();
    let error = refused(longer, &[&whole.to_string(), &(whole + 3).to_string()]);
    assert_eq!(error, WeightError::TrailingBytes { expected: whole, got: whole + 3 });
}

#[test]
fn huge_headers_are_refused_before_they_are_read() {
    for claimed in [MAX_HEADER_BYTES + 1, u64::from(u32::MAX), u64::MAX - 7, u64::MAX] {
        let mut bytes = claimed.to_le_bytes().to_vec();
        bytes.extend_from_slice(b"{}");
        let error = refused(bytes, &[&claimed.to_string(), "1000000"]);
        assert_eq!(error, WeightError::HeaderTooLarge { got: claimed, limit: MAX_HEADER_BYTES });
    }
    // A valid header above the limit is refused too; one at the limit is not.
    let padded = |len: u64| {
        let header = tiny().header();
        let spaces = " ".repeat(len as usize - header.len());
        Checkpoint::parse(assemble(&(header + &spaces), &tiny().data()))
    };
    assert!(padded(MAX_HEADER_BYTES).is_ok());
    assert!(matches!(padded(MAX_HEADER_BYTES + 1).err(), Some(WeightError::HeaderTooLarge { .. })));
}

#[test]
fn headers_that_are_not_an_object_of_tensors_are_refused() {
    let entry = r#""dtype":"F32","shape":[1],"data_offsets":[0,4]"#;
    for (header, word) in [
        ("[]".to_owned(), "an object expected"),
        ("{".to_owned(), "EOF"),
        (format!("{{\"a\":{{{entry}}}}} x"), "trailing"),
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}".to_owned(), "a: `data_offsets`"),
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}".to_owned(), "a: `shape`"),
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}".to_owned(), "a: `shape`"),
        ("{\"__metadata__\":{\"n\":1}}".to_owned(), "__metadata__: an object of strings"),
        ("[".repeat(100_000), "recursion"),
        (format!("{{\"a\":{}", "[".repeat(100_000)), "a:"),
    ] {
        let error = refused(assemble(&header, &[0; 4]), &["header", word]);
        assert!(matches!(error, WeightError::Header(_)), "{error:?}");
    }
    let mut bytes = assemble("{\"a\":1}", &[]);
    bytes[10] = 0xff;
    refused(bytes, &["header", "utf-8"]);
}

#[test]
fn repeated_keys_are_refused() {
    let entry = r#"{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#;
    let header = format!(r#"{{"a at line 7":{entry},"a at line 7":{entry}}}"#);
    let error = refused(assemble(&header, &[0; 4]), &["`a at line 7` twice"]);
    assert_eq!(error, WeightError::Duplicate("a at line 7".to_owned()));
    let header = format!(r#"{{"__metadata__":{{"format":"pt","format":"pt"}},"a":{entry}}}"#);
    assert_eq!(refused(assemble(&header, &[0; 4]), &[]), WeightError::Duplicate("format".to_owned()));
    let header = r#"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#;
    refused(assemble(header, &[0; 4]), &["`dtype` twice"]);
}

#[test]
fn offsets_that_overlap_leave_holes_or_do_not_fit_are_refused() {
    let two = |a: &str, b: &str| format!(r#"{{"a":{{"dtype":"F32",{a}}},"b":{{"dtype":"F32",{b}}}}}"#);
    let header = |a: &str, b: &str| {
        two(&format!("\"shape\":[2],\"data_offsets\":{a}"), &format!("\"shape\":[2],\"data_offsets\":{b}"))
    };
    let parse = |header: String, words: &[&str]| refused(assemble(&header, &[0; 16]), words);
    let (a, b) = ("a".to_owned(), "b".to_owned());
    assert_eq!(
        parse(header("[0,8]", "[4,12]"), &["b starts at byte 4", "inside a", "8"]),
        WeightError::Overlap { tensor: b.clone(), previous: a.clone(), expected: 8, got: 4 }
    );
    assert!(matches!(parse(header("[0,8]", "[0,8]"), &[]), WeightError::Overlap { .. }));
    assert_eq!(
        parse(header("[0,8]", "[12,20]"), &["8..12", "before b"]),
        WeightError::Hole { tensor: b, expected: 8, got: 12 }
    );
    assert_eq!(parse(header("[4,12]", "[12,20]"), &[]), WeightError::Hole { tensor: a, expected: 0, got: 4 });
    for offsets in ["[0,4]", "[8,0]", "[0,18446744073709551615]"] {
        assert!(matches!(parse(header(offsets, "[8,16]"), &["takes 8 bytes"]), WeightError::Span { .. }));
    }
    // Offsets that run backwards from the far end sort last, so the gap that they leave is reported first.
    assert!(matches!(parse(header("[18446744073709551615,0]", "[8,16]"), &[]), WeightError::Hole { .. }));
    let huge = two("\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]", "\"shape\":[],\"data_offsets\":[0,4]");
    parse(huge, &["a: F32 of shape [4294967296, 4294967296]", "more than 2^64"]);
    // 2^62 f32 are 2^64 bytes.
    parse(
        two("\"shape\":[4611686018427387904],\"data_offsets\":[0,0]", "\"shape\":[],\"data_offsets\":[0,4]"),
        &["2^64"],
    );
}

#[test]
fn other_dtypes_are_refused_by_name() {
    for (dtype, size) in [("I64", 8), ("I8", 1), ("F8_E4M3", 1)] {
        let mut file = tiny();
        let bn = file.get_mut("layer2.1.bn2.running_mean");
        *bn = Tensor { dtype, bytes: vec![0; 8 * size], ..bn.clone() };
        let error = refused(file.bytes(), &["layer2.1.bn2.running_mean", dtype, "F32, F16, BF16 or F64"]);
        assert!(matches!(error, WeightError::Dtype { .. }), "{error:?}");
    }
    let mut file = tiny();
    file.get_mut("conv1.weight").dtype = "F4";
    refused(file.bytes(), &["conv1.weight is stored as F4"]);
}

#[test]
fn numbers_that_are_not_finite_are_refused_with_their_place() {
    for (dtype, at, bytes, word) in [
        ("F32", 7, &f32::NAN.to_le_bytes()[..], "NaN"),
        ("F32", 0, &f32::NEG_INFINITY.to_le_bytes(), "-inf"),
        // In the second block of those that are looked at together, and behind the last whole one.
        ("F32", 70, &f32::INFINITY.to_le_bytes(), "inf"),
        ("F32", 287, &f32::NAN.to_le_bytes(), "NaN"),
        ("F16", 11, &half::f16::INFINITY.to_le_bytes(), "inf"),
        ("F16", 11, &half::f16::NAN.to_le_bytes(), "NaN"),
        ("BF16", 3, &half::bf16::NEG_INFINITY.to_le_bytes(), "-inf"),
        ("F64", 5, &f64::NAN.to_le_bytes(), "NaN"),
        ("F64", 5, &f64::INFINITY.to_le_bytes(), "inf"),
    ] {
        let mut file = Net::tiny().file(dtype);
        let place = at * bytes.len();
        file.get_mut("layer2.1.conv2.weight").bytes[place..place + bytes.len()].copy_from_slice(bytes);
        let error = refused(file.bytes(), &[&format!("layer2.1.conv2.weight[{at}] is {word}")]);
        assert!(matches!(error, WeightError::NonFinite { index, .. } if index == at));
    }
}

#[test]
fn f64_values_are_narrowed_and_those_beyond_f32_are_refused() {
    let mut file = Net::tiny().file("F64");
    let mut set = |value: f64| {
        file.get_mut("layer2.1.conv2.weight").bytes[16..24].copy_from_slice(&value.to_le_bytes());
        file.bytes()
    };
    // A third rounds to the nearest f32, and what is too small for one is 0.
    for (value, expected) in [(1.0 / 3.0, 1.0_f32 / 3.0), (-2.5, -2.5), (1e-300, 0.0), (3.4e38, 3.4e38)] {
        let read = Checkpoint::parse(set(value)).unwrap();
        assert_eq!(read.tensor("layer2.1.conv2.weight", &[8, 4, 3, 3]).unwrap()[2], expected);
    }
    for value in [3.5e38, -1e300] {
        let error = refused(set(value), &["layer2.1.conv2.weight[2] is ", "beyond the range of f32"]);
        assert_eq!(error, WeightError::OutsideF32 { tensor: "layer2.1.conv2.weight".to_owned(), index: 2, value });
    }
}

#[test]
fn negative_variances_are_refused() {
    for (dtype, bytes) in [
        ("F32", &(-1e-30_f32).to_le_bytes()[..]),
        ("F16", &[0x01, 0x80]),
        ("BF16", &half::bf16::NEG_ONE.to_le_bytes()),
        ("F64", &(-1e-300_f64).to_le_bytes()),
    ] {
        let mut file = Net::tiny().file(dtype);
        let size = bytes.len();
        // A negative mean is valid, and so is a variance of minus zero.
        file.get_mut("bn1.running_mean").bytes[..size].copy_from_slice(bytes);
        file.get_mut("bn1.running_var").bytes[size - 1] = 0x80;
        assert!(Checkpoint::parse(file.bytes()).is_ok());
        file.get_mut("bn1.running_var").bytes[2 * size..3 * size].copy_from_slice(bytes);
        let error = refused(file.bytes(), &["bn1.running_var[2]", "negative"]);
        assert!(matches!(error, WeightError::NegativeVariance { index: 2, .. }));
    }
}
