//! The session's results: the picture as the network sees it, the answer, and measurements.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::Url;

use super::Choice;
use crate::protocol::{Answer, Backend, Evaluation, Picture, Profile, Setting, StepProfile, Timed, Work};
use crate::view::dispatches::{self, Best};

#[derive(Clone, Copy)]
pub(crate) struct Results {
    /// What the worker is doing, by its last event.
    pub work: RwSignal<Work>,
    pub picture: RwSignal<Option<ShownPicture>>,
    /// Whether a picture is being made ready.
    pub preparing: RwSignal<bool>,
    pub answer: RwSignal<Option<Answer>>,
    /// One entry per setting.
    pub timed: RwSignal<Vec<Timed>>,
    pub profile: RwSignal<Option<Profile>>,
    /// The highest rate of any dispatch, one entry per backend.
    pub best: RwSignal<Vec<Best>>,
    /// Bytes that a setting takes on its device.
    pub memory: RwSignal<Option<(Setting, u64)>>,
    /// One entry per setting.
    pub evaluations: RwSignal<Vec<Evaluation>>,
    /// The setting whose accuracy is being measured.
    pub evaluating: RwSignal<Option<Setting>>,

    /// What is being done for the present choice. A worker that was ready for an earlier choice is not ready for this one.
    pub work_now: Memo<Work>,
    /// The runs of the chosen setting.
    pub timed_now: Memo<Option<Timed>>,
    /// The dispatches of the chosen setting.
    pub steps_now: Memo<Option<Vec<StepProfile>>>,
    /// The answers of the chosen setting to the test pictures.
    pub evaluation_now: Memo<Option<Evaluation>>,
}

/// A picture as the page shows it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ShownPicture {
    pub picture: Picture,
    /// The object URL of its file; empty for a frame, which is shown by its video.
    pub url: String,
    /// What the network sees of it: RGBA, row by row.
    pub seen: Arc<Vec<u8>>,
}

impl Results {
    pub(crate) fn new(choice: Choice) -> Self {
        let work = RwSignal::new(Work::Starting);
        let picture = RwSignal::new(None::<ShownPicture>);
        let answer = RwSignal::new(None::<Answer>);
        let timed = RwSignal::new(Vec::<Timed>::new());
        let profile = RwSignal::new(None::<Profile>);
        let evaluations = RwSignal::new(Vec::<Evaluation>::new());
        let setting = choice.setting;
        Self {
            work,
            picture,
            preparing: RwSignal::new(false),
            answer,
            timed,
            profile,
            best: RwSignal::default(),
            memory: RwSignal::new(None),
            evaluations,
            evaluating: RwSignal::new(None),
            work_now: Memo::new(move |_| {
                let shown = picture.with(|shown| shown.as_ref().map(|shown| shown.picture.request.id));
                let is_answered = setting.with(|now| {
                    answer.with(|answer| {
                        answer.as_ref().is_some_and(|answer| Some(answer.picture) == shown && answer.setting == *now)
                    })
                });
                match work.get() {
                    Work::Ready | Work::Sweeping { .. } | Work::Measuring { .. } if shown.is_some() && !is_answered => {
                        Work::Starting
                    }
                    work => work,
                }
            }),
            timed_now: Memo::new(move |_| setting.with(|now| timed_of(timed, now))),
            steps_now: Memo::new(move |_| {
                let profile = profile.get();
                setting.with(|now| profile.filter(|profile| profile.setting == *now).map(|profile| profile.steps))
            }),
            evaluation_now: Memo::new(move |_| {
                setting.with(|now| evaluations.with(|all| all.iter().find(|known| known.setting == *now).cloned()))
            }),
        }
    }

    /// Shows a picture in the place of the last.
    pub(crate) fn show(self, newest: ShownPicture) {
        let url = newest.url.clone();
        let old = self.picture.try_update(|shown| shown.replace(newest)).flatten();
        if let Some(old) = old.filter(|old| old.url != url) {
            // If this fails, the browser keeps the memory until the page is closed.
            let _ = Url::revoke_object_url(&old.url);
        }
    }

    /// The runs of a setting; a reader hears of newer ones.
    pub(crate) fn timed_of(self, setting: &Setting) -> Option<Timed> {
        timed_of(self.timed, setting)
    }

    /// Keeps the newest times of dispatches, and the device's best rate.
    pub(crate) fn keep_profile(self, newest: Profile) {
        self.best.update(|all| {
            let known = all.iter().position(|best| best.backend == newest.setting.backend);
            let known = known.map(|known| all.swap_remove(known));
            all.extend(dispatches::best(known, &newest));
        });
        self.profile.set(Some(newest));
    }

    /// Forgets the best rate of a GPU that is gone.
    pub(crate) fn forget_gpu_rate(self) {
        self.best.update(|all| all.retain(|best| best.backend != Backend::WebGpu));
    }

    /// Keeps the newest runs of a setting.
    pub(crate) fn keep_timed(self, newest: Timed) {
        self.timed.update(|all| {
            all.retain(|known| known.setting != newest.setting);
            all.push(newest);
        });
    }

    /// Keeps the newest answers of a setting to the test pictures, in the place of the older ones.
    pub(crate) fn keep_evaluation(self, newest: Evaluation) {
        self.evaluations.update(|all| match all.iter_mut().find(|known| known.setting == newest.setting) {
            Some(known) => *known = newest,
            None => all.push(newest),
        });
    }

    /// Drops the times of kernels that are not in use any more.
    pub(crate) fn drop_gpu_times(self) {
        self.timed.update(|all| all.retain(|known| known.setting.backend != Backend::WebGpu));
        self.profile.update(|profile| {
            profile.take_if(|profile| profile.setting.backend == Backend::WebGpu);
        });
    }
}

fn timed_of(timed: RwSignal<Vec<Timed>>, setting: &Setting) -> Option<Timed> {
    timed.with(|all| all.iter().find(|timed| timed.setting == *setting).cloned())
}
