//! The three forms of a block, in words.

use crate::protocol::Forms;
use crate::view::forms::groups;

/// Where the stem or the head is selected.
pub const CHOOSE_A_BLOCK: &str = "The stem and the head are no blocks. Choose a block in the drawing.";

/// Why equal in mathematics is not equal to the bit.
pub const FORMS_EXPLAINED: &str = "All three compute the same sums of products from the same weights, so in mathematics they are equal. \
                                   Form A adds the products of each branch first and then the branches; sums in another order \
                                   are rounded otherwise, so the last bits of the outputs may differ.";

/// How often each was run, and what one group means.
pub fn forms_runs(forms: &Forms) -> String {
    let done = forms.forms.iter().map(|form| form.wall.len()).min().unwrap_or(0);
    let runs = if forms.is_complete() {
        format!("median of {done} runs each, taken in turn")
    } else {
        format!("run {} of {} of each, taken in turn", done + 1, forms.runs)
    };
    if groups(forms) == 1 { format!("{runs} · with one group the three forms coincide") } else { runs }
}
