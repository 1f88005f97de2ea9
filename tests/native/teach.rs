//! Classes of one's own: the mathematics by its own conditions, networks with a head that was taught, and the example `teach`.

mod evaluation;
mod example;
mod minimum;
mod model;
mod support;
