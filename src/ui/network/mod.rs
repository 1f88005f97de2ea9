//! The network: the choice of it, its drawing, the part pointed at, the whole as a table, where its time goes, and its source.

mod controls;
mod dispatches;
mod drawing;
mod forms;
mod inside;
mod part_shape;
mod part_table;
mod provenance;
mod save;
mod section;
mod stated;
mod whole_table;

pub(crate) use section::NetworkSection;
