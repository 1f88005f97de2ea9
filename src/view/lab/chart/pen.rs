//! The shapes of the chart as SVG. Each has its colour as an attribute, so that a saved picture needs no stylesheet; on the page its
//! class wins, with the colours of the visitor's scheme.

use std::fmt::Write;

use crate::view::number::px;

pub(super) const INK: &str = "#1c1a19";
pub(super) const SOFT: &str = "#67615c";
pub(super) const PAPER: &str = "#ffffff";
const FAINT: &str = "#e6e1dc";
const BAR: &str = "#cfc8c1";
const EDGE: &str = "#8a837c";
const RED: &str = "#b3142f";

/// Red for what is chosen, otherwise a colour.
fn red_or(on: bool, colour: &'static str) -> (&'static str, &'static str) {
    if on { (" on", RED) } else { ("", colour) }
}

/// Writes shapes. Writing into a string cannot fail.
#[derive(Default)]
pub(super) struct Pen {
    pub(super) out: String,
}

impl Pen {
    /// A disc for the result that is shown, a square with a hole for the one that is laid over it.
    pub(super) fn mark(&mut self, index: usize, on: bool, [x, y]: [f64; 2], data: &str) {
        let (class, colour) = red_or(on, EDGE);
        let _ = match index {
            0 => writeln!(
                self.out,
                "<circle class=\"disc{class}\" fill=\"{colour}\" cx=\"{}\" cy=\"{}\" r=\"4\"{data}/>",
                px(x),
                px(y)
            ),
            _ => writeln!(
                self.out,
                "<rect class=\"ring{class}\" fill=\"{PAPER}\" stroke=\"{colour}\" stroke-width=\"2\" x=\"{}\" y=\"{}\" \
                 width=\"7\" height=\"7\"{data}/>",
                px(x - 3.5),
                px(y - 3.5)
            ),
        };
    }

    /// A line through points: whole for the result that is shown, dashed for the one that is laid over it.
    pub(super) fn curve(&mut self, index: usize, points: impl Iterator<Item = [f64; 2]>) {
        let dashes = if index == 0 { "" } else { " stroke-dasharray=\"4 3\"" };
        let _ = write!(
            self.out,
            "<polyline class=\"curve\" fill=\"none\" stroke=\"{BAR}\" stroke-width=\"1.5\"{dashes} points=\""
        );
        for [x, y] in points {
            let _ = write!(self.out, "{},{} ", px(x), px(y));
        }
        self.out.push_str("\"/>\n");
    }

    /// From the lower to the upper end of what a value ranges over.
    pub(super) fn whisker(&mut self, on: bool, x: f64, [low, high]: [f64; 2]) {
        let (class, colour) = red_or(on, EDGE);
        self.line(&format!("whisk{class}"), colour, "2", [x, high, x, low]);
    }

    /// A line of the axis.
    pub(super) fn grid(&mut self, [left, right]: [f64; 2], y: f64) {
        self.line("grid", FAINT, "1", [left, y, right, y]);
    }

    fn line(&mut self, class: &str, colour: &str, width: &str, ends: [f64; 4]) {
        let [x1, y1, x2, y2] = ends.map(px);
        let _ = writeln!(
            self.out,
            "<line class=\"{class}\" stroke=\"{colour}\" stroke-width=\"{width}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>"
        );
    }

    /// A number or a cardinality, in the middle over or under its place.
    pub(super) fn label(&mut self, class: &str, on: bool, colour: &'static str, at: [f64; 2], text: &str) {
        let (end, colour) = red_or(on, colour);
        self.text(&format!("{class}{end}"), colour, "middle", at, text);
    }

    /// A text of the axis or the legend.
    pub(super) fn quiet(&mut self, class: &str, anchor: &str, at: [f64; 2], text: &str) {
        self.text(class, SOFT, anchor, at, text);
    }

    fn text(&mut self, class: &str, colour: &str, anchor: &str, at: [f64; 2], text: &str) {
        let [x, y] = at.map(px);
        let text = escaped(text);
        let _ = writeln!(
            self.out,
            "<text class=\"{class}\" fill=\"{colour}\" text-anchor=\"{anchor}\" x=\"{x}\" y=\"{y}\">{text}</text>"
        );
    }
}

/// A text in which nothing is taken for a tag or the end of an attribute.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
