//! Files that are often chosen in place of safetensors, recognised by their first bytes.

use super::WeightError;

const FROM_TORCH: &str = "load it in PyTorch and write its state_dict with safetensors.torch.save_file";
const FETCH_AGAIN: &str = "the download went wrong: fetch the .safetensors file itself";

/// First bytes, the format that they mark, and the remedy.
const FORMATS: [(&[u8], &str, &str); 13] = [
    (b"PK", "a zip archive, as PyTorch's .pth and .pt files are", FROM_TORCH),
    (b"version https://git-lfs", "a Git LFS pointer", FETCH_AGAIN),
    (b"{", "JSON text", "choose the .safetensors file beside it"),
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
    // A pickle's second byte is its protocol; PyTorch before 1.6 wrote protocol 2.
    (b"\x80\x02", "a Python pickle, as old .pth files are", FROM_TORCH),
    (b"\x80\x03", "a Python pickle, as old .pth files are", FROM_TORCH),
    (b"\x80\x04", "a Python pickle, as old .pth files are", FROM_TORCH),
    (b"\x80\x05", "a Python pickle, as old .pth files are", FROM_TORCH),
];

/// Refuses a file whose first bytes mark another format.
///
/// The first eight bytes of safetensors are a length and may be anything (`80 02` among them), so a file whose header
/// opens at byte 8 is left to the parser.
pub(super) fn refuse_other_formats(bytes: &[u8]) -> Result<(), WeightError> {
    if bytes.get(8) == Some(&b'{') && bytes[4..8] == [0; 4] {
        return Ok(());
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let other = |what, remedy| Err(WeightError::OtherFormat { what, remedy });
    if bytes.is_empty() {
        return Err(WeightError::Empty);
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
        None => Ok(()),
    }
}
