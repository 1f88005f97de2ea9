//! The chart of a result, and of another that is laid over it: small multiples on one axis of cardinalities, as SVG.

mod panel;
mod pen;

use super::result::LabResult;
use panel::{PANELS, Subject};
use pen::{PAPER, Pen, escaped};

/// A panel is at least this wide.
const NARROWEST: f64 = 270.0;
const MOST_COLUMNS: f64 = 3.0;
/// Between two panels.
const GAP: f64 = 28.0;
/// Height of a panel.
const HEIGHT: f64 = 142.0;
/// A line of the legend.
const LINE: f64 = 17.0;
/// A character of 12 px is about as wide.
const CHARACTER: f64 = 6.6;
/// Width of a saved picture.
const SAVED_WIDTH: f64 = 900.0;
const MARGIN: f64 = 16.0;

/// The chart, `width` CSS pixels wide. Of `results` the first is shown, and the second lies over it. The stop `chosen` is red.
pub fn chart(results: &[LabResult], chosen: &str, width: f64) -> String {
    let (inside, height) = shapes(results, chosen, width);
    let of: Vec<String> = results.iter().map(LabResult::label).collect();
    format!(
        "<svg id=\"stops-chart\" role=\"img\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         aria-label=\"Latency, cost and accuracy over cardinality of {}; the tables below have the numbers\">{inside}</svg>",
        escaped(&of.join(" and of "))
    )
}

/// The chart as a picture that needs nothing else, `scale` times its usual size.
pub fn picture(results: &[LabResult], chosen: &str, scale: f64) -> String {
    let (inside, height) = shapes(results, chosen, SAVED_WIDTH - 2.0 * MARGIN);
    let (width, height) = (SAVED_WIDTH, height + 2.0 * MARGIN);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"12\">\n<title>Latency over cardinality</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"{PAPER}\"/>\n<g transform=\"translate({MARGIN} {MARGIN})\">\n{inside}</g>\n</svg>\n",
        width * scale,
        height * scale,
    )
}

/// What is drawn, and its height.
fn shapes(results: &[LabResult], chosen: &str, width: f64) -> (String, f64) {
    let mut cardinalities: Vec<usize> =
        results.iter().flat_map(|result| result.stops.iter().map(|stop| stop.cardinality)).collect();
    cardinalities.sort_unstable();
    cardinalities.dedup();
    let columns = ((width + GAP) / (NARROWEST + GAP)).floor().clamp(1.0, MOST_COLUMNS);
    let panel_width = (width - GAP * (columns - 1.0)) / columns;
    let columns = columns as usize;
    let subject = Subject { results, chosen, cardinalities };
    let mut pen = Pen::default();
    let mut place = 0;
    for panel in &PANELS {
        let values = panel.values(&subject);
        // Before the first run the latency has its frame.
        if values.is_empty() && panel.name != "latency" {
            continue;
        }
        let at = [(place % columns) as f64 * (panel_width + GAP), (place / columns) as f64 * HEIGHT];
        panel.draw(&mut pen, &subject, &values, at, panel_width);
        place += 1;
    }
    let mut y = HEIGHT * place.div_ceil(columns) as f64 + LINE;
    for (index, result) in results.iter().enumerate() {
        pen.mark(index, false, [6.0, y - 4.0], "");
        for line in wrapped(&result.label(), ((width - 18.0) / CHARACTER) as usize) {
            pen.quiet("quiet", "start", [18.0, y], &line);
            y += LINE;
        }
    }
    (pen.out, y - LINE + 8.0)
}

/// A text in lines of at most so many characters, as long as its words allow it.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.into()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::panel::{GROUND, TOP, unit};
    use super::*;
    use crate::view::lab::tests::measured;

    /// The values of an attribute in the marks of a panel.
    fn attribute(svg: &str, panel: &str, of: usize, name: &str) -> Vec<f64> {
        let marks = svg.lines().filter(|line| line.contains(&format!("data-panel=\"{panel}\" data-of=\"{of}\"")));
        let value = |line: &str| line.split_once(&format!(" {name}=\""))?.1.split('"').next()?.parse().ok();
        marks.filter_map(value).collect()
    }

    #[test]
    fn a_mark_stands_where_its_number_says() {
        let result = measured(10.0);
        let svg = chart(std::slice::from_ref(&result), "8×8d", 900.0);
        assert_eq!(attribute(&svg, "latency", 0, "data-value"), [0.01, 0.02, 0.04]);
        // The axis ends at 40 ms, three columns apart.
        let y = attribute(&svg, "latency", 0, "cy");
        assert_eq!((y[2], y[0]), (TOP, GROUND - (GROUND - TOP) / 4.0));
        let x = attribute(&svg, "latency", 0, "cx");
        assert!((x[1] - x[0] - (x[2] - x[1])).abs() < 0.2, "{x:?}");
        assert_eq!(attribute(&svg, "latency", 0, "data-high"), [0.01, 0.02, 0.04]);
        let stops = &result.stops;
        let macs: Vec<f64> = stops.iter().map(|stop| stop.multiply_adds as f64).collect();
        assert_eq!(attribute(&svg, "multiply-adds", 0, "data-value"), macs);
        assert_eq!(attribute(&svg, "accuracy", 0, "data-value").len(), 3);
        assert!(!svg.contains("data-panel=\"error\""), "the paper has no error of these");
        assert!(svg.contains(&format!("height=\"{}\"", 2.0 * HEIGHT + LINE + 8.0)), "{svg}");
        assert!(svg.contains("latency, ms: median"), "{svg}");
        assert_eq!(svg.matches("class=\"disc on\"").count(), 5, "one red mark in each panel");
    }

    #[test]
    fn two_results_are_told_apart_without_colour() {
        let (one, mut other) = (measured(10.0), measured(1.0));
        other.stops.remove(0);
        other.stops[0].cardinality = 64;
        let svg = chart(&[one, other], "", 300.0);
        assert_eq!(attribute(&svg, "latency", 0, "data-cardinality"), [1.0, 8.0, 32.0]);
        assert_eq!(attribute(&svg, "latency", 1, "data-cardinality"), [32.0, 64.0], "from the left to the right");
        assert_eq!(attribute(&svg, "latency", 1, "data-value"), [0.004, 0.002]);
        assert!(svg.contains("<rect class=\"ring\"") && svg.contains("stroke-dasharray"));
        assert!(!svg.contains(" on\""), "nothing is chosen");
        assert!(svg.contains(">64</text>"), "all cardinalities are on the axis");
    }

    #[test]
    fn a_picture_stands_alone_whatever_is_in_it() {
        let mut result = measured(10.0);
        result.adapter = "<script>&".into();
        let svg = picture(&[result], "", 2.0);
        assert!(svg.contains("&lt;script&gt;&amp;") && !svg.contains("<script"), "{svg}");
        assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1800\""), "{svg}");
        for foreign in ["var(", "style=", "<style", "href"] {
            assert!(!svg.contains(foreign), "{foreign}");
        }
        let starts = ["<circle ", "<line ", "<polyline ", "<text "];
        for shape in svg.lines().filter(|line| starts.iter().any(|start| line.starts_with(start))) {
            assert!(shape.contains("=\"#"), "without a colour: {shape}");
        }
    }

    #[test]
    fn what_is_not_measured_has_a_frame() {
        let mut result = measured(10.0);
        for stop in &mut result.stops {
            (stop.p10_ms, stop.median_ms, stop.p90_ms) = (None, None, None);
        }
        let svg = chart(&[result], "", 900.0);
        assert!(svg.contains("latency, ") && !svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        let empty = chart(&[LabResult::default()], "", 900.0);
        assert!(!empty.contains("NaN") && !empty.contains("inf"), "{empty}");
    }

    #[test]
    fn units_and_lines() {
        assert_eq!([3.1e-2, 2.0, 31_000_000.0, 0.0].map(|largest| unit(largest).1), ["m", "", "M", "m"]);
        assert_eq!(wrapped("abc · de fghi", 8), ["abc · de", "fghi"]);
    }
}
