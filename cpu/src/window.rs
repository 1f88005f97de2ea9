//! Convolution of any kernel size, stride, padding and grouping, as a product of weights with a sliding view of a group's
//! padded channels.
//!
//! Padded rows follow each other without a gap, so the eight pixels of a tile may run over the end of a row: what is computed
//! between two rows is thrown away, and no loop asks for edges. A stride of 2 is four such pictures, of even and odd rows and
//! columns, in each of which neighbours are side by side again.

use crate::Scratch;
use crate::lanes::Lanes;
use crate::rows::Epilogue;
use crate::tile::{CHANNELS, PIXELS, Weights, tile};

/// Sizes of a convolution with a square kernel.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    pub n: usize,
    pub groups: usize,
    pub in_channels: usize,
    pub out_channels: usize,
    pub in_h: usize,
    pub in_w: usize,
    pub out_h: usize,
    pub out_w: usize,
    pub kernel_size: usize,
    pub stride: usize,
    pub padding: usize,
}

impl Window {
    /// Remainders of a row's number by the stride that the kernel reads.
    fn phases(&self) -> usize {
        self.stride.min(self.kernel_size)
    }

    /// Rows and columns of a padded picture of one phase.
    fn padded(&self) -> [usize; 2] {
        [self.out_h, self.out_w].map(|out| ((out - 1) * self.stride + self.kernel_size).div_ceil(self.stride))
    }

    /// Where every product of a sum finds its first pixel.
    fn offsets(&self) -> impl Iterator<Item = usize> {
        let ([rows, pitch], phases, stride, kernel_size) =
            (self.padded(), self.phases(), self.stride, self.kernel_size);
        let channels = self.in_channels / self.groups;
        (0..channels * kernel_size * kernel_size).map(move |tap| {
            let (ic, kh, kw) = (tap / (kernel_size * kernel_size), tap / kernel_size % kernel_size, tap % kernel_size);
            let phase = (ic * phases + kh % stride) * phases + kw % stride;
            phase * rows * pitch + kh / stride * pitch + kw / stride
        })
    }
}

/// `output[n, oc, oh, ow] = bias[oc] + Σ weight[oc, ic, kh, kw] · input[n, group + ic, stride · oh + kh - padding, …]`, then
/// the epilogue.
///
/// # Panics
/// Where a slice is shorter than its sizes say.
pub fn window(
    sizes: Window,
    weights: &Weights,
    input: &[f32],
    epilogue: Epilogue<'_>,
    scratch: &mut Scratch,
    output: &mut [f32],
) {
    let ([rows, pitch], phases) = (sizes.padded(), sizes.phases());
    let in_group = sizes.in_channels / sizes.groups * sizes.in_h * sizes.in_w;
    let out_group = sizes.out_channels / sizes.groups * sizes.out_h * sizes.out_w;
    let Scratch { columns, sums, places } = scratch;
    places.clear();
    places.extend(sizes.offsets());
    // Padding is zero, and stays so: every group fills the same places. The last tile may read past the end.
    columns.clear();
    columns.resize(sizes.in_channels / sizes.groups * phases * phases * rows * pitch + PIXELS, 0.0);
    let flat = (sizes.out_h - 1) * pitch + sizes.out_w;
    sums.resize(CHANNELS * flat.next_multiple_of(PIXELS), 0.0);
    for group in 0..sizes.n * sizes.groups {
        fill(sizes, &input[group * in_group..(group + 1) * in_group], columns);
        let mut first = group * out_group;
        for (weights, bias, channels) in weights.group(group % sizes.groups) {
            slide(weights, columns, places, bias, sums, flat);
            for sums in sums.chunks_exact(flat.next_multiple_of(PIXELS)).take(channels) {
                for row in sums.chunks(pitch).take(sizes.out_h) {
                    epilogue.store(&row[..sizes.out_w], output, first);
                    first += sizes.out_w;
                }
            }
        }
    }
}

/// Copies a group's channels to their places among the padding: `[channels, phases, phases, rows, pitch]`.
fn fill(sizes: Window, input: &[f32], columns: &mut [f32]) {
    let ([rows, pitch], phases) = (sizes.padded(), sizes.phases());
    let Window { stride, padding, in_h, in_w, .. } = sizes;
    for (channel, plane) in input.chunks_exact(in_h * in_w).enumerate() {
        for (ih, row) in plane.chunks_exact(in_w).enumerate() {
            let (y, phase_y) = ((ih + padding) / stride, (ih + padding) % stride);
            if y >= rows || phase_y >= phases {
                continue;
            }
            for phase_x in 0..phases {
                let start = (((channel * phases + phase_y) * phases + phase_x) * rows + y) * pitch;
                let target = &mut columns[start..start + pitch];
                // The first column of this phase that is not padding, and where in the row it comes from.
                let x = padding.saturating_sub(phase_x).div_ceil(stride);
                let source = x * stride + phase_x - padding;
                if stride == 1 {
                    let len = in_w.min(pitch - x);
                    target[x..x + len].copy_from_slice(&row[..len]);
                } else if source < in_w {
                    for (target, &value) in target[x..].iter_mut().zip(row[source..].iter().step_by(stride)) {
                        *target = value;
                    }
                }
            }
        }
    }
}

/// Four output channels of all pixels, those between the rows too.
fn slide(
    weights: &[[f32; CHANNELS]],
    columns: &[f32],
    places: &[usize],
    bias: &[f32; CHANNELS],
    sums: &mut [f32],
    flat: usize,
) {
    let plane = flat.next_multiple_of(PIXELS);
    for start in (0..flat).step_by(PIXELS) {
        let view = &columns[start..];
        if flat - start > PIXELS / 2 {
            let tile = tile(weights, places.iter().map(|&place| pixels(view, place)), bias);
            for (row, tile) in tile.iter().enumerate() {
                let start = row * plane + start;
                sums[start..start + PIXELS].copy_from_slice(tile.map(Lanes::values).as_flattened());
            }
        } else {
            let tile = tile(weights, places.iter().map(|&place| [pixels(view, place)[0]]), bias);
            for (row, [tile]) in tile.iter().enumerate() {
                let start = row * plane + start;
                sums[start..start + PIXELS / 2].copy_from_slice(&tile.values());
            }
        }
    }
}

#[inline(always)]
fn pixels(view: &[f32], place: usize) -> [Lanes; 2] {
    let pixels = &view[place..place + PIXELS];
    let [a, b] = [&pixels[..4], &pixels[4..]].map(|four| [four[0], four[1], four[2], four[3]]);
    [Lanes::load(&a), Lanes::load(&b)]
}
