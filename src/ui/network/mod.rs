//! The network: which one, its drawing, the part pointed at, the same as a table, and where it comes from.

mod controls;
mod drawing;
mod part_shape;
mod part_table;
mod provenance;
mod section;
mod whole_table;

pub(crate) use section::NetworkSection;
