//! The selected block in the paper's forms A, B and C: what each costs, and how far their outputs differ.

mod figures;
mod panel;

pub(crate) use panel::FormsPanel;
