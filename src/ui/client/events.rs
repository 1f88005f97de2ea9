//! The worker's events, written into the state.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::{Blob, Url};

use super::save_file::save_file;
use super::state::State;
use super::tunings::store_tuning;
use crate::platform::Message;
use crate::protocol::{Event, GpuState, KernelTuning, Picture};
use crate::ui::state::{ShownGroup, ShownPicture};
use crate::view::group::GroupValues;
use crate::view::words;
use crate::zoo::Location;

impl State {
    /// Writes an event into the state, and does what it asks of the page.
    pub(crate) fn apply(self, message: Message<Event>) {
        let Self { choice, device, loading, results, looks, notices, laboratory, .. } = self;
        match message.what {
            Event::Gpu(gpu) => {
                if gpu == GpuState::Asking {
                    // The next adapter has a tuning of its own.
                    device.tuned.set(None);
                    results.forget_gpu_rate();
                    laboratory.forget_gpu_runs();
                }
                device.gpu.set(gpu);
            }
            Event::Work(work) => results.work.set(work),
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
            Event::Picture(picture) => {
                let seen = message.bytes.map(|bytes| bytes.to_vec()).unwrap_or_default();
                self.show_picture(picture, seen, message.file);
            }
            Event::Answer(answer) => results.answer.set(Some(answer)),
            Event::Occlusion(map) => looks.occlusion.set(Some(map)),
            Event::ClassActivation(maps) => looks.class_activation.set(Some(maps)),
            Event::Group(group) => {
                let bytes = message.bytes.map(|bytes| bytes.to_vec()).unwrap_or_default();
                if let Some(values) = GroupValues::new(group.sizes, &bytes) {
                    looks.group.set(Some(ShownGroup { group, values: Arc::new(values) }));
                }
            }
            Event::Forms(forms) => looks.forms.set(Some(forms)),
            Event::Memory { setting, bytes } => results.memory.set(Some((setting, bytes))),
            Event::Profile(profile) => results.keep_profile(profile),
            Event::Timed(timed) => results.keep_timed(timed),
            Event::Tuned(tuned) => self.take_tuning(tuned),
            Event::Evaluated(evaluation) => results.keep_evaluation(evaluation),
            Event::Evaluating(setting) => results.evaluating.set(setting),
            Event::Laboratory(measured) => self.take_measured(measured),
            Event::Saved { name } => {
                if let Some(file) = message.file {
                    save_file(&name, &file);
                }
            }
            Event::Notice(notice) => notices.add(notice.is_error(), words::notice(&notice), None),
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

    fn show_picture(self, picture: Picture, seen: Vec<u8>, file: Option<Blob>) {
        let old = self.results.picture.get_untracked();
        let url = match (&old, file) {
            // The same picture, prepared for another network.
            (Some(old), _) if old.picture.request.id == picture.request.id => old.url.clone(),
            (_, Some(file)) => Url::create_object_url_with_blob(&file).unwrap_or_default(),
            (_, None) => String::new(),
        };
        if let Some(old) = old.filter(|old| old.url != url) {
            // If this fails, the browser keeps the memory until the page is closed.
            let _ = Url::revoke_object_url(&old.url);
        }
        self.results.picture.set(Some(ShownPicture { picture, url, seen: Arc::new(seen) }));
    }

    fn take_tuning(self, tuned: KernelTuning) {
        if let Some(key) = &tuned.key {
            store_tuning(key, &tuned.tuning);
        }
        if tuned.changed {
            self.results.drop_gpu_times();
            self.laboratory.forget_gpu_runs();
        }
        self.device.tuned.set(Some(tuned));
    }
}
