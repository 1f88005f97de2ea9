//! Tensors that are decoded once, however often they are asked for.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::{TensorSource, WeightError, WeightSource};

/// Some tensors of a source, in memory: each branch of a block's forms A and B asks for the same ones.
pub struct KeptTensors<'a> {
    source: Box<dyn TensorSource + 'a>,
    kept: Vec<(&'a str, OnceCell<Vec<f32>>)>,
}

impl<'a> KeptTensors<'a> {
    /// Fetches the tensors `names` (PyTorch's keys), and no others.
    ///
    /// # Errors
    /// [`WeightError`] if their bytes cannot be read.
    pub async fn fetch(source: &'a dyn WeightSource, names: &'a [String]) -> Result<Self, WeightError> {
        let kept = names.iter().map(|name| (name.as_str(), OnceCell::new())).collect();
        Ok(Self { source: source.fetch(names).await?, kept })
    }
}

impl TensorSource for KeptTensors<'_> {
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Cow<'_, [f32]>, WeightError> {
        let Some((_, cell)) = self.kept.iter().find(|(known, _)| *known == name) else {
            return self.source.tensor(name, shape);
        };
        if cell.get().is_none() {
            // It is empty: nothing else runs meanwhile.
            let _ = cell.set(self.source.tensor(name, shape)?.into_owned());
        }
        Ok(Cow::Borrowed(cell.get().map_or(&[], Vec::as_slice)))
    }

    fn bn_eps(&self) -> f64 {
        self.source.bn_eps()
    }
}
