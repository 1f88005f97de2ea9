//! PyTorch's own files: those of the field, written by real PyTorch, against their safetensors twin.

mod field;
