//! The names of what can be chosen, in the address and on the page.

use crate::plan::PlanKind;

/// `plain` or `fused`.
pub fn plan(kind: PlanKind) -> &'static str {
    match kind {
        PlanKind::Plain => "plain",
        PlanKind::Fused => "fused",
    }
}
