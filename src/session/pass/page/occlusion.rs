//! The step that makes an occlusion map (Zeiler and Fergus 2014): the network classifies the picture with a grey square over one
//! part of it after another.

use std::rc::Rc;

use super::{Answered, EVENT_EVERY_MS, Interrupt, Pass};
use crate::classifier::Classification;
use crate::protocol::{Backend, Event, OCCLUSION_SIDE, Occlusion, Work};
use crate::session::host::Host;

const PARTS: usize = OCCLUSION_SIDE * OCCLUSION_SIDE;
/// Pictures per run on a real GPU, which one picture does not fill. Software adapters and the CPU are no faster with several.
const BATCH: usize = 8;

impl<H: Host> Pass<H> {
    /// Covers the parts of the picture that were not covered yet, for the class at this place of the answer. What was begun for
    /// this picture, setting and class goes on.
    pub(super) async fn occlusion(&self, answered: &Answered<H>, place: usize) -> Result<(), Interrupt> {
        let Some(class) = self.results.top.borrow().get(place).copied() else { return Ok(()) };
        let begun =
            self.results.occlusion.borrow().clone().filter(|begun| {
                begun.picture == answered.picture && begun.setting == self.setting && begun.place == place
            });
        let setting = self.setting.clone();
        let mut map =
            begun.unwrap_or(Occlusion { picture: answered.picture, setting, place, probabilities: Vec::new() });
        if map.is_complete() {
            return Ok(());
        }
        self.next(Work::Occluding { done: map.probabilities.len(), total: PARTS }).await?;
        let batched = self.batched(answered).await?;
        let mut sent_at = self.host.now();
        while !map.is_complete() {
            let done = map.probabilities.len();
            self.next(Work::Occluding { done, total: PARTS }).await?;
            let answers = match &batched {
                Some(classifier) => self.host.classify_batch(classifier, &self.covered(answered, done, BATCH)).await?,
                None => vec![self.host.classify(&answered.classifier, &self.covered(answered, done, 1)).await?],
            };
            let probability = |answer: &Classification| answer.probabilities.get(class).copied().unwrap_or_default();
            map.probabilities.extend(answers.iter().map(probability).take(PARTS - done));
            *self.results.occlusion.borrow_mut() = Some(map.clone());
            if map.is_complete() || self.host.now() - sent_at >= EVENT_EVERY_MS {
                sent_at = self.host.now();
                self.emit(Event::Occlusion(map.clone()));
            }
        }
        Ok(())
    }

    /// The network once more, for several pictures per run, where the device gains by them; `None` where it does not, or has no
    /// room for it.
    async fn batched(&self, answered: &Answered<H>) -> Result<Option<Rc<H::Classifier>>, Interrupt> {
        let is_software = self.device.state().adapter().is_none_or(|adapter| adapter.software);
        if self.setting.backend == Backend::Cpu || is_software {
            return Ok(None);
        }
        let model = self.host.model(&answered.classifier).clone();
        match self.host.load_batch(&answered.device, &model, &self.setting, BATCH).await.map_err(Interrupt::from) {
            Ok(classifier) => Ok(Some(Rc::new(classifier))),
            Err(Interrupt::Failed(_)) => Ok(None),
            Err(interrupt) => Err(interrupt),
        }
    }

    /// The picture, once per part from `first` on, with the square over that part. Grey is zero, the mean of what the network was
    /// trained on.
    fn covered(&self, answered: &Answered<H>, first: usize, count: usize) -> Vec<f32> {
        let preprocess = self.host.model(&answered.classifier).preprocess();
        let side = preprocess.crop;
        let mut tensors = Vec::with_capacity(count * answered.tensor.len());
        for part in first..first + count {
            let start = tensors.len();
            tensors.extend_from_slice(&answered.tensor);
            // The last run may have room for more pictures than there are parts.
            let part = part.min(PARTS - 1);
            let (rows, columns) = (span(part / OCCLUSION_SIDE, side), span(part % OCCLUSION_SIDE, side));
            for plane in tensors[start..].chunks_exact_mut(side * side) {
                for row in plane.chunks_exact_mut(side).take(rows.end).skip(rows.start) {
                    row[columns.clone()].fill(0.0);
                }
            }
        }
        tensors
    }
}

/// The rows or columns of the square that is centred on a part: a quarter of the side, less at the edges.
fn span(part: usize, side: usize) -> std::ops::Range<usize> {
    let middle = (2 * part + 1) * side / (2 * OCCLUSION_SIDE);
    let half = (side / 8).max(1);
    middle.saturating_sub(half)..(middle + half).min(side)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_cover_all_of_the_picture() {
        for side in [32, 40, 224, 7] {
            let covered: Vec<usize> = (0..OCCLUSION_SIDE).flat_map(|part| span(part, side)).collect();
            assert!((0..side).all(|at| covered.contains(&at)), "{side}: {covered:?}");
            assert!((0..OCCLUSION_SIDE).all(|part| span(part, side).end <= side && !span(part, side).is_empty()));
        }
        assert_eq!((span(0, 32), span(3, 32), span(7, 32)), (0..6, 10..18, 26..32));
    }
}
