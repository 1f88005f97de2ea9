//! Which format a weights file has, and files of other kinds that are often chosen for one, by their first bytes.

use super::WeightError;
use super::header::Container;

const FETCH_AGAIN: &str = "the download went wrong: fetch the .safetensors file itself";

/// Numbers before the version of the first object of a file of Lua's Torch, little-endian or as text.
const T7_BINARY: &[u8] = b"\x04\0\0\0\x01\0\0\0\x03\0\0\0V 1";
const T7_TEXT: &[u8] = b"4\n1\n3\nV 1\n";
const TORCH7: &str = "a file of Torch7, PyTorch's forerunner in Lua (.t7)";
const FROM_LUA: &str = "take the network's file for PyTorch";

/// First bytes, the format that they mark, and the remedy.
const FORMATS: [(&[u8], &str, &str); 10] = [
    (b"version https://git-lfs", "a Git LFS pointer", FETCH_AGAIN),
    (b"{", "JSON text", "choose the .safetensors file beside it"),
    (T7_BINARY, TORCH7, FROM_LUA),
    (T7_TEXT, TORCH7, FROM_LUA),
    (
        b"\x89HDF",
        "an HDF5 file, as Keras writes them",
        "convert the weights to PyTorch's layout and save them with safetensors",
    ),
    (b"\x93NUMPY", "a NumPy array", "save the whole state_dict with safetensors"),
    (b"GGUF", "a GGUF file", "choose the network's .safetensors file"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (
        b"\xff\xd8\xff",
        "a JPEG picture",
        "choose a .safetensors file here, and drop pictures on the page to classify them",
    ),
    (b"\x89PNG", "a PNG picture", "choose a .safetensors file here, and drop pictures on the page to classify them"),
];

/// The format of a file that begins with these bytes; refuses one whose first bytes mark no format of weights.
///
/// The first eight bytes of safetensors are a length and may be anything (`80 02` among them), so a file whose header
/// opens at byte 8 is left to the parser.
pub(super) fn container(bytes: &[u8]) -> Result<Container, WeightError> {
    if bytes.get(8) == Some(&b'{') && bytes[4..8] == [0; 4] {
        return Ok(Container::Safetensors);
    }
    match bytes {
        [b'P', b'K', 3 | 5, _, ..] => return Ok(Container::TorchZip),
        // A pickle's second byte is its protocol; torch.save writes protocol 2 where no other is asked for.
        [0x80, 2..=5, ..] => return Ok(Container::TorchLegacy),
        _ => {}
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let other = |what, remedy| Err(WeightError::OtherFormat { what, remedy });
    if bytes.is_empty() {
        return Err(WeightError::Empty);
    }
    // `{"metadata": {"total_size": …}, "weight_map": {…}}`
    let is_object = text.starts_with(b"{");
    let begins_with = |key: &[u8]| text[is_object as usize..].trim_ascii_start().starts_with(key);
    if is_object && (begins_with(b"\"weight_map\"") || begins_with(b"\"metadata\"")) {
        return other(
            "the index of weights that are in several files",
            "save the network as one file, with save_pretrained and a larger max_shard_size",
        );
    }
    if text.starts_with(b"<") {
        return other("a web page", FETCH_AGAIN);
    }
    // A protobuf message that opens with ONNX's ir_version (field 1), then producer_name (2) or graph (7).
    if matches!(bytes, [0x08, 1..=0x1f, 0x12 | 0x3a, ..]) {
        return other("an ONNX model", "export the PyTorch network's state_dict with safetensors instead");
    }
    match FORMATS.iter().find(|(magic, ..)| bytes.starts_with(magic)) {
        Some(&(_, what, remedy)) => other(what, remedy),
        None => Ok(Container::Safetensors),
    }
}

/// Where a tar archive says that it is one.
pub(super) const TAR_MARK: std::ops::Range<u64> = 257..262;

/// Refuses a tar archive, whose first bytes are the name of its first file.
pub(super) fn refuse_tar(mark: &[u8]) -> Result<(), WeightError> {
    if mark == b"ustar" {
        let (what, remedy) = (
            "a tar archive, as PyTorch before 0.1.10 wrote them",
            "unpack it and choose the weights in it; a file that old must be loaded in PyTorch and saved again",
        );
        return Err(WeightError::OtherFormat { what, remedy });
    }
    Ok(())
}
