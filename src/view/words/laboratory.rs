//! What happens to the laboratory's results, in words.

use crate::view::lab::ReadError;

/// Local storage takes no more, or is forbidden.
pub const RESULT_NOT_STORED: &str = "This browser keeps nothing for this page, or has no room left. The result stays in the list until the page is closed: save it as JSON.";

/// A result is in the clipboard.
pub const RESULT_COPIED: &str = "Copied: paste it into a message, or into this page on another device.";

/// The clipboard is refused.
pub const RESULT_BY_HAND: &str =
    "This browser does not let the page copy. The result is in the field below, selected: copy it from there.";

/// The browser drew no picture of the chart.
pub const CHART_NOT_DRAWN: &str = "This browser did not draw the chart as PNG. Save it as SVG.";

/// A result was read, which is shown now or laid over the one that is shown.
pub fn result_read(label: &str, is_over: bool) -> String {
    format!("{}: {label}.", if is_over { "Laid over the result that is shown" } else { "Shown" })
}

/// A result was not read.
pub fn result_not_read(error: &ReadError) -> String {
    format!("Nothing was changed: {error}.")
}
