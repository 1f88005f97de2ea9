//! Why nothing can be trained.

use crate::decimal::short;

/// Why a network cannot be trained, or a run cannot go on.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the messages say what each variant and each of its fields is")]
pub enum TrainError {
    #[error(
        "{name}: expected pictures of two classes or more to train and test on, got {classes} classes with {trained} and \
         {tested}"
    )]
    Pictures { name: String, classes: usize, trained: usize, tested: usize },
    #[error("batch size {got}: expected 1 to {pictures}, the pictures to train on")]
    BatchSize { got: usize, pictures: usize },
    #[error("the pictures have {classes} classes, the network answers {answers}; begin with an untrained network")]
    Classes { classes: usize, answers: usize },
    #[error("the pictures are {got}x{got} pixels, the network takes {expected}x{expected}")]
    Side { expected: usize, got: usize },
    #[error("the loss is {} at step {step}; choose a lower learning rate", short(*loss))]
    Diverged { step: usize, loss: f64 },
    #[error("the state that was kept is of another run ({got}); expected {expected}; remove it to begin again")]
    OtherRun { expected: String, got: String },
    #[error("the state that was kept cannot be read ({0}); remove it to begin again")]
    State(String),
}
