//! A map over the square that the network sees: of a few cells, drawn large and smooth.

use super::number;
use crate::protocol::{ClassActivation, OCCLUSION_SIDE, Occlusion};

/// What a map shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MapKind {
    /// Class activation: what speaks for a class, and where.
    #[default]
    ClassActivation,
    /// Occlusion: the probability of a class with a part of the picture covered.
    Occlusion,
}

/// A map of one class of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// What it shows.
    pub kind: MapKind,
    /// The class.
    pub label: String,
    /// Cells per row.
    pub width: usize,
    /// Row by row; at least one row.
    pub values: Vec<f32>,
    /// Whether it has all of its cells.
    pub is_complete: bool,
}

/// Red, green and blue of the scale, from the least to the most important: dark blue over grey to yellow, by lightness, so that it
/// does not depend on seeing colours.
const SCALE: [[f32; 3]; 5] =
    [[0.0, 32.0, 77.0], [72.0, 82.0, 108.0], [124.0, 123.0, 120.0], [187.0, 175.0, 113.0], [255.0, 234.0, 70.0]];

impl Map {
    /// The class activation map of the class at this place of the answer.
    pub fn of_class_activation(label: String, maps: &ClassActivation, place: usize) -> Option<Self> {
        let values = maps.maps.get(place)?.clone();
        Some(Self { kind: MapKind::ClassActivation, label, width: maps.width, values, is_complete: true })
    }

    /// An occlusion map, as far as it has come.
    pub fn of_occlusion(label: String, map: &Occlusion) -> Self {
        let (values, is_complete) = (map.probabilities.clone(), map.is_complete());
        Self { kind: MapKind::Occlusion, label, width: OCCLUSION_SIDE, values, is_complete }
    }

    /// The values at the dark and at the yellow end of the scale. A part that the network needs lowers the probability where it
    /// is covered, so that an occlusion map's yellow end is the least.
    pub fn ends(&self) -> (f32, f32) {
        let known = || self.values.iter().copied();
        let (least, most) = (known().fold(f32::INFINITY, f32::min), known().fold(f32::NEG_INFINITY, f32::max));
        match self.kind {
            MapKind::ClassActivation => (least, most),
            MapKind::Occlusion => (most, least),
        }
    }

    /// The two ends in words.
    pub fn end_words(&self) -> (String, String) {
        let (dark, yellow) = self.ends();
        let say = |value: f32| match self.kind {
            MapKind::ClassActivation => number::signed(f64::from(value)),
            MapKind::Occlusion => number::percent(f64::from(value)),
        };
        (say(dark), say(yellow))
    }

    /// The row and column of the cell that matters most.
    pub fn peak(&self) -> (usize, usize) {
        let (dark, yellow) = self.ends();
        let weight = |value: f32| (value - dark) * (yellow - dark).signum();
        let best = (0..self.values.len()).max_by(|&a, &b| weight(self.values[a]).total_cmp(&weight(self.values[b])));
        let best = best.unwrap_or(0);
        (best / self.width, best % self.width)
    }

    /// Where the peak is, in words: `upper left`, `middle`.
    pub fn peak_words(&self) -> &'static str {
        let rows = self.values.len().div_ceil(self.width.max(1)).max(1);
        let third = |at: usize, of: usize| ((2 * at + 1) * 3 / (2 * of)).min(2);
        let (row, column) = self.peak();
        const WORDS: [[&str; 3]; 3] = [
            ["upper left", "upper middle", "upper right"],
            ["middle left", "middle", "middle right"],
            ["lower left", "lower middle", "lower right"],
        ];
        WORDS[third(row, rows)][third(column, self.width)]
    }

    /// The map in colours, `side`² pixels, RGBA, row by row; bilinear between the middles of cells. Of a map that is not complete
    /// cells are of one colour, and what is not there yet is transparent.
    pub fn rgba(&self, side: usize) -> Vec<u8> {
        let (dark, yellow) = self.ends();
        let range = if yellow == dark { 1.0 } else { yellow - dark };
        // All maps that can be incomplete are square.
        let rows = if self.is_complete { self.values.len() / self.width } else { self.width };
        let mut pixels = Vec::with_capacity(side * side * 4);
        for y in 0..side {
            for x in 0..side {
                let value = if self.is_complete {
                    Some(self.between(position(y, side, rows), position(x, side, self.width)))
                } else {
                    self.values.get(y * rows / side * self.width + x * self.width / side).copied()
                };
                match value {
                    Some(value) => {
                        let [r, g, b] = colour((value - dark) / range);
                        pixels.extend_from_slice(&[r, g, b, 255]);
                    }
                    None => pixels.extend_from_slice(&[0; 4]),
                }
            }
        }
        pixels
    }

    /// The value between four cells, each with its part.
    fn between(&self, (top, bottom, down): (usize, usize, f32), (left, right, across): (usize, usize, f32)) -> f32 {
        let cell = |row: usize, column: usize| self.values[row * self.width + column];
        let mix = |a: f32, b: f32, part: f32| a + (b - a) * part;
        let upper = mix(cell(top, left), cell(top, right), across);
        mix(upper, mix(cell(bottom, left), cell(bottom, right), across), down)
    }
}

/// The two cells around a pixel, and the second's part.
fn position(pixel: usize, side: usize, cells: usize) -> (usize, usize, f32) {
    let at = ((pixel as f32 + 0.5) * cells as f32 / side as f32 - 0.5).clamp(0.0, cells as f32 - 1.0);
    let first = at as usize;
    (first, (first + 1).min(cells - 1), at - first as f32)
}

/// A colour of the scale; `share` is from 0, dark, to 1, yellow.
pub fn colour(share: f32) -> [u8; 3] {
    let at = share.clamp(0.0, 1.0) * (SCALE.len() - 1) as f32;
    let first = (at as usize).min(SCALE.len() - 2);
    let part = at - first as f32;
    std::array::from_fn(|channel| {
        let (a, b) = (SCALE[first][channel], SCALE[first + 1][channel]);
        (a + (b - a) * part).round() as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(kind: MapKind, values: &[f32]) -> Map {
        Map { kind, label: "cat".into(), width: 3, values: values.to_vec(), is_complete: true }
    }

    #[test]
    fn the_scale_of_a_map_runs_to_what_matters() {
        let values = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 9.0, -8.0];
        let activation = map(MapKind::ClassActivation, &values);
        assert_eq!((activation.ends(), activation.peak()), ((-8.0, 9.0), (2, 1)));
        assert_eq!(activation.peak_words(), "lower middle");
        let occlusion = map(MapKind::Occlusion, &[0.9, 0.8, 0.1, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9]);
        assert_eq!((occlusion.ends(), occlusion.peak()), ((0.9, 0.1), (0, 2)));
        assert_eq!(occlusion.peak_words(), "upper right");
        assert_eq!(occlusion.end_words(), ("90.0 %".into(), "10.0 %".into()));
    }

    #[test]
    fn the_middles_of_cells_have_their_own_colours() {
        let map = map(MapKind::ClassActivation, &[0.0, 0.5, 1.0, 0.0, 0.5, 1.0, 0.0, 0.5, 1.0]);
        let pixels = map.rgba(9);
        let pixel = |y: usize, x: usize| [0, 1, 2].map(|channel| pixels[(y * 9 + x) * 4 + channel]);
        assert_eq!([pixel(1, 1), pixel(4, 4), pixel(7, 7)], [colour(0.0), colour(0.5), colour(1.0)]);
        assert_eq!(colour(0.0), [0, 32, 77]);
        assert_eq!(colour(2.0), [255, 234, 70]);
    }

    #[test]
    fn what_is_not_there_yet_is_transparent() {
        let values = [0.1, 0.2, 0.3, 0.4];
        let map = Map { is_complete: false, ..map(MapKind::Occlusion, &values) };
        let pixels = map.rgba(3);
        let alpha: Vec<u8> = pixels.chunks(4).map(|pixel| pixel[3]).collect();
        assert_eq!(alpha[..3], [255, 255, 255]);
        assert_eq!(alpha[6..], [0, 0, 0]);
    }

    #[test]
    fn equal_values_are_one_colour() {
        let pixels = map(MapKind::ClassActivation, &[2.0; 9]).rgba(2);
        assert!(pixels.chunks(4).all(|pixel| pixel == [0, 32, 77, 255]));
    }
}
