//! Reads a result that somebody else may have written: nothing in it is trusted. By hand, value by value: every one has its bounds
//! here, and a derived reader is three times as large in the page's wasm.

use serde_json::Value;

use super::result::{FORMAT, LabResult, Stop, VERSION};
use crate::protocol::Agreement;

/// The longest text that is read, in bytes: a result has about 2 kB.
const LONGEST: usize = 100_000;
/// The most stops of a result: a dial has fewer than ten.
const MOST_STOPS: usize = 64;
/// The most characters of a text in it.
const MOST_CHARS: usize = 120;
/// The kernels of a GPU have a name for each kind of convolution.
const MOST_TUNING: usize = 1000;
/// The most of anything that is counted: a number that f64 has to the unit.
const MOST_COUNTED: f64 = 9e15;

/// Why a text is not read as a result.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ReadError {
    /// It is something else, or damaged.
    #[error(
        "this is not a result of the cardinality laboratory: {0}. Copy one with “Copy my result”, and paste all of it"
    )]
    Damaged(String),
    /// It was written by another version of this page.
    #[error(
        "this result has version {0}, and this page reads version {VERSION}. Reload the page to get its newest version"
    )]
    Version(u64),
    /// A value is outside of its bounds.
    #[error("a value in this result cannot be right: {what} is {found}, expected {expected}. Ask for the result again")]
    Bounds {
        /// Where it is.
        what: String,
        /// What it is.
        found: String,
        /// What it may be.
        expected: &'static str,
    },
}

/// Whether a text says that it is a result, so that it is nothing else.
#[must_use]
pub fn is_result(text: &str) -> bool {
    text.len() <= LONGEST && text.contains(FORMAT)
}

/// Reads a result. Its texts are cut, its lists and numbers have bounds.
///
/// # Errors
/// [`ReadError`] says why it is not read.
pub fn read(text: &str) -> Result<LabResult, ReadError> {
    if text.len() > LONGEST {
        return Err(bounds("its length in bytes", &text.len().to_string(), "at most 100000"));
    }
    let text = text.trim_start_matches('\u{feff}').trim();
    let all: Value = serde_json::from_str(text).map_err(|error| ReadError::Damaged(error.to_string()))?;
    if all["format"] != FORMAT {
        return Err(ReadError::Damaged(format!("it does not say “{FORMAT}”")));
    }
    match all["version"].as_u64() {
        Some(version) if version == u64::from(VERSION) => {}
        version => return Err(ReadError::Version(version.unwrap_or(0))),
    }
    let words = |name: &str| cut(&all[name], MOST_CHARS);
    let none = Vec::new();
    let stops = all["stops"].as_array().unwrap_or(&none);
    if !(1..=MOST_STOPS).contains(&stops.len()) {
        return Err(bounds("the number of stops", &stops.len().to_string(), "1 to 64"));
    }
    let agreement = match &all["agreement"] {
        Value::Null => None,
        of => Some(Agreement {
            network: cut(&of["network"], MOST_CHARS),
            difference: wanted(of, "difference", f64::from(f32::MAX), "a number from 0")? as f32,
        }),
    };
    Ok(LabResult {
        format: FORMAT.into(),
        version: VERSION,
        date: words("date"),
        adapter: words("adapter"),
        backend: words("backend"),
        browser: words("browser"),
        network: words("network"),
        input_size: number(&all, "input_size", 1e5, "0 to 1e5")?.unwrap_or_default() as usize,
        plan: words("plan"),
        weights: words("weights"),
        tuning: cut(&all["tuning"], MOST_TUNING),
        agreement,
        note: words("note"),
        stops: stops.iter().map(stop).collect::<Result<_, _>>()?,
    })
}

fn stop(of: &Value) -> Result<Stop, ReadError> {
    let ms = |name: &str| number(of, name, 1e9, "0 to 1e9 ms");
    let counted = |name: &str| number(of, name, MOST_COUNTED, "a count").map(|count| count.unwrap_or_default());
    let cardinality = wanted(of, "cardinality", 1e5, "1 to 1e5")?;
    if cardinality < 1.0 {
        return Err(bounds("cardinality", &cardinality.to_string(), "1 to 1e5"));
    }
    let [low, median, high] = [ms("p10_ms")?, ms("median_ms")?, ms("p90_ms")?];
    match (low, median, high) {
        (None, None, None) => {}
        (Some(low), Some(median), Some(high)) if low <= median && median <= high => {}
        _ => {
            return Err(bounds(
                "median_ms",
                &of["median_ms"].to_string(),
                "between its percentiles, all three or none",
            ));
        }
    }
    Ok(Stop {
        cardinality: cardinality as usize,
        template: cut(&of["template"], MOST_CHARS),
        parameters: counted("parameters")? as u64,
        multiply_adds: counted("multiply_adds")? as u64,
        runs: counted("runs")? as usize,
        median_ms: median,
        p10_ms: low,
        p90_ms: high,
        paper_error: number(of, "paper_error", 100.0, "0 to 100 %")?,
        accuracy: number(of, "accuracy", 1.0, "0 to 1")?,
        redone: counted("redone")? as usize,
        refused: of["refused"].as_str().map(|_| cut(&of["refused"], MOST_CHARS)),
    })
}

/// A number from 0 to `most`; `None` where there is none.
fn number(of: &Value, name: &str, most: f64, expected: &'static str) -> Result<Option<f64>, ReadError> {
    match &of[name] {
        Value::Null => Ok(None),
        value => match value.as_f64() {
            Some(number) if (0.0..=most).contains(&number) => Ok(Some(number)),
            _ => Err(bounds(name, &value.to_string(), expected)),
        },
    }
}

/// [`number`] where there has to be one.
fn wanted(of: &Value, name: &str, most: f64, expected: &'static str) -> Result<f64, ReadError> {
    number(of, name, most, expected)?.ok_or_else(|| bounds(name, "missing", expected))
}

/// The first characters of a text, without those that control a terminal; empty where it is none.
fn cut(text: &Value, most: usize) -> String {
    text.as_str().unwrap_or_default().chars().filter(|of| !of.is_control()).take(most).collect()
}

fn bounds(what: &str, found: &str, expected: &'static str) -> ReadError {
    // A value can be a long text.
    ReadError::Bounds { what: what.into(), found: found.chars().take(30).collect(), expected }
}

#[cfg(test)]
mod tests {
    use super::super::tests::measured;
    use super::super::{chart, csv};
    use super::*;

    fn json() -> String {
        measured(1.5).json()
    }

    #[test]
    fn what_is_written_is_read_to_the_bit() {
        let result = measured(1.0 / 3.0);
        assert!(is_result(&result.json()));
        assert_eq!(read(&result.json()), Ok(result.clone()));
        assert_eq!(read(&format!("\u{feff} {} \n", result.json())), Ok(result), "as editors save it");
    }

    #[test]
    fn another_version_and_another_format_are_told_apart() {
        let newer = json().replace("\"version\":1", "\"version\":2").replace("\"stops\"", "\"points\"");
        assert_eq!(read(&newer), Err(ReadError::Version(2)));
        assert!(is_result(&newer), "it is no config.json");
        assert!(!is_result("{\"architecture\": \"resnext50_32x4d\"}"));
        for text in ["", "[]", "null", "{}", "{\"format\":\"x\",\"version\":1}", &json()[..40]] {
            let error = read(text).expect_err(text);
            assert!(matches!(error, ReadError::Damaged(_)), "{text}: {error}");
        }
    }

    #[test]
    fn values_that_cannot_be_right_are_refused() {
        let json = json();
        for (from, to) in [
            ("\"median_ms\":1.5", "\"median_ms\":-1.5"),
            ("\"median_ms\":1.5", "\"median_ms\":1e12"),
            ("\"median_ms\":1.5", "\"median_ms\":7.5"),
            ("\"median_ms\":1.5", "\"median_ms\":null"),
            ("\"cardinality\":1,", "\"cardinality\":0,"),
            ("\"cardinality\":1,", ""),
            ("\"cardinality\":1,", "\"cardinality\":\"1\","),
            ("\"accuracy\":0.8732", "\"accuracy\":87.32"),
            ("\"difference\":", "\"difference\":-"),
        ] {
            let text = json.replacen(from, to, 1);
            assert_ne!(text, json, "{from}");
            assert!(matches!(read(&text), Err(ReadError::Bounds { .. })), "{to}: {:?}", read(&text));
        }
        // Beyond what a number can be.
        assert!(read(&json.replacen("\"median_ms\":1.5", "\"median_ms\":1e999", 1)).is_err());
        let (head, stop) = json.split_at(json.find("[{").unwrap() + 1);
        let stop = stop.split("},").next().unwrap();
        let many = |count: usize| format!("{head}{}]}}", vec![format!("{stop}}}"); count].join(","));
        assert!(read(&many(64)).is_ok());
        assert_eq!(read(&many(65)).map(drop), Err(bounds("the number of stops", "65", "1 to 64")));
        assert!(matches!(read(&" ".repeat(LONGEST + 1)), Err(ReadError::Bounds { .. })));
        assert!(read(&json.replace("\"stops\":[", "\"stops\":[],\"others\":[")).is_err(), "no stop");
    }

    /// Any character in place of any other: what is read all the same can be drawn and written.
    #[test]
    fn a_damaged_text_is_refused_or_can_be_drawn() {
        let text: Vec<char> = json().chars().collect();
        let mut drawn = 0;
        for place in 0..text.len() {
            for other in ['0', '9', '-', 'e', '"', ',', '}', '×'] {
                let mut damaged = text.clone();
                damaged[place] = other;
                let damaged: String = damaged.into_iter().collect();
                if let Ok(result) = read(&damaged) {
                    let svg = chart(std::slice::from_ref(&result), "8×8d", 900.0);
                    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{damaged}");
                    assert_eq!(csv(&[result]).lines().count(), 4, "{damaged}");
                    drawn += 1;
                }
            }
        }
        assert!(drawn > 1000, "{drawn}");
    }

    #[test]
    fn texts_are_cut() {
        let mut result = measured(1.5);
        result.adapter = format!("a\u{1b}[31m{}", "b".repeat(1000));
        let read = read(&result.json()).unwrap();
        assert_eq!(read.adapter.chars().count(), MOST_CHARS);
        assert!(read.adapter.starts_with("a[31mb"));
    }
}
