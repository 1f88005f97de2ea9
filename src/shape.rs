//! Sizes of activations, convolutions and pooling windows, and the output-size formula that they share.

use std::fmt;

/// Size of an activation: batch, channels, height, width, in that memory order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Nchw {
    /// Pictures in the batch.
    pub n: usize,
    /// Channels.
    pub c: usize,
    /// Height in pixels.
    pub h: usize,
    /// Width in pixels.
    pub w: usize,
}

impl Nchw {
    /// From batch, channels, height and width.
    pub const fn new(n: usize, c: usize, h: usize, w: usize) -> Self {
        Self { n, c, h, w }
    }

    /// Number of elements.
    pub const fn len(self) -> usize {
        self.n * self.c * self.h * self.w
    }

    /// Whether any of the four is 0.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Bytes in memory as f32.
    pub const fn bytes(self) -> usize {
        self.len() * size_of::<f32>()
    }
}

impl fmt::Display for Nchw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}×{}×{}×{}", self.n, self.c, self.h, self.w))
    }
}

/// Number of positions of a window of `kernel_size` along an axis of `size`, or `None` if the window does not fit.
///
/// `floor((size + 2·padding − kernel_size) / stride) + 1`, the formula of `torch.nn.Conv2d` and `torch.nn.MaxPool2d`.
pub fn output_size(size: usize, kernel_size: usize, stride: usize, padding: usize) -> Option<usize> {
    let span = (size + 2 * padding).checked_sub(kernel_size)?;
    Some(span.checked_div(stride)? + 1)
}

/// A 2-D convolution with a square kernel: `torch.nn.Conv2d` with dilation 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Conv2dSpec {
    /// Channels of the input.
    pub in_channels: usize,
    /// Channels of the output.
    pub out_channels: usize,
    /// Side of the square kernel, in pixels.
    pub kernel_size: usize,
    /// Pixels from one position of the kernel to the next.
    pub stride: usize,
    /// Zeros on each side of the input, in pixels.
    pub padding: usize,
    /// Groups that the channels are divided into; each output channel reads one group of the input.
    pub groups: usize,
}

impl Conv2dSpec {
    /// Checks that the groups divide both channel counts and that no size but the padding is zero.
    ///
    /// # Errors
    /// [`ShapeError::ZeroInConvolution`] or [`ShapeError::GroupsDoNotDivide`].
    pub fn checked(self) -> Result<Self, ShapeError> {
        let Self { in_channels, out_channels, kernel_size, stride, groups, .. } = self;
        if in_channels == 0 || out_channels == 0 || kernel_size == 0 || stride == 0 || groups == 0 {
            return Err(ShapeError::ZeroInConvolution(self));
        }
        if !in_channels.is_multiple_of(groups) || !out_channels.is_multiple_of(groups) {
            return Err(ShapeError::GroupsDoNotDivide { in_channels, out_channels, groups });
        }
        Ok(self)
    }

    /// A 1×1 convolution with stride 1; on a 1×1 input it is a linear layer.
    pub const fn pointwise(in_channels: usize, out_channels: usize) -> Self {
        Self { in_channels, out_channels, kernel_size: 1, stride: 1, padding: 0, groups: 1 }
    }

    /// The convolution that gives the gradient of this one's input, out of the gradient of its output, if there is one: at stride 1, and
    /// where the padding is less than the kernel. Its weights are these, turned by half a turn, with input and output channels
    /// swapped within each group.
    pub fn turned(self) -> Option<Self> {
        let padding = self.kernel_size.checked_sub(1 + self.padding).filter(|_| self.stride == 1)?;
        Some(Self { in_channels: self.out_channels, out_channels: self.in_channels, padding, ..self })
    }

    /// Input channels that one output channel reads.
    pub const fn in_channels_per_group(self) -> usize {
        self.in_channels / self.groups
    }

    /// Output channels that read the same input channels.
    pub const fn out_channels_per_group(self) -> usize {
        self.out_channels / self.groups
    }

    /// `[out_channels, in_channels / groups, kernel_size, kernel_size]`, PyTorch's order.
    pub const fn weight_shape(self) -> [usize; 4] {
        [self.out_channels, self.in_channels_per_group(), self.kernel_size, self.kernel_size]
    }

    /// Elements of the weight.
    pub fn weight_len(self) -> usize {
        self.weight_shape().iter().product()
    }

    /// Size of the output for an input of this size.
    ///
    /// # Errors
    /// The input has another number of channels, or the kernel does not fit into it.
    pub fn output_shape(self, input: Nchw) -> Result<Nchw, ShapeError> {
        if input.c != self.in_channels {
            return Err(ShapeError::Channels { expected: self.in_channels, got: input });
        }
        let size = |s| output_size(s, self.kernel_size, self.stride, self.padding);
        match (size(input.h), size(input.w)) {
            (Some(h), Some(w)) => Ok(Nchw::new(input.n, self.out_channels, h, w)),
            _ => Err(ShapeError::WindowDoesNotFit { kernel_size: self.kernel_size, padding: self.padding, input }),
        }
    }

    /// Multiply-adds (MACs) for an output of this size.
    pub fn macs(self, output: Nchw) -> u64 {
        // Not in usize, which has 32 bits on wasm.
        let taps = self.in_channels_per_group() * self.kernel_size * self.kernel_size;
        output.len() as u64 * taps as u64
    }
}

/// A square pooling window: `torch.nn.MaxPool2d`. Padding counts as minus infinity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PoolSpec {
    /// Side of the square window, in pixels.
    pub kernel_size: usize,
    /// Pixels from one position of the window to the next.
    pub stride: usize,
    /// Padding on each side of the input, in pixels.
    pub padding: usize,
}

impl PoolSpec {
    /// Size of the output for an input of this size.
    ///
    /// # Errors
    /// The window does not fit into the input.
    pub fn output_shape(self, input: Nchw) -> Result<Nchw, ShapeError> {
        let size = |s| output_size(s, self.kernel_size, self.stride, self.padding);
        match (size(input.h), size(input.w)) {
            (Some(h), Some(w)) => Ok(Nchw { h, w, ..input }),
            _ => Err(ShapeError::WindowDoesNotFit { kernel_size: self.kernel_size, padding: self.padding, input }),
        }
    }
}

/// Sizes that do not match each other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what each variant and each of its fields is")]
pub enum ShapeError {
    #[error("a convolution with a size of zero: {0:?}; every size must be at least 1")]
    ZeroInConvolution(Conv2dSpec),
    #[error(
        "{groups} groups do not divide {in_channels} input and {out_channels} output channels; choose a count that divides both"
    )]
    GroupsDoNotDivide { in_channels: usize, out_channels: usize, groups: usize },
    #[error("expected an input of {expected} channels, got {got} (n×c×h×w)")]
    Channels { expected: usize, got: Nchw },
    #[error(
        "a window of {kernel_size} with padding {padding} does not fit an input of {input} (n×c×h×w); use a larger input"
    )]
    WindowDoesNotFit { kernel_size: usize, padding: usize, input: Nchw },
    #[error("expected {expected} elements for {shape} (n×c×h×w), got {got}")]
    Elements { shape: Nchw, expected: usize, got: usize },
    #[error("cannot add {left} to {right} (n×c×h×w); both inputs of a residual sum must have the same size")]
    Add { left: Nchw, right: Nchw },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_size_is_pytorchs() {
        assert_eq!(output_size(224, 7, 2, 3), Some(112));
        assert_eq!(output_size(112, 3, 2, 1), Some(56));
        assert_eq!(output_size(15, 3, 2, 1), Some(8));
        assert_eq!(output_size(1, 3, 1, 1), Some(1));
        assert_eq!(output_size(2, 5, 1, 1), None);
    }

    #[test]
    fn groups_that_do_not_divide_are_an_error() {
        let spec = Conv2dSpec { in_channels: 6, out_channels: 8, kernel_size: 3, stride: 1, padding: 1, groups: 4 };
        assert!(matches!(spec.checked(), Err(ShapeError::GroupsDoNotDivide { groups: 4, .. })));
        assert!(Conv2dSpec { in_channels: 8, ..spec }.checked().is_ok());
    }
}
