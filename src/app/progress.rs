//! What the page says of work under way, and the moments it marks.

use super::page::Work;
use crate::classifier::Progress as Loading;
use crate::store::Progress;
use crate::view::number;

/// A moment for the browser's own tools, and for the tests that hold the first answer to its time.
pub fn mark(name: &str) {
    if let Some(performance) = web_sys::window().and_then(|window| window.performance()) {
        // Without it nothing is missing but the mark.
        let _ = performance.mark(name);
    }
}

/// How far a download is.
pub fn fetching(progress: &Progress) -> Work {
    let total = progress.total.unwrap_or(progress.done).max(1);
    let text = format!("fetching weights, {} of {}", number::bytes(progress.done), number::bytes(total));
    Work::Loading(text, Some(progress.done as f64 / total as f64))
}

pub fn progress_words(progress: &Loading) -> (String, Option<f64>) {
    match *progress {
        Loading::Planned { steps } => (format!("planned {steps} steps"), Some(0.0)),
        Loading::Pipelines { done, total } => {
            (format!("compiling shader {} of {total}", (done + 1).min(total)), Some(done as f64 / total.max(1) as f64))
        }
        Loading::Weights { bytes, total } => (
            format!("weights to their place, {} of {}", number::bytes(bytes), number::bytes(total)),
            Some(bytes as f64 / total.max(1) as f64),
        ),
        Loading::WarmUp => ("first run, to warm up".into(), None),
    }
}
