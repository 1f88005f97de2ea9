//! An operation as data, and the one place where it is handed to its arithmetic.

use crate::{
    Epilogue, Instructions, Pointwise, Pool, Scratch, Weights, Window, add, linear, max_pool, means, pointwise,
    scale_and_shift, softmax, window,
};

/// What is computed, with its sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Operation {
    /// 1×1 convolution with stride 1, in one group.
    Pointwise(Pointwise),
    /// Any other convolution.
    Window(Window),
    /// A linear layer, whose sizes are those of its weights.
    Linear,
    /// Scale and shift per channel.
    BatchNorm {
        /// Pixels per channel.
        plane: usize,
    },
    /// The sum of two tensors: the other one is the epilogue's residual.
    Add,
    /// The largest value per window.
    MaxPool(Pool),
    /// The mean per channel.
    Means {
        /// Pixels per channel.
        plane: usize,
    },
    /// Softmax over the classes of each image.
    Softmax {
        /// Values per image.
        classes: usize,
    },
}

/// Weights in the order in which their operation reads them.
#[derive(Clone, Debug)]
pub enum Packed {
    /// Of a convolution.
    Convolution(Weights),
    /// Of a linear layer, or scale and shift: as they are.
    Plain(Vec<f32>, Vec<f32>),
}

impl Packed {
    /// Bytes of weights and biases.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Convolution(weights) => weights.bytes(),
            Self::Plain(weight, bias) => size_of_val(&weight[..]) + size_of_val(&bias[..]),
        }
    }
}

impl Operation {
    /// Packs its weights for an instruction set: `[out_channels, in_channels, h, w]` of a convolution, `[out_features, in_features]` of a
    /// linear layer, scales of a batch norm, and a bias or a shift per output channel.
    ///
    /// # Panics
    /// As [`Weights::pack`].
    // Inlined into crates that are compiled for size, as is `run`: nothing here is repeated often.
    #[inline]
    pub fn pack(self, instructions: Instructions, weight: Vec<f32>, bias: Vec<f32>) -> Packed {
        let groups = match self {
            Self::Pointwise(_) => 1,
            Self::Window(sizes) => sizes.groups,
            _ => return Packed::Plain(weight, bias),
        };
        Packed::Convolution(Weights::pack_for(instructions, groups, &weight, &bias))
    }

    /// Computes it for `input`, with the weights that it has packed, if it has any. Convolution and sum have the whole epilogue, batch norm its
    /// ReLU, and the others none.
    ///
    /// # Panics
    /// If weights are missing, or a slice is not as long as the sizes say.
    #[inline]
    pub fn run(
        self,
        weights: Option<&Packed>,
        input: &[f32],
        epilogue: Epilogue<'_>,
        scratch: &mut Scratch,
        output: &mut [f32],
    ) {
        match (self, weights) {
            (Self::Pointwise(sizes), Some(Packed::Convolution(weights))) => {
                pointwise(sizes, weights, input, epilogue, scratch, output);
            }
            (Self::Window(sizes), Some(Packed::Convolution(weights))) => {
                window(sizes, weights, input, epilogue, scratch, output);
            }
            (Self::Linear, Some(Packed::Plain(weight, bias))) => linear(weight, bias, input, output),
            (Self::BatchNorm { plane }, Some(Packed::Plain(scale, shift))) => {
                scale_and_shift(plane, scale, shift, epilogue.relu, input, output);
            }
            (Self::Add, _) => add(input, epilogue.residual.unwrap_or_default(), epilogue.relu, output),
            (Self::MaxPool(sizes), _) => max_pool(sizes, input, output),
            (Self::Means { plane }, _) => means(plane, input, output),
            (Self::Softmax { classes }, _) => softmax(classes, input, output),
            (Self::Pointwise(_) | Self::Window(_) | Self::Linear | Self::BatchNorm { .. }, _) => {
                unreachable!("an operation's weights are packed before it is first run")
            }
        }
    }
}
