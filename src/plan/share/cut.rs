//! Where channels are cut.

use std::ops::Range;

/// Channels are cut at multiples of this, where there are no groups to cut between: convolutions compute as many at a time.
const TILE: usize = 4;

/// The channels of a grouped convolution that each core computes: whole groups, or where there is one group any channels.
pub fn branches(channels: usize, groups: usize, cores: usize) -> Vec<Range<usize>> {
    cut(channels, if groups > 1 { channels / groups } else { tile(channels) }, cores)
}

/// Between how many channels no cut is made where there are no groups.
pub(super) fn tile(channels: usize) -> usize {
    if channels.is_multiple_of(TILE) { TILE } else { 1 }
}

/// The channels of each core, if these are cut between units of so many.
pub(super) fn cut(channels: usize, unit: usize, cores: usize) -> Vec<Range<usize>> {
    let units = channels / unit;
    // Where there are fewer units than cores, the first cores have one each.
    let bound = |core: usize| (units * core).div_ceil(cores) * unit;
    (0..cores).map(|core| bound(core)..if core + 1 == cores { channels } else { bound(core + 1) }).collect()
}
