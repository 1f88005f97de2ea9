//! Questions about single pictures. Each is answered by the network that is on its device, without a pass and without anything
//! that the page shows: it waits until the network is there, and for another device where that was lost.

use super::answers::finite;
use super::host::{Decoded, Host};
use super::pass::Interrupt;
use super::state::Session;
use crate::classifier::top_k;
use crate::protocol::{Event, Question, Reply, ReplyOutcome, Seen, SeenMaps, Setting};

/// What a question is about.
enum Picture<F, P> {
    File(F),
    Pixels(P),
}

impl<H: Host> Session<H> {
    /// Answers a question. A newer one takes its place.
    pub(super) fn take_question(&self, question: Question, file: Option<H::File>, frame: Option<H::Frame>) {
        let session = self.clone();
        self.begin(&self.question, async move {
            let outcome = match (frame, file) {
                (Some(frame), _) => session.outcome(&question, &Picture::Pixels(frame)).await,
                (None, Some(file)) => session.outcome(&question, &Picture::File(file)).await,
                (None, None) => ReplyOutcome::Picture("its file is missing".into()),
            };
            session.emit(Event::Reply(Reply { id: question.id, outcome }));
        });
    }

    async fn outcome(&self, question: &Question, picture: &Picture<H::File, H::Frame>) -> ReplyOutcome {
        loop {
            let (setting, classifier) = self.until(|| self.network_on_device()).await;
            let interrupt = match self.see_once(question, picture, setting, &classifier).await {
                Ok(outcome) => return outcome,
                Err(interrupt) => interrupt,
            };
            match interrupt {
                Interrupt::Failed(failure) => return ReplyOutcome::Failed(failure),
                // Another kernel or another device comes.
                Interrupt::Wait | Interrupt::Restart | Interrupt::WrongResults(_) => {}
                #[cfg(feature = "page")]
                Interrupt::CoresFailed(why) => {
                    drop(classifier);
                    self.cores_failed(why);
                    self.begin_pass();
                }
                #[cfg(feature = "page")]
                Interrupt::OutsideF16 => {
                    drop(classifier);
                    self.pass.drop_classifiers();
                    self.begin_pass();
                }
                // Another device comes, or the CPU.
                Interrupt::DeviceLost { hung } => self.device_lost_under(classifier, hung),
            }
        }
    }

    async fn see_once(
        &self,
        question: &Question,
        picture: &Picture<H::File, H::Frame>,
        setting: Setting,
        classifier: &H::Classifier,
    ) -> Result<ReplyOutcome, Interrupt> {
        let model = self.host.model(classifier);
        let preprocess = model.preprocess();
        let decoded = match picture {
            Picture::File(file) => self.host.decode(file, preprocess).await,
            Picture::Pixels(frame) => self.host.decode_frame(frame, preprocess),
        };
        let Decoded { prepared, .. } = match decoded {
            Ok(decoded) => decoded,
            Err(reason) => return Ok(ReplyOutcome::Picture(reason)),
        };
        let result = self.host.classify(classifier, &prepared.tensor).await?;
        self.device.losses.forget();
        finite(&result.logits)?;
        let features = if question.features { result.features().to_vec() } else { Vec::new() };
        let classes = result.probabilities.len();
        let top = top_k(&result.probabilities, question.top.min(classes));
        let named = self.with_indices(&setting, model, &top);
        let maps = match &question.maps {
            None => None,
            Some(wanted) => {
                let wanted =
                    if wanted.is_empty() { top.iter().map(|&(class, _)| class).collect() } else { wanted.clone() };
                if wanted.is_empty() || wanted.iter().any(|&class| class >= classes) {
                    return Ok(ReplyOutcome::NoSuchClass { classes });
                }
                // Where another run has come between, the question is asked again.
                let maps =
                    self.host.class_activation(classifier, result.run, &wanted).await?.ok_or(Interrupt::Restart)?;
                let plane = (maps.shape.h * maps.shape.w).max(1);
                let wanted: Vec<(usize, f32)> = wanted.into_iter().map(|class| (class, 0.0)).collect();
                let named = self.with_indices(&setting, model, &wanted).into_iter();
                Some(SeenMaps {
                    classes: named.map(|(class, name, _)| (class, name)).collect(),
                    width: maps.shape.w,
                    maps: maps.values.chunks(plane).map(<[f32]>::to_vec).collect(),
                })
            }
        };
        Ok(ReplyOutcome::Seen(Box::new(Seen { backend: setting.backend, top: named, maps, features })))
    }

    /// Answers with their indices and the names of their classes.
    fn with_indices(
        &self,
        setting: &Setting,
        model: &crate::classifier::Model,
        answers: &[(usize, f32)],
    ) -> Vec<(usize, String, f32)> {
        let named = self.named(setting, model, answers.to_vec());
        answers.iter().zip(named).map(|(&(class, _), (name, share))| (class, name, share)).collect()
    }
}
