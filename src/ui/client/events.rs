//! The worker's events, written into the state.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::{Blob, Url};

use super::save_file::save_file;
use super::state::State;
use super::tunings::store_tuning;
use crate::platform::Message;
use crate::protocol::{Event, Frame, GpuState, KernelTuning, Lesson, Picture, Teaching, Work};
use crate::ui::state::{ShownGroup, ShownPicture};
use crate::view::group::GroupValues;
use crate::view::teach::obstacle;
use crate::view::words;
use crate::zoo::Location;

impl State {
    /// Writes an event into the state, and does what it asks of the page.
    pub(crate) fn apply(self, message: Message<Event>) {
        let Self { choice, device, loading, results, looks, notices, laboratory, live, teach, .. } = self;
        let Message { what, bytes, file, .. } = message;
        let bytes = || bytes.map(|bytes| bytes.to_vec()).unwrap_or_default();
        match what {
            Event::Gpu(gpu) => {
                if gpu == GpuState::Asking {
                    // The next adapter has a tuning of its own.
                    device.tuned.set(None);
                    device.checked.set(None);
                    results.forget_gpu_rate();
                    laboratory.forget_gpu_runs();
                }
                device.gpu.set(gpu);
            }
            Event::Cores(cores) => device.cores.set(cores),
            Event::Work(work) => {
                if let Work::Failed(failure) = &work {
                    notices.record(&failure.reason);
                }
                results.work.set(work);
            }
            Event::Network { index, network } => {
                let title = network.title.clone();
                if let Err(reason) = choice.learn(index, network) {
                    notices.error(words::not_listed(&title, &reason));
                }
            }
            Event::Load(load) => loading.load.set(load),
            Event::Loaded { network } => {
                loading.loaded(network);
                self.tell_reading(network);
                let wish = choice.wish.try_update(Option::take).flatten();
                match wish.filter(|wish| wish.network == network) {
                    Some(wish) => choice.grant(wish),
                    None => choice.turn_to(network),
                }
            }
            Event::Files(files) => loading.kept.set(Some(files)),
            Event::Preparing(preparing) => results.preparing.set(preparing),
            Event::Picture(picture) => self.show_picture(picture, bytes(), file),
            Event::Frame(frame) => self.show_frame(*frame, bytes()),
            Event::LiveFailed(reason) => {
                live.end();
                notices.error(reason);
            }
            #[cfg(feature = "package")]
            Event::Reply(_) => {}
            Event::Answer(answer) => results.answer.set(Some(answer)),
            Event::Occlusion(map) => looks.occlusion.set(Some(map)),
            Event::ClassActivation(maps) => looks.class_activation.set(Some(maps)),
            Event::Group(group) => {
                if let Some(values) = GroupValues::new(group.sizes, &bytes()) {
                    looks.group.set(Some(ShownGroup { group, values: Arc::new(values) }));
                }
            }
            Event::Forms(forms) => looks.forms.set(Some(forms)),
            Event::Memory { setting, bytes } => results.memory.set(Some((setting, bytes))),
            Event::Profile(profile) => results.keep_profile(profile),
            Event::Timed(timed) => results.keep_timed(timed),
            Event::Tuned(tuned) => self.take_tuning(tuned),
            Event::SelfCheck(check) => {
                if check.failed().is_some() {
                    self.forget_gpu_times();
                }
                device.checked.set(Some(check));
            }
            Event::Evaluated(evaluation) => results.keep_evaluation(evaluation),
            Event::Evaluating(setting) => results.evaluating.set(setting),
            Event::Laboratory(measured) => self.take_measured(measured),
            Event::Teaching(Teaching::Learned(learned)) => teach.learned(learned),
            Event::Teaching(Teaching::Failed { lesson, reason }) => teach.failed(lesson, reason),
            Event::Teaching(Teaching::Refused { picture, reason }) => {
                if let Some(name) = teach.remove(picture) {
                    teach.leave_out(words::unusable(&name, &reason));
                }
            }
            Event::Saved { name } => {
                if let Some(file) = file {
                    save_file(&name, &file);
                }
            }
            Event::Notice(notice) => notices.add(notice.is_error(), words::notice(&notice), None),
        }
    }

    /// Sends what can be learned.
    pub(super) fn learn(self, send: impl FnOnce(Lesson)) {
        let teach = self.teach;
        if obstacle(&untrack(|| teach.counted())).is_none() {
            teach.is_learning.set(true);
            send(teach.lesson());
        }
    }

    /// Tells how the file of a visitor's network was read, where it was not read as it is.
    fn tell_reading(self, place: usize) {
        let note = self.choice.networks.with_untracked(|networks| {
            let network = networks.get(place)?.network();
            let own =
                network.trained.first().filter(|own| matches!(own.location, Location::File(_) | Location::Url(_)))?;
            words::reading_note(network.reading.as_ref()?, own.file())
        });
        if let Some(note) = note {
            self.notices.note(note);
        }
    }

    /// Shows a frame and its answer, unless the frames have ended meanwhile.
    fn show_frame(self, frame: Frame, seen: Vec<u8>) {
        let Self { results, looks, live, .. } = self;
        if !live.answered(&frame) {
            return;
        }
        let Frame { picture, answer, class_activation } = frame;
        results.preparing.set(false);
        results.show(ShownPicture { picture, url: String::new(), seen: Arc::new(seen) });
        results.answer.set(Some(answer));
        if class_activation.is_some() {
            looks.class_activation.set(class_activation);
        }
    }

    fn show_picture(self, picture: Picture, seen: Vec<u8>, file: Option<Blob>) {
        let id = picture.request.id;
        // The picture from before the frames, prepared for another network.
        if self.live.is_on() && !self.live.is_replaced_by(id) {
            return;
        }
        let old = self.results.picture.with_untracked(|old| {
            let same = old.as_ref().filter(|old| old.picture.request.id == id);
            same.map(|old| old.url.clone())
        });
        // The same picture, prepared for another network, has its address.
        let made = || file.and_then(|file| Url::create_object_url_with_blob(&file).ok());
        let url = old.or_else(made).unwrap_or_default();
        self.results.show(ShownPicture { picture, url, seen: Arc::new(seen) });
    }

    fn take_tuning(self, tuned: KernelTuning) {
        if let Some(key) = &tuned.key {
            store_tuning(key, &tuned.tuning);
        }
        if tuned.changed {
            self.forget_gpu_times();
        }
        self.device.tuned.set(Some(tuned));
    }

    /// Drops what was measured with other kernels of the GPU.
    fn forget_gpu_times(self) {
        self.results.drop_gpu_times();
        self.laboratory.forget_gpu_runs();
    }
}
