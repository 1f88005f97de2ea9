//! Results as a document: a table for every network, with the medians over cardinality.

use std::fmt::Write;

use super::result::LabResult;
use crate::view::number::bare_milliseconds;

/// From this ratio of the 90th to the 10th percentile on, the table says that it is large.
const NOISY: f64 = 1.5;

/// A section for every network, of results with the names of their files.
pub fn markdown(results: &[(String, LabResult)]) -> String {
    let mut text = String::new();
    let mut networks: Vec<(&str, usize)> = results.iter().map(|(_, of)| (of.network.as_str(), of.input_size)).collect();
    networks.sort_unstable();
    networks.dedup();
    for (network, side) in networks {
        let own: Vec<&(String, LabResult)> =
            results.iter().filter(|(_, of)| of.network == network && of.input_size == side).collect();
        let mut stops: Vec<(usize, &str)> = own
            .iter()
            .flat_map(|(_, of)| of.stops.iter().map(|stop| (stop.cardinality, stop.template.as_str())))
            .collect();
        stops.sort_unstable();
        stops.dedup();
        // Writing into a string cannot fail.
        let _ = write!(text, "\n## {network}, pictures of {side}×{side}\n\n| adapter | runs in | plan |");
        for (_, template) in &stops {
            let _ = write!(text, " {template} |");
        }
        text.push_str(" runs | GPU and CPU differ by | date | file |\n| --- | --- | --- |");
        text.push_str(&" ---: |".repeat(stops.len()));
        text.push_str(" ---: | ---: | --- | --- |\n");
        for (file, of) in &own {
            let _ = write!(
                text,
                "| {} ({}) | {} | {}, {} |",
                cell(&of.adapter),
                cell(&of.backend),
                cell(&of.browser),
                cell(&of.plan),
                cell(&of.weights)
            );
            for (_, template) in &stops {
                let stop = of.stops.iter().find(|stop| stop.template == *template);
                let wall = stop.and_then(|stop| stop.wall()).map_or("–".to_owned(), |[low, median, high]| {
                    let [low, median, high] = [low, median, high].map(bare_milliseconds);
                    format!("{median} ({low} to {high})")
                });
                let _ = write!(text, " {wall} |");
            }
            let runs = of.stops.iter().map(|stop| stop.runs).min().unwrap_or_default();
            let agreement = of.agreement.as_ref().map_or("–".to_owned(), |of| format!("{:.1e}", of.difference));
            let date: String = of.date.chars().take(10).collect();
            let _ = writeln!(text, " {runs} | {agreement} | {} | [{file}]({file}) |", cell(&date));
        }
        for (file, of) in own {
            let noise = of.stops.iter().filter_map(|stop| Some(stop.p90_ms? / stop.p10_ms?.max(1e-3)));
            let noise = noise.fold(0.0, f64::max);
            let noise = if noise < NOISY {
                String::new()
            } else {
                format!(" A busy machine: the 90th percentile is up to {noise:.1} times the 10th.")
            };
            if !(of.note.is_empty() && noise.is_empty()) {
                let _ = write!(text, "\n{file}: {}\n", format!("{}{noise}", cell(&of.note)).trim());
            }
        }
    }
    text
}

/// A text that ends no cell and is no mark-up.
fn cell(text: &str) -> String {
    text.replace('\\', "").replace('|', "/").replace('<', "‹").replace(['[', ']', '`', '*'], "")
}

#[cfg(test)]
mod tests {
    use super::super::tests::measured;
    use super::*;

    #[test]
    fn a_row_per_file_and_a_column_per_stop() {
        let mut other = measured(1.0);
        other.stops.remove(1);
        (other.agreement, other.note) = (None, "By | hand.".into());
        other.stops[0].p90_ms = Some(2.0);
        let text = markdown(&[("a.json".into(), measured(12.0)), ("b.json".into(), other)]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1], "## ResNeXt-20, pictures of 32×32");
        assert!(lines[3].contains("| plan | 1×41d | 8×8d | 32×2d | runs |"), "{text}");
        assert!(lines[5].contains("| 12.0 (12.0 to 12.0) | 24.0 (24.0 to 24.0) | 48.0 (48.0 to 48.0) | 1 | 2.5e-6 | 2026-11-27 | [a.json](a.json) |"), "{text}");
        assert!(lines[6].contains("| – | 4.00 (4.00 to 4.00) | 1 | – |"), "{text}");
        assert_eq!(lines[3].matches('|').count(), lines[6].matches('|').count());
        assert_eq!(lines[8], "b.json: By / hand. A busy machine: the 90th percentile is up to 2.0 times the 10th.");
    }
}
