//! Teaches a network classes of one's own: a multinomial logistic regression with L2 on the features of a few pictures, which
//! are the numbers before `fc` (`avgpool`). Its result is another `fc`. Pure data, no device, no file.
//!
//! There are fewer pictures than features, and the best weights lie in the span of the pictures' features. So all that is learned
//! from is the Gram matrix, the product of every two pictures' features, and whoever adds a picture brings the features of one.
//!
//! ```text
//! features, classes ─▶ Problem ─▶ choose_l2 ─▶ fit ─▶ head: fc.weight, fc.bias
//!                                               └───▶ left_out: what each picture is taken for by the others
//! ```

mod cross_validation;
mod error;
mod minimum;
mod problem;
mod vector;

pub use cross_validation::{FOLDS, L2Search, LeftOut, SUGGESTED_PICTURES};
pub use error::TeachError;
pub use minimum::GRADIENT;
pub use problem::{Example, Fit, Head, Problem};
