//! Why nothing can be learned.

/// Why nothing can be learned from these pictures.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the messages say what each variant and each of its fields is")]
pub enum TeachError {
    #[error("there must be two or more classes to tell apart, got {got}; add a class")]
    Classes { got: usize },
    #[error("the class \"{class}\" has no picture; add some, or remove the class")]
    EmptyClass { class: String },
    #[error("picture {picture} (counted from 0) is of class {class}, but there are {classes} classes, counted from 0")]
    UnknownClass { picture: usize, class: usize, classes: usize },
    #[error(
        "picture {picture} (counted from 0) has {got} features, the first has {expected}; take all from one network"
    )]
    Features { picture: usize, expected: usize, got: usize },
    #[error(
        "feature {index} of picture {picture} (both counted from 0) is not a finite number; leave out the picture, or \
         look at the network's weights"
    )]
    NotFinite { picture: usize, index: usize },
}
