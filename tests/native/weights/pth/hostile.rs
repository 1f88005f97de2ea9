//! Files that are made to be misread: each is refused in words, at once, and with little memory.

use std::time::{Duration, Instant};

use cardinal::weights::{Checkpoint, TorchError, WeightError};

use super::super::support::read;
use super::writer::{Part, Pickle, ZipOptions, archive, legacy};

/// The error of a file, which must come soon.
#[track_caller]
fn refused(bytes: Vec<u8>) -> WeightError {
    let start = Instant::now();
    let error = Checkpoint::parse(bytes).err().expect("refused");
    assert!(start.elapsed() < Duration::from_secs(5), "{:?} for: {error}", start.elapsed());
    assert!(error.to_string().len() < 4000, "{error}");
    error
}

/// The error of a pickle in an archive with one storage of 8 values.
#[track_caller]
fn pickle(program: &[u8]) -> TorchError {
    let whole = [b"\x80\x02", program].concat();
    match refused(archive(&whole, &[("0".to_owned(), vec![0; 32])], ZipOptions::default())) {
        WeightError::Torch(error) => error,
        other => panic!("{other:?}"),
    }
}

fn part(offset: u64, shape: &[u64], strides: &[u64]) -> Part {
    let (shape, strides) = (shape.to_vec(), strides.to_vec());
    Part { class: "FloatStorage", key: "0".to_owned(), elements: 8, offset, shape, strides, is_legacy: false }
}

#[track_caller]
fn tensor(part: Part) -> WeightError {
    let mut program = Pickle::new(2);
    let program = program.state_dict(&[("conv1.weight".to_owned(), part)]).end();
    refused(archive(&program, &[("0".to_owned(), vec![0; 32])], ZipOptions::default()))
}

#[test]
fn lengths_that_are_not_there_take_no_memory() {
    for program in [
        &b"X\xff\xff\xff\xff"[..],
        b"T\xff\xff\xff\xff",
        b"B\xff\xff\xff\xff",
        b"\x8b\xff\xff\xff\xff",
        b"\x8d\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x8e\xff\xff\xff\xff\xff\xff\xff\x7f",
        b"\x96\0\0\0\0\0\0\0\x80",
        b"cmodule without an end",
        b"K",
        b"",
    ] {
        assert_eq!(pickle(program), TorchError::PickleEnd, "{program:?}");
    }
    assert!(matches!(pickle(b"Nr\xff\xff\xff\xff."), TorchError::TooManyValues { .. }));
}

#[test]
fn a_stack_that_runs_empty_is_an_error() {
    for program in [
        &b"."[..],
        b"0.",
        b"R.",
        b"Na.",
        b"s.",
        b"u.",
        b"t.",
        b"(Nb.",
        b"\x85.",
        b"]N\x86(\x87.",
        b"h\0.",
        b"}(Nu.",
        b"N(e.",
        b"NNs.",
        b"]NNs.",
        b"NQ.",
        b")Q.",
        b"NNR.",
        b"NNb0.",
        b"\x93.",
        b"N\x81.",
    ] {
        let error = pickle(program);
        assert!(matches!(error, TorchError::Pickle { .. } | TorchError::NoNetwork { .. }), "{program:?}: {error:?}");
    }
    for opcode in [b'P', b'i', b'o', b'I', b'L', b'F', b'S', b'V', b'g', b'p', 0x82, 0x84, 0x97, 0x98, 0xff] {
        assert_eq!(pickle(&[opcode, b'.']), TorchError::Opcode { opcode, at: 2 });
    }
}

#[test]
fn millions_of_values_are_refused() {
    let many = |values: &[u8], count: usize| pickle(&values.repeat(count));
    let limit = |error| assert!(matches!(error, TorchError::TooManyValues { .. }), "{error:?}");
    limit(many(b"N", 5_000_000));
    limit(many(b"]", 5_000_000));
    limit(many(b"(", 5_000_000));
    limit(many(b"N\x94", 2_500_000));
    limit(many(b"c\n\n0", 4_000_000));
    let error = refused(archive(&vec![b'N'; (1 << 24) + 1], &[], ZipOptions::default()));
    assert!(matches!(error, WeightError::Torch(TorchError::PickleTooLarge { .. })), "{error:?}");
    // A list in a list in a list: nothing is followed to the bottom.
    let deep = [&b"]"[..], &b"\x85".repeat(900_000), b"."].concat();
    assert!(matches!(pickle(&deep), TorchError::NoNetwork { .. }));
}

#[test]
fn what_is_shared_is_not_multiplied() {
    // A list that holds the list before it ten times, and so on: 10^30 elements for one who follows all.
    let mut program = b"]q\0".to_vec();
    for level in 1..30_u8 {
        program.extend_from_slice(b"](");
        program.extend([b'h', level - 1].repeat(10));
        program.extend_from_slice(&[b'e', b'q', level]);
    }
    program.push(b'.');
    assert!(matches!(pickle(&program), TorchError::NoNetwork { .. }));
    // A list that holds itself.
    assert!(matches!(pickle(b"]q\0h\0a."), TorchError::NoNetwork { .. }));
    // The same pairs, made a dictionary again and again.
    let mut pairs = b"ccollections\nOrderedDict\nq\0](".to_vec();
    pairs.extend(b"NN\x86".repeat(100_000));
    pairs.extend_from_slice(b"e\x85q\x01");
    pairs.extend(b"h\0h\x01R0".repeat(100_000));
    assert!(matches!(pickle(&pairs), TorchError::TooManyValues { .. }));
}

/// A module whose parts are the module before it, twice: 2^23 tensors for one who follows all.
#[test]
fn a_module_of_shared_parts_is_bounded() {
    let mut program = Pickle::new(2);
    let object = |program: &mut Pickle| {
        program.global("a", "B").op(b")\x81}(");
    };
    object(&mut program);
    program.text("_parameters").op(b"}").text("weight").tensor(&part(0, &[1, 1, 1, 1], &[1; 4])).op(b"s");
    program.text("_modules").op(b"}ubq\0");
    for level in 1..23_u8 {
        object(&mut program);
        program.text("_parameters").op(b"}").text("_modules").op(b"}(");
        program.text("a").op(&[b'h', level - 1]).text("b").op(&[b'h', level - 1]).op(b"uub").op(&[b'q', level]);
    }
    let bytes = archive(&program.end(), &[("0".to_owned(), vec![0; 32])], ZipOptions::default());
    assert!(matches!(refused(bytes), WeightError::Torch(TorchError::TooManyValues { .. })));
}

#[test]
fn tensors_outside_of_their_storage_are_refused() {
    for outside in [
        part(8, &[1], &[1]),
        part(0, &[9], &[1]),
        part(1, &[2, 2, 2, 1], &[4, 2, 1, 1]),
        part(0, &[2], &[8]),
        part(u64::MAX / 2, &[1], &[1]),
        part(0, &[1 << 62, 4], &[0, 0]),
        part(0, &[u64::MAX / 4], &[0]),
        part(0, &[2], &[u64::MAX / 2]),
        part(0, &[100_000_000], &[0]),
    ] {
        let error = tensor(outside.clone());
        assert!(matches!(error, WeightError::Torch(TorchError::OutsideStorage { .. })), "{outside:?}: {error:?}");
    }
    // One that is inside, whose name is of no network; a length of 1 has any stride.
    assert!(matches!(tensor(part(7, &[1, 1], &[u64::MAX / 2, 3])), WeightError::NotResNext { .. }));
    let larger = Part { elements: 9, ..part(0, &[8], &[1]) };
    assert!(matches!(tensor(larger), WeightError::Torch(TorchError::Storage { expected: 36, got: 32, .. })));
    let endless = Part { elements: u64::MAX / 2, ..part(0, &[8], &[1]) };
    assert!(matches!(tensor(endless), WeightError::Torch(TorchError::Storage { .. })));
    let missing = Part { key: "1".to_owned(), ..part(0, &[8], &[1]) };
    assert_eq!(tensor(missing), WeightError::Torch(TorchError::MissingEntry("data/1".to_owned())));
    let quantised = Part { class: "QInt8Storage", ..part(0, &[8], &[1]) };
    assert!(tensor(quantised).to_string().contains("torch QInt8Storage"));
}

#[test]
fn archives_of_other_kinds_are_named() {
    let words = |bytes: Vec<u8>, word: &str| {
        let sentence = refused(bytes).to_string();
        assert!(sentence.contains(word), "`{word}` not in: {sentence}");
    };
    let program = Pickle::new(2).state_dict(&[]).end();
    let packed = |flags, method| archive(&program, &[], ZipOptions { flags, method, ..ZipOptions::default() });
    words(packed(1, 0), "`data.pkl` in the zip archive is encrypted");
    words(packed(0, 8), "`data.pkl` in the zip archive is compressed");
    let entry = |name: &str| (name.to_owned(), b"big".to_vec());
    let made = |entries: &[(String, Vec<u8>)]| super::writer::zip(entries, ZipOptions::default());
    words(made(&[entry("a/data.pkl"), entry("a/constants.pkl")]), "TorchScript");
    words(made(&[entry("conv1.weight.npy"), entry("fc.bias.npy")]), "NumPy archive");
    words(made(&[entry("readme.txt")]), "without a data.pkl");
    words(made(&[entry("a/data.pkl"), entry("a/byteorder")]), "most significant byte first");
    words(made(&[entry("a/data.pkl"), entry("a/data.pkl")]), "two entries have the same name");
    words(made(&[]), "without a data.pkl");
    words(b"\x80\x04\x95\x05\0\0\0\0\0\0\0}\x94.".to_vec(), "a Python pickle");
    words(b"PK\x05\x06".to_vec(), "cut off");
}

#[test]
fn a_file_of_the_old_format_must_have_its_storages() {
    let program = |key: &str| {
        let part = Part { is_legacy: true, key: key.to_owned(), ..part(0, &[2, 2], &[2, 1]) };
        Pickle::new(2).state_dict(&[("fc.weight".to_owned(), part)]).end()
    };
    let storage = |key: &str, bytes: usize| (key.to_owned(), 8, vec![0; bytes]);
    let whole = legacy(&program("0"), &[storage("0", 32)]);
    assert!(matches!(refused(whole.clone()), WeightError::NotResNext { .. }));
    let (expected, got) = (whole.len() as u64, whole.len() as u64 - 1);
    assert_eq!(refused(whole[..whole.len() - 1].to_vec()), WeightError::Truncated { expected, got });
    for storages in [vec![], vec![storage("1", 32)], vec![storage("0", 32), storage("0", 32)]] {
        let error = refused(legacy(&program("0"), &storages));
        assert!(matches!(error, WeightError::Torch(_)), "{error:?}");
    }
    assert_eq!(refused(whole[..40].to_vec()), WeightError::Torch(TorchError::PickleEnd));
}

#[test]
fn every_cut_of_a_file_is_refused() {
    for (version, name) in [("2.15", "state_dict.pth"), ("1.13", "legacy.pth"), ("2.15", "module.pth")] {
        let bytes = read(&format!("tests/data/pth/{version}/{name}"));
        for len in (0..bytes.len()).filter(|len| len % 211 == 0 || len + 300 > bytes.len()) {
            let error = refused(bytes[..len].to_vec());
            assert!(len == 0 || error.is_cut_off() || len < 64, "{name} cut to {len}: {error}");
        }
    }
}
