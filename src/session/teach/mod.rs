//! Teaching: every picture goes through the network on the page once, and a head is learned from what it has before its `fc`.
//!
//! The network with the new head is listed like any other, and the page chooses it. While it is the one on the page, it gives the
//! features too: it differs from the network that was taught by its head alone. Pictures are looked at, and lessons learned, before
//! the picture of the page is answered, or between two frames.

mod learn;

use super::host::Host;
use super::pass::Interrupt;
use super::state::Session;
use super::tracks::{Base, BaseKey, TeachPicture};
use crate::protocol::{Event, Lesson, Setting, Teaching, Work};
use crate::zoo::TAUGHT_ID;

/// Marks the track until it is dropped, also where the work on it is dropped.
struct AtWork<H: Host>(Session<H>);

impl<H: Host> AtWork<H> {
    fn enter(session: &Session<H>) -> Self {
        session.teach.is_at_work.set(true);
        Self(session.clone())
    }
}

impl<H: Host> Drop for AtWork<H> {
    fn drop(&mut self) {
        self.0.teach.is_at_work.set(false);
    }
}

impl<H: Host> Session<H> {
    /// Takes a picture for a lesson that follows.
    pub(super) fn take_teach_picture(&self, id: u64, file: Option<H::File>) {
        let Some(file) = file else { return };
        self.teach.pictures.borrow_mut().push(TeachPicture { id, file, features: Vec::new() });
        self.wake_teaching();
    }

    /// Takes a lesson, and forgets the pictures that are not in it.
    pub(super) fn take_lesson(&self, lesson: Lesson) {
        self.teach.pictures.borrow_mut().retain(|picture| lesson.pictures().any(|id| id == picture.id));
        *self.teach.lesson.borrow_mut() = lesson;
        self.wake_teaching();
    }

    /// Ends the lesson under way, and forgets its pictures. What has been learned stays.
    #[cfg(feature = "package")]
    pub(super) fn stop_teaching(&self) {
        self.teach.pictures.take();
        self.teach.done.set(self.teach.lesson.take().id);
        if self.teach.is_at_work.get() {
            self.begin_pass();
        }
    }

    fn wake_teaching(&self) {
        // Between two frames it is looked for, too.
        if !self.teach.is_at_work.get() && !self.live.is_on.get() {
            self.begin_pass();
        }
    }

    /// Looks at the pictures that the network has not seen, and learns the lesson; says whether another network was listed, which the
    /// page chooses now. With `one_at_a_time` it looks at one picture at the most, and learns where all have been seen.
    pub(super) async fn teach(
        &self,
        setting: &Setting,
        classifier: &H::Classifier,
        one_at_a_time: bool,
    ) -> Result<bool, Interrupt> {
        let Some(base) = self.base_of(setting, classifier) else { return Ok(false) };
        let _at_work = AtWork::enter(self);
        loop {
            // A network that is being loaded is about to take this one's place, and is listed where it was to be when its load began.
            if self.load.is_busy() {
                return Ok(false);
            }
            if let Some((id, file)) = self.teach.unseen(&base.key) {
                let (done, total) = self.teach.progress(&base.key);
                if !one_at_a_time {
                    self.work(Work::Teaching { done, total });
                }
                self.host.turn().await;
                self.see(id, &file, &base.key, classifier).await?;
                if one_at_a_time {
                    return Ok(false);
                }
                continue;
            }
            let Some(lesson) = self.teach.next() else { return Ok(false) };
            if !one_at_a_time {
                self.work(Work::Learning);
            }
            self.host.turn().await;
            if self.learn(&base, &lesson).await {
                return Ok(true);
            }
        }
    }

    /// The network that is taught while this one is on the page. `None` where that has a taught head and its dial was turned.
    fn base_of(&self, setting: &Setting, classifier: &H::Classifier) -> Option<Base> {
        let model = self.host.model(classifier);
        if self.networks.get(setting.network)?.id == TAUGHT_ID {
            return self.teach.base.borrow().clone().filter(|_| model.is_taught());
        }
        let key = BaseKey {
            network: setting.network,
            config: setting.config.clone(),
            preprocess: model.preprocess().clone(),
        };
        Some(Base { key, model: model.clone() })
    }

    /// Keeps what the network has of a picture before its `fc`. A picture that cannot be used is forgotten, and told.
    async fn see(&self, id: u64, file: &H::File, key: &BaseKey, classifier: &H::Classifier) -> Result<(), Interrupt> {
        let start = self.host.now();
        let decoded = self.host.decode(file, &key.preprocess).await;
        let tensor = match decoded {
            Ok(decoded) => decoded.prepared.tensor,
            Err(reason) => {
                self.teach.pictures.borrow_mut().retain(|picture| picture.id != id);
                self.emit(Event::Teaching(Teaching::Refused { picture: id, reason }));
                return Ok(());
            }
        };
        let features = self.host.classify(classifier, &tensor).await?.features().into();
        self.device.losses.forget();
        let mut pictures = self.teach.pictures.borrow_mut();
        if let Some(picture) = pictures.iter_mut().find(|picture| picture.id == id) {
            picture.features.push((key.clone(), features));
        }
        self.teach.features_ms.set(self.teach.features_ms.get() + self.host.now() - start);
        Ok(())
    }
}
