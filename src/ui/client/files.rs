//! The visitor's files: weights become a network, all others are taken for pictures.

/// Extensions of weights files. Formats that cannot be read are included: their errors say what to do.
const WEIGHTS: [&str; 6] = [".safetensors", ".pt", ".pth", ".bin", ".onnx", ".ckpt"];

/// Whether a file of this name holds weights.
pub(crate) fn is_weights(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    WEIGHTS.iter().any(|end| name.ends_with(end))
}
