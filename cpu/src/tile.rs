//! The innermost loop of every convolution: a tile of output channels and pixels that stays in registers.

use crate::lanes::{LANES, Lanes};

/// Output channels per tile.
pub(crate) const CHANNELS: usize = 4;
/// Pixels per tile. With 16 SIMD registers, 4 × 2 vectors of sums leave room for their operands; larger tiles spill.
pub(crate) const PIXELS: usize = 2 * LANES;

/// Sums of [`CHANNELS`] output channels for `V` vectors of pixels.
pub(crate) type Sums<const V: usize> = [[Lanes; V]; CHANNELS];

/// `sums[oc][pixel] = bias[oc] + Σ weights[k][oc] · columns[k][pixel]`.
#[inline(always)]
pub(crate) fn tile<const V: usize>(
    weights: &[[f32; CHANNELS]],
    columns: impl Iterator<Item = [Lanes; V]>,
    bias: &[f32; CHANNELS],
) -> Sums<V> {
    let mut sums: Sums<V> = bias.map(|bias| [Lanes::splat(bias); V]);
    for (weight, pixels) in weights.iter().zip(columns) {
        for oc in 0..CHANNELS {
            let weight = Lanes::splat(weight[oc]);
            for v in 0..V {
                sums[oc][v] = sums[oc][v].plus_product(weight, pixels[v]);
            }
        }
    }
    sums
}

/// Weights and biases of a convolution, in the order in which its tiles read them.
#[derive(Clone, Debug)]
pub struct Weights {
    /// Output channels per group.
    pub(crate) per_group: usize,
    /// Terms per sum: `in_channels / groups * kernel_size²`.
    pub(crate) taps: usize,
    /// `[groups, tiles, taps]`; channels missing in a group's last tile are zero.
    tiles: Vec<[f32; CHANNELS]>,
    /// `[groups, tiles]`
    bias: Vec<[f32; CHANNELS]>,
}

impl Weights {
    /// Packs OIHW `[groups * per_group, taps]`.
    ///
    /// # Panics
    /// If `groups` is 0, `bias` is empty, or the lengths do not match.
    pub fn pack(groups: usize, weight: &[f32], bias: &[f32]) -> Self {
        let per_group = bias.len() / groups;
        let taps = weight.len() / bias.len();
        assert!(
            per_group * groups == bias.len() && taps * bias.len() == weight.len(),
            "one bias and one row of weights per output channel"
        );
        let tiles_per_group = per_group.div_ceil(CHANNELS);
        let mut tiles = vec![[0.0; CHANNELS]; groups * tiles_per_group * taps];
        let mut biases = vec![[0.0; CHANNELS]; groups * tiles_per_group];
        for (oc, (row, &bias)) in weight.chunks_exact(taps).zip(bias).enumerate() {
            let (group, in_group) = (oc / per_group, oc % per_group);
            let (tile, lane) = (group * tiles_per_group + in_group / CHANNELS, in_group % CHANNELS);
            biases[tile][lane] = bias;
            for (target, &value) in tiles[tile * taps..].iter_mut().zip(row) {
                target[lane] = value;
            }
        }
        Self { per_group, taps, tiles, bias: biases }
    }

    /// Bytes of the packed weights and biases.
    pub fn bytes(&self) -> usize {
        size_of_val(&self.tiles[..]) + size_of_val(&self.bias[..])
    }

    /// The tiles of a group: weights, biases and number of channels per tile.
    pub(crate) fn group(&self, group: usize) -> impl Iterator<Item = (&[[f32; CHANNELS]], &[f32; CHANNELS], usize)> {
        let count = self.per_group.div_ceil(CHANNELS);
        (0..count).map(move |tile| {
            let at = group * count + tile;
            let channels = CHANNELS.min(self.per_group - tile * CHANNELS);
            (&self.tiles[at * self.taps..(at + 1) * self.taps], &self.bias[at], channels)
        })
    }
}
