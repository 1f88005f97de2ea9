//! A convolution to be launched.

use super::dtype::WeightDtype;
use crate::shape::{Conv2dSpec, Nchw};

/// What a convolution does to each sum before it stores it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Epilogue {
    /// Add the tensor bound as `residual`.
    pub residual: bool,
    /// Then replace what is negative by zero.
    pub relu: bool,
}

/// A convolution to be launched: sizes and what follows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConvLaunch {
    pub spec: Conv2dSpec,
    pub input: Nchw,
    pub output: Nchw,
    pub epilogue: Epilogue,
    pub weight_dtype: WeightDtype,
}
