//! One group of a convolution at work: which is asked for, and what comes back.

use serde::{Deserialize, Serialize};

use super::Setting;

/// The most output channels that come back at a time.
pub const GROUP_CHANNELS: usize = 16;

/// Which group of which convolution, and which of its output channels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupLook {
    /// PyTorch's name of the convolution: `layer1.0.conv2`, or `conv1` for the stem, which is one group.
    pub layer: String,
    /// Its group, from 0.
    pub group: usize,
    /// The first of the group's output channels, from 0 within the group; it and those after it come back, [`GROUP_CHANNELS`] at
    /// most.
    pub first: usize,
}

/// A group at work on a picture. The message carries its values, f32 in little-endian order, row-major, one after the other: input
/// channels, output channels (after batch norm and ReLU), their weights and their biases (with batch norm folded in), and the
/// filters of the stem as its file has them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// The [`PictureRequest::id`](super::PictureRequest::id) of the picture.
    pub picture: u64,
    /// The setting that ran.
    pub setting: Setting,
    /// What was asked for.
    pub look: GroupLook,
    /// Its sizes.
    pub sizes: GroupSizes,
}

/// Sizes of a group, and of what is told of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupSizes {
    /// Groups of the convolution.
    pub groups: usize,
    /// Input channels of the group.
    pub in_channels: usize,
    /// Output channels of the group.
    pub out_channels: usize,
    /// How many of the output channels are told.
    pub shown: usize,
    /// Height and width of the input in pixels.
    pub input: (usize, usize),
    /// Height and width of the output in pixels.
    pub output: (usize, usize),
    /// Side of the square kernel.
    pub kernel_size: usize,
    /// Pixels from one position of the kernel to the next.
    pub stride: usize,
    /// Zeros on each side of the input.
    pub padding: usize,
    /// How many filters are told: all of the stem's, otherwise none.
    pub filters: usize,
}
