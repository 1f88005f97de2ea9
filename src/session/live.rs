//! Frames of a camera, a video or a screen. Each is answered by the network that is on its device, without a pass: no measuring
//! comes between. The page sends the next when it has the answer, so that none waits in a queue.

use super::answers::finite;
use super::host::{Decoded, Host};
use super::pass::{Interrupt, maps_of};
use super::picture::described;
use super::state::Session;
use crate::classifier::{TOP_K, top_k};
use crate::protocol::{Answer, Event, Frame, LoadFailure, LoadProblem, PictureRequest, Setting};

impl<H: Host> Session<H> {
    /// Frames follow, or end. Then the picture is up to date again.
    pub(super) fn turn_live(&self, is_on: bool) {
        self.live.is_on.set(is_on);
        self.live.steady.borrow_mut().clear();
        if !is_on {
            self.live.slot.stop();
        }
        self.begin_pass();
    }

    /// Answers a frame as soon as the network of the choice is on its device.
    pub(super) fn take_frame(&self, request: PictureRequest, frame: Option<H::Frame>) {
        let Some(frame) = frame.filter(|_| self.live.is_on.get()) else { return };
        let session = self.clone();
        self.begin(&self.live.slot, async move {
            loop {
                let (setting, classifier) = session.until(|| session.network_on_device()).await;
                let answered = match session.teach(&setting, &classifier, true).await {
                    // The frame waits for the network that has learned.
                    Ok(true) => continue,
                    Ok(false) => session.answer_frame(&request, &frame, setting, &classifier).await,
                    Err(interrupt) => Err(interrupt),
                };
                match answered {
                    Ok(()) | Err(Interrupt::Wait) => return,
                    Err(Interrupt::Restart) => {}
                    Err(Interrupt::Failed(failure)) => {
                        session.emit(Event::LiveFailed(failure.reason));
                        return session.later(|session| session.turn_live(false));
                    }
                    Err(Interrupt::CoresFailed(why)) => {
                        drop(classifier);
                        session.cores_failed(why);
                        session.begin_pass();
                    }
                    Err(Interrupt::OutsideF16) => {
                        drop(classifier);
                        session.pass.drop_classifiers();
                        session.begin_pass();
                    }
                    // Another device comes, or the CPU; the frame waits for it.
                    Err(Interrupt::DeviceLost { hung }) => session.device_lost_under(classifier, hung),
                    Err(Interrupt::WrongResults(notice)) => {
                        drop(classifier);
                        session.device_is_wrong(notice);
                    }
                }
            }
        });
    }

    async fn answer_frame(
        &self,
        request: &PictureRequest,
        frame: &H::Frame,
        setting: Setting,
        classifier: &H::Classifier,
    ) -> Result<(), Interrupt> {
        let model = self.host.model(classifier);
        let preprocess = model.preprocess();
        let start = self.host.now();
        let unusable = |reason| Interrupt::Failed(LoadFailure::new(LoadProblem::File, reason));
        let decoded = self.host.decode_frame(frame, preprocess).map_err(unusable)?;
        let prepare_ms = self.host.now() - start;
        let Decoded { width, height, prepared, .. } = decoded;
        let result = self.host.classify(classifier, &prepared.tensor).await?;
        self.device.losses.forget();
        finite(&result.logits)?;
        let mean = self.live.steady.borrow_mut().push(&setting, self.host.now(), result.probabilities);
        let top = top_k(&mean, TOP_K);
        let classes: Vec<usize> = top.iter().map(|(class, _)| *class).collect();
        let class_activation = if self.looks.borrow().class_activation && !classes.is_empty() {
            let maps = self.host.class_activation(classifier, result.run, &classes).await?;
            maps.map(|maps| maps_of(request.id, setting.clone(), &maps))
        } else {
            None
        };
        let picture = described(request, (width, height), preprocess, prepare_ms);
        let answer = Answer {
            picture: request.id,
            top: self.named(&setting, model, top),
            setting,
            logits: Vec::new(),
            wall_ms: result.timing.wall_ms,
            gpu_ms: result.timing.gpu_ms,
        };
        self.host
            .emit_bytes(Event::Frame(Box::new(Frame { picture, answer, class_activation })), &prepared.seen.to_rgba());
        Ok(())
    }
}
