//! The charts of a race: the loss of every step, and the share of test pictures that are right.

use std::fmt::Write as _;

use crate::protocol::{RaceFacts, RaceTest};
use crate::view::chart::Axis;
use crate::view::number::px;

/// Width of a chart in CSS pixels until its frame has been measured.
pub const USUAL_WIDTH: f64 = 460.0;
const HEIGHT: f64 = 190.0;
/// Room for the texts of the axes: left, right, above and below.
const MARGINS: [f64; 4] = [38.0, 12.0, 8.0, 24.0];
/// Points of a line at most.
const MOST_POINTS: usize = 240;
/// While few steps are done, the axis has one in so many of all, so that lines are seen to move.
const SHOWN: [usize; 4] = [8, 4, 2, 1];
/// A line is smoothed over one part in so many of all steps.
const SMOOTHED: usize = 40;

/// Where values lie.
struct Frame {
    width: f64,
    /// At the right end.
    steps: f64,
    /// At the right end.
    epochs: f64,
    axis: Axis,
}

impl Frame {
    fn x(&self, step: f64) -> f64 {
        MARGINS[0] + (self.width - MARGINS[0] - MARGINS[1]) * step / self.steps.max(1.0)
    }

    fn y(&self, value: f64) -> f64 {
        let room = HEIGHT - MARGINS[2] - MARGINS[3];
        MARGINS[2] + room * (1.0 - self.axis.share(value))
    }

    /// A frame with room for the steps that are done.
    fn of(axis: Axis, step: usize, facts: &RaceFacts, width: f64) -> Self {
        let part = SHOWN.into_iter().find(|part| step * part <= facts.steps).unwrap_or(1);
        Self { width, steps: facts.steps as f64 / part as f64, epochs: facts.epochs as f64 / part as f64, axis }
    }

    /// The drawing's beginning: both axes. Epochs count along the horizontal one.
    fn begin(&self, label: &str) -> String {
        let mut svg = format!(
            "<svg viewBox=\"0 0 {} {HEIGHT}\" width=\"{}\" height=\"{HEIGHT}\" role=\"img\" aria-label=\"{label}\">",
            px(self.width),
            px(self.width)
        );
        let end = self.width - MARGINS[1];
        for &tick in &self.axis.ticks {
            let y = self.y(tick);
            let _ = write!(
                svg,
                "<path class=\"grid\" d=\"M{} {}H{}\"/><text class=\"quiet\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
                px(MARGINS[0]),
                px(y),
                px(end),
                px(MARGINS[0] - 6.0),
                px(y + 4.0),
                Axis::label(tick)
            );
        }
        let noun = if self.epochs == 1.0 { "epoch" } else { "epochs" };
        let y = px(HEIGHT - 6.0);
        let _ = write!(
            svg,
            "<text class=\"quiet\" x=\"{}\" y=\"{y}\">0</text><text class=\"quiet\" x=\"{}\" y=\"{y}\" text-anchor=\"end\">{} {noun}</text>",
            px(MARGINS[0]),
            px(end),
            self.epochs
        );
        svg
    }

    fn line(&self, svg: &mut String, class: &str, points: impl Iterator<Item = (f64, f64)>) {
        let mut path = String::new();
        for (step, value) in points {
            let sign = if path.is_empty() { 'M' } else { 'L' };
            let _ = write!(path, "{sign}{} {}", px(self.x(step)), px(self.y(value)));
        }
        if !path.is_empty() {
            let _ = write!(svg, "<path class=\"{class}\" d=\"{path}\"/>");
        }
    }
}

/// The classes of the lines: the first network has fewer groups.
const LINES: [&str; 2] = ["line fewer", "line more"];
const RAW: [&str; 2] = ["raw fewer", "raw more"];

/// The loss of each step: as it was, faint, and smoothed.
pub fn loss_chart(losses: &[Vec<f32>; 2], facts: &RaceFacts, width: f64, label: &str) -> String {
    let smoothed = losses.each_ref().map(|losses| smooth(losses, facts.steps));
    let largest = smoothed.iter().flatten().copied().fold(0.0, f64::max);
    let frame = Frame::of(Axis::up_to(largest), losses[1].len(), facts, width);
    let mut svg = frame.begin(label);
    for (losses, class) in losses.iter().zip(RAW) {
        let values: Vec<f64> = losses.iter().map(|&loss| f64::from(loss)).collect();
        frame.line(&mut svg, class, thinned(&values));
    }
    for (losses, class) in smoothed.iter().zip(LINES) {
        frame.line(&mut svg, class, thinned(losses));
    }
    svg + "</svg>"
}

/// The share of test pictures that each names correctly, in percent, and the share that chance gives.
pub fn accuracy_chart(tests: &[RaceTest], facts: &RaceFacts, width: f64, label: &str) -> String {
    let axis = Axis { max: 100.0, ticks: [0.0, 25.0, 50.0, 75.0, 100.0].to_vec() };
    let frame = Frame::of(axis, tests.last().map_or(0, |test| test.step), facts, width);
    let mut svg = frame.begin(label);
    let chance = 100.0 / facts.classes.len().max(1) as f64;
    frame.line(&mut svg, "chance", [(0.0, chance), (frame.steps, chance)].into_iter());
    let _ = write!(
        svg,
        "<text class=\"quiet\" x=\"{}\" y=\"{}\" text-anchor=\"end\">by chance</text>",
        px(width - MARGINS[1]),
        px(frame.y(chance) - 4.0)
    );
    for (network, class) in LINES.iter().enumerate() {
        let share = |test: &RaceTest| (test.step as f64, 100.0 * test.right[network] as f64 / test.of.max(1) as f64);
        frame.line(&mut svg, class, tests.iter().map(share));
        if let Some((step, value)) = tests.last().map(share) {
            let kind = class.split(' ').next_back().unwrap_or_default();
            let _ = write!(
                svg,
                "<circle class=\"end {kind}\" cx=\"{}\" cy=\"{}\" r=\"3.5\"/>",
                px(frame.x(step)),
                px(frame.y(value))
            );
        }
    }
    svg + "</svg>"
}

/// The exponential average of the losses so far, at each step.
fn smooth(losses: &[f32], steps: usize) -> Vec<f64> {
    let stays = 1.0 - 2.0 / ((steps / SMOOTHED).max(5) + 1) as f64;
    let (mut sum, mut weight) = (0.0, 0.0);
    let next = |&loss: &f32| {
        sum = stays * sum + f64::from(loss);
        weight = stays * weight + 1.0;
        sum / weight
    };
    losses.iter().map(next).collect()
}

/// Steps, counted from 1, and values: all of them, or the means of as many in a row as leave few enough.
fn thinned(values: &[f64]) -> impl Iterator<Item = (f64, f64)> {
    let size = values.len().div_ceil(MOST_POINTS).max(1);
    values.chunks(size).enumerate().map(move |(place, chunk)| {
        let mean = chunk.iter().sum::<f64>() / chunk.len() as f64;
        ((place * size + chunk.len()) as f64, mean)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_loss_is_a_level_line_from_its_first_step() {
        for value in smooth(&[2.5; 30], 300) {
            assert!((value - 2.5).abs() < 1e-12, "{value}");
        }
    }

    #[test]
    fn long_lines_are_thinned_and_end_at_the_last_step() {
        let values: Vec<f64> = (1..=1000).map(f64::from).collect();
        let points: Vec<_> = thinned(&values).collect();
        assert!(points.len() <= MOST_POINTS && points.len() > MOST_POINTS / 2, "{}", points.len());
        assert_eq!(points.last().map(|(step, _)| *step), Some(1000.0));
        let all: Vec<_> = thinned(&values[..100]).collect();
        assert_eq!((all.len(), all[0]), (100, (1.0, 1.0)));
    }
}
