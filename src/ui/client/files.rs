//! Files of the visitor's: weights become a network, all else is taken for a picture.

/// Ends of names that people give to weights; those that cannot be read are refused in the reader's own words.
const WEIGHTS: [&str; 6] = [".safetensors", ".pt", ".pth", ".bin", ".onnx", ".ckpt"];

/// Whether a file of this name holds weights.
pub(crate) fn is_weights(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    WEIGHTS.iter().any(|end| name.ends_with(end))
}
