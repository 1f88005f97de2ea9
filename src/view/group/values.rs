//! The values of a group, and how one number of its output comes about.

use crate::protocol::GroupSizes;

/// A group's values, as a message carries them.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupValues {
    /// Their sizes.
    pub sizes: GroupSizes,
    /// All of them, one part after the other.
    values: Vec<f32>,
}

/// One product of the sum: a pixel under the kernel, and the weight over it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tap {
    /// The pixel's value; 0 in the padding.
    pub input: f32,
    /// The weight.
    pub weight: f32,
    /// Whether it lies in the padding, outside of the map.
    pub padding: bool,
}

/// What one input channel adds.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// The products, row by row of the kernel.
    pub taps: Vec<Tap>,
    /// Their sum.
    pub sum: f64,
}

/// How one number of an output map comes about: `relu(bias + the sum of all terms)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Sum {
    /// The bias of the output channel.
    pub bias: f64,
    /// One per input channel of the group.
    pub terms: Vec<Term>,
    /// Bias and all terms, in f64.
    pub before: f64,
    /// What the network has computed.
    pub value: f32,
}

impl GroupValues {
    /// Reads the bytes of a message; `None` where they are not as many as the sizes say.
    pub fn new(sizes: GroupSizes, bytes: &[u8]) -> Option<Self> {
        let values = bytemuck::pod_collect_to_vec(bytes);
        let this = Self { sizes, values };
        (bytes.len() == this.offset(5) * size_of::<f32>()).then_some(this)
    }

    /// Where a part begins: 0 inputs, 1 outputs, 2 weights, 3 biases, 4 filters; 5 is the end.
    fn offset(&self, part: usize) -> usize {
        let GroupSizes { in_channels, shown, input, output, filters, .. } = self.sizes;
        let filter = self.filter_len();
        let parts =
            [in_channels * input.0 * input.1, shown * output.0 * output.1, shown * filter, shown, filters * filter];
        parts[..part].iter().sum()
    }

    /// Weights of one output channel.
    fn filter_len(&self) -> usize {
        self.sizes.in_channels * self.sizes.kernel_size * self.sizes.kernel_size
    }

    fn part(&self, part: usize, index: usize, len: usize) -> &[f32] {
        &self.values[self.offset(part) + index * len..][..len]
    }

    /// All input channels.
    pub fn inputs(&self) -> &[f32] {
        &self.values[..self.offset(1)]
    }

    /// All output channels that are told.
    pub fn outputs(&self) -> &[f32] {
        &self.values[self.offset(1)..self.offset(2)]
    }

    /// An input channel, from 0 within the group.
    ///
    /// # Panics
    /// Where the group has fewer.
    pub fn input(&self, channel: usize) -> &[f32] {
        self.part(0, channel, self.sizes.input.0 * self.sizes.input.1)
    }

    /// An output channel, from 0 among those that are told.
    ///
    /// # Panics
    /// Where fewer are told.
    pub fn output(&self, channel: usize) -> &[f32] {
        self.part(1, channel, self.sizes.output.0 * self.sizes.output.1)
    }

    /// A filter of the stem as its file has it, `[in_channels, kernel_size, kernel_size]`.
    ///
    /// # Panics
    /// Where there are fewer.
    pub fn filter(&self, channel: usize) -> &[f32] {
        self.part(4, channel, self.filter_len())
    }

    /// Row and column of the largest value of an output channel: the first of several.
    ///
    /// # Panics
    /// As [`GroupValues::output`].
    pub fn strongest(&self, channel: usize) -> (usize, usize) {
        let map = self.output(channel);
        let best = (0..map.len()).rev().max_by(|&a, &b| map[a].total_cmp(&map[b])).unwrap_or(0);
        (best / self.sizes.output.1, best % self.sizes.output.1)
    }

    /// Row and column of the input pixel under the kernel's first weight, for an output pixel. In the padding they are negative.
    pub fn corner(&self, (y, x): (usize, usize)) -> (isize, isize) {
        let GroupSizes { stride, padding, .. } = self.sizes;
        let at = |output: usize| (output * stride) as isize - padding as isize;
        (at(y), at(x))
    }

    /// How the number at an output pixel comes about.
    ///
    /// # Panics
    /// Where there is no such channel or pixel.
    pub fn sum(&self, channel: usize, (y, x): (usize, usize)) -> Sum {
        let GroupSizes { in_channels, kernel_size, input: (h, w), .. } = self.sizes;
        let (top, left) = self.corner((y, x));
        let inside = |at: isize, size: usize| usize::try_from(at).ok().filter(|at| *at < size);
        let weight = self.part(2, channel, self.filter_len());
        let taps = kernel_size * kernel_size;
        let term = |in_channel: usize| {
            let (map, weight) = (self.input(in_channel), &weight[in_channel * taps..][..taps]);
            let tap = |(tap, &weight): (usize, &f32)| {
                let (y, x) = (top + (tap / kernel_size) as isize, left + (tap % kernel_size) as isize);
                let pixel = inside(y, h).zip(inside(x, w)).map(|(y, x)| map[y * w + x]);
                Tap { input: pixel.unwrap_or(0.0), weight, padding: pixel.is_none() }
            };
            let taps: Vec<Tap> = weight.iter().enumerate().map(tap).collect();
            let sum = taps.iter().map(|tap| f64::from(tap.input) * f64::from(tap.weight)).sum();
            Term { taps, sum }
        };
        let terms: Vec<Term> = (0..in_channels).map(term).collect();
        let bias = f64::from(self.part(3, channel, 1)[0]);
        let before = bias + terms.iter().map(|term| term.sum).sum::<f64>();
        Sum { bias, terms, before, value: self.output(channel)[y * self.sizes.output.1 + x] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two input channels of 2×2, one output channel, a kernel of 3×3 with stride 2 and a border of zeros.
    fn small() -> GroupValues {
        let sizes = GroupSizes {
            groups: 1,
            in_channels: 2,
            out_channels: 1,
            shown: 1,
            input: (2, 2),
            output: (1, 1),
            kernel_size: 3,
            stride: 2,
            padding: 1,
            filters: 0,
        };
        let mut values: Vec<f32> = vec![1.0, 2.0, 3.0, 4.0, 10.0, 20.0, 30.0, 40.0, 0.25];
        values.extend((0..18).map(|weight| weight as f32));
        values.push(-5.5);
        GroupValues::new(sizes, bytemuck::cast_slice(&values)).unwrap()
    }

    #[test]
    fn what_lies_outside_is_zero() {
        let sum = small().sum(0, (0, 0));
        let inside: Vec<f32> = sum.terms[0].taps.iter().filter(|tap| !tap.padding).map(|tap| tap.weight).collect();
        assert_eq!(inside, [4.0, 5.0, 7.0, 8.0]);
        assert!(sum.terms[1].taps[..4].iter().all(|tap| tap.padding && tap.input == 0.0));
        assert_eq!(small().corner((0, 0)), (-1, -1));
        assert_eq!(sum.terms[0].sum, 4.0 + 10.0 + 21.0 + 32.0);
        assert_eq!(sum.terms[1].sum, 130.0 + 280.0 + 480.0 + 680.0);
        assert_eq!((sum.bias, sum.before, sum.value), (-5.5, 67.0 + 1570.0 - 5.5, 0.25));
    }

    #[test]
    fn bytes_of_another_length_are_refused() {
        let group = small();
        let bytes: &[u8] = bytemuck::cast_slice(&group.values);
        assert!(GroupValues::new(group.sizes, &bytes[4..]).is_none());
        assert!(GroupValues::new(group.sizes, &bytes[..bytes.len() - 1]).is_none());
        assert_eq!(GroupValues::new(group.sizes, bytes), Some(group));
    }

    #[test]
    fn the_strongest_pixel_is_the_first_of_the_largest() {
        let mut group = small();
        group.sizes = GroupSizes { output: (2, 2), kernel_size: 1, ..group.sizes };
        group.values = [vec![0.0; 8], vec![0.0, 3.0, 3.0, 1.0], vec![0.0; 3]].concat();
        assert_eq!(group.strongest(0), (0, 1));
    }
}
