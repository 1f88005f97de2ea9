//! How a weights file was read, so that it can be told.

use serde::{Deserialize, Serialize};

use super::header::Container;

/// How a weights file was read: what was taken of it, under which names, and what it does not say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// How the file is laid out.
    pub container: Container,
    /// The keys from the root of a pickle to the dictionary that was taken.
    pub path: Vec<String>,
    /// What was removed from the beginning of the tensors' names, such as `module.`.
    pub prefix: String,
    /// Whose names the tensors have; empty for PyTorch's own.
    pub layout: String,
    /// Modules under other names: theirs, then PyTorch's.
    pub renamed: Vec<(String, String)>,
    /// What is in the file and not used, such as `optimizer (12 tensors)`.
    pub left_aside: Vec<String>,
    /// Whether the strides are only the usual ones: shapes do not tell them, and the file does not.
    pub strides_guessed: bool,
    /// Whether the preparation of pictures is only the usual one.
    pub preparation_guessed: bool,
}
