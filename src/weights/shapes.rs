//! Looks up sizes in the shapes of tensors, which may be missing or malformed.

use std::collections::BTreeMap;

use super::WeightError;
use super::header::Entry;

/// Shapes by tensor name, with the rank checked.
pub(super) struct Shapes<'a>(pub &'a BTreeMap<String, Entry>);

impl<'a> Shapes<'a> {
    pub(super) fn of(&self, tensor: &str, rank: usize) -> Result<Option<&'a [u64]>, WeightError> {
        let Some(entry) = self.0.get(tensor) else { return Ok(None) };
        if entry.shape.len() == rank && !entry.shape.contains(&0) {
            return Ok(Some(&entry.shape));
        }
        let expected = match rank {
            4 => "[out_channels, in_channels / groups, height, width], none of them zero,",
            2 => "[out_features, in_features], none of them zero,",
            _ => "[channels], not zero,",
        };
        Err(WeightError::Rank { tensor: tensor.to_owned(), expected, got: entry.shape.clone() })
    }

    /// The size along the first of these axes whose tensor is present.
    pub(super) fn first(&self, places: &[(&str, usize)]) -> Result<Option<usize>, WeightError> {
        for &(tensor, axis) in places {
            let rank = match tensor {
                "fc.weight" => 2,
                _ if tensor.contains("bn") || tensor.ends_with(".bias") => 1,
                _ => 4,
            };
            if let Some(shape) = self.of(tensor, rank)? {
                return to_usize(tensor, shape, axis).map(Some);
            }
        }
        Ok(None)
    }

    pub(super) fn any(&self, prefix: &str) -> bool {
        self.0.keys().any(|tensor| tensor.starts_with(prefix))
    }
}

/// The blocks of one stage, counted from 1.
pub(super) struct Layers {
    pub stage: usize,
    pub blocks: usize,
}

impl Layers {
    /// The size along the first of these axes whose tensor any block has.
    pub(super) fn find(&self, shapes: &Shapes<'_>, places: &[(&str, usize)]) -> Result<usize, WeightError> {
        for &(suffix, axis) in places {
            // conv1 reads the stage's input in block 0 and its output later, but its axis 0 is the width in all.
            for block in 0..self.blocks {
                if let Some(size) = shapes.first(&[(&format!("layer{}.{block}.{suffix}", self.stage), axis)])? {
                    return Ok(size);
                }
            }
        }
        let missing = places.iter().map(|(suffix, _)| format!("layer{}.0.{suffix}", self.stage)).collect();
        Err(WeightError::Mismatch { missing, unexpected: Vec::new(), misshapen: Vec::new() })
    }
}

/// A size as a usize within what `ResNextConfig` can compute with.
pub(super) fn to_usize(tensor: &str, shape: &[u64], axis: usize) -> Result<usize, WeightError> {
    let size = usize::try_from(shape[axis]).ok().filter(|&size| size <= 1 << 24);
    size.ok_or_else(|| too_large(tensor, Some(shape)))
}

pub(super) fn too_large(tensor: &str, shape: Option<&[u64]>) -> WeightError {
    let got = shape.unwrap_or_default().to_vec();
    WeightError::Rank { tensor: tensor.to_owned(), expected: "no size above 16 777 216", got }
}
