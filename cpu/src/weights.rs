//! A convolution's weights, packed for the tiles of an instruction set.

use crate::Instructions;
use crate::instructions::Set;
use crate::lanes::{Base, Loop, Simd};

/// The most numbers of a vector.
const MOST_LANES: usize = 16;

/// Loops over tiles, compiled for each instruction set and size of its tiles.
pub(crate) trait Tiles {
    /// Runs them with tiles of `C` output channels and `V` vectors of `N` pixels. An implementation is `#[inline(always)]`: it is compiled for the
    /// instruction set only where it is inlined.
    fn run<const N: usize, const C: usize, const V: usize, S: Simd<N>>(self, simd: S);
}

/// `Tiles` of one size as a loop.
struct Sized<const C: usize, const V: usize, T>(T);

impl<const C: usize, const V: usize, T: Tiles> Loop for Sized<C, V, T> {
    #[inline(always)]
    fn run<const N: usize, S: Simd<N>>(self, simd: S) {
        self.0.run::<N, C, V, S>(simd);
    }
}

impl Instructions {
    /// Output channels per tile, for groups of so many.
    fn channels(self, per_group: usize) -> usize {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Set::Avx512(_) if per_group > 4 => 8,
            // Of fewer, too many would be missing in the last tile.
            #[cfg(target_arch = "x86_64")]
            Set::Avx2(_) if per_group > 16 => 6,
            Set::Base if cfg!(target_arch = "aarch64") && per_group > 4 => 8,
            Set::Base if cfg!(target_feature = "relaxed-simd") && per_group > 32 => 6,
            _ => 4,
        }
    }
}

/// Weights and biases of a convolution, in the order in which its tiles read them.
#[derive(Clone, Debug)]
pub struct Weights {
    /// What the convolution runs with.
    pub(crate) instructions: Instructions,
    /// Output channels per tile.
    pub(crate) channels: usize,
    /// Output channels per group.
    pub(crate) per_group: usize,
    /// Terms per sum: `in_channels / groups * kernel_size²`.
    pub(crate) taps: usize,
    /// `[groups, tiles, taps, channels]`; channels missing in a group's last tile are zero. A vector of zeros follows, so that one can be read
    /// from every place.
    tiles: Vec<f32>,
    /// `[groups, tiles, channels]`
    bias: Vec<f32>,
}

impl Weights {
    /// Packs OIHW `[groups * per_group, taps]` for the widest instruction set of this processor.
    ///
    /// # Panics
    /// If `groups` is 0, `bias` is empty, or the lengths do not match.
    pub fn pack(groups: usize, weight: &[f32], bias: &[f32]) -> Self {
        Self::pack_for(Instructions::widest(), groups, weight, bias)
    }

    /// [`pack`](Self::pack) for an instruction set, with which the convolution then runs.
    ///
    /// # Panics
    /// As `pack`.
    pub fn pack_for(instructions: Instructions, groups: usize, weight: &[f32], bias: &[f32]) -> Self {
        let per_group = bias.len() / groups;
        let taps = weight.len() / bias.len();
        assert!(
            per_group * groups == bias.len() && taps * bias.len() == weight.len(),
            "one bias and one row of weights per output channel"
        );
        let channels = instructions.channels(per_group);
        let tiles_per_group = per_group.div_ceil(channels);
        let mut tiles = vec![0.0; groups * tiles_per_group * taps * channels + MOST_LANES];
        let mut biases = vec![0.0; groups * tiles_per_group * channels];
        for (oc, (row, &bias)) in weight.chunks_exact(taps).zip(bias).enumerate() {
            let (group, in_group) = (oc / per_group, oc % per_group);
            let (tile, lane) = (group * tiles_per_group + in_group / channels, in_group % channels);
            biases[tile * channels + lane] = bias;
            for (target, &value) in tiles[tile * taps * channels..].chunks_exact_mut(channels).zip(row) {
                target[lane] = value;
            }
        }
        Self { instructions, channels, per_group, taps, tiles, bias: biases }
    }

    /// Runs tiles of the size for which the weights are packed, compiled for their instruction set.
    ///
    /// A sum waits for the one before, so that at least ten are needed to keep two units for fused multiplication and addition busy. With 32
    /// registers, 24 sums leave room for their operands; with 16, 12 do, and 8 where products are added in two instructions. Larger tiles
    /// spill, and so does 4 × 3. In WebAssembly 6 × 2 spills too, unless the compiler keeps the order of the products: see
    /// `xtask/src/cores.rs`.
    pub(crate) fn run(&self, tiles: impl Tiles) {
        // Each instruction set only with its own sizes: see `Instructions::channels`.
        match (self.instructions.0, self.channels) {
            #[cfg(target_arch = "x86_64")]
            (Set::Avx512(simd), 8) => simd.run(Sized::<8, 3, _>(tiles)),
            #[cfg(target_arch = "x86_64")]
            (Set::Avx512(simd), _) => simd.run(Sized::<4, 6, _>(tiles)),
            #[cfg(target_arch = "x86_64")]
            (Set::Avx2(simd), 6) => simd.run(Sized::<6, 2, _>(tiles)),
            #[cfg(target_arch = "x86_64")]
            (Set::Avx2(simd), _) => simd.run(Sized::<4, 2, _>(tiles)),
            #[cfg(target_arch = "aarch64")]
            (Set::Base, 8) => Base.run(Sized::<8, 3, _>(tiles)),
            #[cfg(target_arch = "aarch64")]
            (Set::Base, _) => Base.run(Sized::<4, 6, _>(tiles)),
            #[cfg(target_feature = "relaxed-simd")]
            (Set::Base, 6) => Base.run(Sized::<6, 2, _>(tiles)),
            #[cfg(not(target_arch = "aarch64"))]
            (Set::Base, _) => Base.run(Sized::<4, 2, _>(tiles)),
        }
    }

    /// Bytes of the packed weights and biases.
    pub fn bytes(&self) -> usize {
        size_of_val(&self.tiles[..]) + size_of_val(&self.bias[..])
    }

    /// The tiles of a group: weights with all that follow, biases and number of channels per tile.
    pub(crate) fn group<const C: usize>(&self, group: usize) -> impl Iterator<Item = (&[[f32; C]], &[f32; C], usize)> {
        let count = self.per_group.div_ceil(C);
        let (tiles, bias) = (self.tiles.as_chunks().0, self.bias.as_chunks().0);
        (0..count).map(move |tile| {
            let at = group * count + tile;
            (&tiles[at * self.taps..], &bias[at], C.min(self.per_group - tile * C))
        })
    }
}
