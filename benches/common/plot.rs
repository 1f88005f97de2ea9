//! Bars with whiskers as SVG, readable on light and on dark pages.
//!
//! By hand: a plotting library draws with the colours it is given, and this plot takes those of the reader's light or dark scheme from
//! CSS inside the SVG and has its figures as a sentence for screen readers.

use std::fmt::Write as _;

/// Bars that share an axis.
pub struct Panel {
    pub title: String,
    pub bars: Vec<Bar>,
}

/// Milliseconds.
pub struct Bar {
    pub label: String,
    pub median: f64,
    pub spread: f64,
}

const PANEL_WIDTH: f64 = 360.0;
const HEIGHT: f64 = 230.0;
const LEFT: f64 = 16.0;
const TOP: f64 = 56.0;
const BOTTOM: f64 = 34.0;

/// The page's colours. The media query works in an SVG that is shown as an image, too.
const STYLE: &str = "\
text { font: 13px system-ui, sans-serif; fill: #1c1a19; } .soft { fill: #67615c; } .title { font-weight: 600; }
.bar { fill: #b3142f; } .line { stroke: #8a837c; } .whisker { stroke: #1c1a19; stroke-width: 1.5; }
@media (prefers-color-scheme: dark) {
  text { fill: #ece8e3; } .soft { fill: #a8a199; } .bar { fill: #ff6178; } .line { stroke: #7c756e; } .whisker { stroke: #ece8e3; }
}";

/// The panels side by side, each with an axis from zero.
pub fn svg(title: &str, panels: &[Panel]) -> String {
    let width = PANEL_WIDTH * panels.len() as f64;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {HEIGHT}\" width=\"{width}\" height=\"{HEIGHT}\" \
         role=\"img\" aria-labelledby=\"title told\">\n<title id=\"title\">{}</title>\n<desc id=\"told\">{}</desc>\n\
         <style>\n{STYLE}\n</style>\n",
        escaped(title),
        escaped(&spoken(panels))
    );
    let _ = writeln!(out, "<text class=\"title\" x=\"{LEFT}\" y=\"18\">{}</text>", escaped(title));
    for (index, panel) in panels.iter().enumerate() {
        draw(&mut out, panel, PANEL_WIDTH * index as f64);
    }
    out.push_str("</svg>\n");
    out
}

fn draw(out: &mut String, panel: &Panel, x0: f64) {
    let top = panel.bars.iter().map(|bar| bar.median + bar.spread).fold(f64::MIN_POSITIVE, f64::max);
    let floor = HEIGHT - BOTTOM;
    let y = |ms: f64| floor - ms / top * (floor - TOP - 18.0);
    let step = (PANEL_WIDTH - 2.0 * LEFT) / panel.bars.len().max(1) as f64;
    let _ = writeln!(out, "<text class=\"soft\" x=\"{}\" y=\"40\">{}, ms</text>", x0 + LEFT, escaped(&panel.title));
    for (index, bar) in panel.bars.iter().enumerate() {
        let (x, width) = (x0 + LEFT + step * index as f64, step * 0.62);
        let centre = x + step / 2.0;
        let (high, low) = (y(bar.median + bar.spread), y((bar.median - bar.spread).max(0.0)));
        let _ = writeln!(
            out,
            "<rect class=\"bar\" x=\"{:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{:.1}\"/>\n\
             <line class=\"whisker\" x1=\"{centre:.1}\" x2=\"{centre:.1}\" y1=\"{high:.1}\" y2=\"{low:.1}\"/>\n\
             <text x=\"{centre:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{:.0}</text>\n\
             <text class=\"soft\" x=\"{centre:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            centre - width / 2.0,
            y(bar.median),
            floor - y(bar.median),
            high - 6.0,
            bar.median,
            floor + 18.0,
            escaped(&bar.label)
        );
    }
    let (left, right) = (x0 + LEFT, x0 + PANEL_WIDTH - LEFT);
    let _ = writeln!(out, "<line class=\"line\" x1=\"{left}\" x2=\"{right}\" y1=\"{floor}\" y2=\"{floor}\"/>");
}

/// The figures as a sentence, for screen readers.
fn spoken(panels: &[Panel]) -> String {
    let panel = |panel: &Panel| {
        let bars: Vec<String> = panel.bars.iter().map(|bar| format!("{} {:.0} ms", bar.label, bar.median)).collect();
        format!("{}: {}.", panel.title, bars.join(", "))
    };
    panels.iter().map(panel).collect::<Vec<_>>().join(" ")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
