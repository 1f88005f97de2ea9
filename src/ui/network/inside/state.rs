//! What is looked at inside the selected part, and what of it has come.

use leptos::prelude::*;

use crate::protocol::{GROUP_CHANNELS, GroupLook};
use crate::ui::state::{Choice, Looks, Results, Selection, ShownGroup};
use crate::view::group::{Equation, Scale, Subject, Sum};

#[derive(Clone, Copy)]
pub(super) struct Inside {
    /// Whether the panel is open.
    pub open: RwSignal<bool>,
    /// The convolution of the selected part; `None` for the head.
    pub subject: Memo<Option<Subject>>,
    /// The group, from 0.
    pub group: RwSignal<usize>,
    /// The output channel, from 0 within the group.
    pub channel: RwSignal<usize>,
    /// The first of the input channels that are shown one by one, from 0 within the group.
    pub first_input: RwSignal<usize>,
    /// Row and column of the output pixel pointed at; where none was, it is the strongest.
    pub pixel: RwSignal<Option<(usize, usize)>>,
    /// What has come last. It stays, dimmed, until what is asked for is there.
    pub shown: RwSignal<Option<ShownGroup>>,
    /// Whether something else is asked for than is shown.
    pub is_stale: Memo<bool>,
}

impl Inside {
    pub(super) fn new() -> Self {
        let choice = expect_context::<Choice>();
        let selection = expect_context::<Selection>();
        let results = expect_context::<Results>();
        let looks = expect_context::<Looks>();
        let subject = Memo::new(move |_| {
            let selected = selection.selected.get()?;
            let graph = choice.graph.get();
            choice.parts.with(|parts| Subject::new(&graph, parts.get(selected)?))
        });
        let open = RwSignal::new(false);
        let (group, channel, first_input) = (RwSignal::new(0), RwSignal::new(0), RwSignal::new(0));
        let pixel = RwSignal::new(None);
        // Another convolution has other groups, channels and pixels.
        Effect::new(move |before: Option<Option<Subject>>| {
            let now = subject.get();
            if before.is_some_and(|before| before != now) {
                let groups = now.as_ref().map_or(1, |now| now.groups);
                group.update(|group| *group = (*group).min(groups - 1));
                channel.set(0);
                first_input.set(0);
                pixel.set(None);
            }
            now
        });
        let look = Memo::new(move |_| {
            let Subject { layer, groups, out_channels, .. } = subject.get().filter(|_| open.get())?;
            let channel = channel.get().min(out_channels - 1);
            Some(GroupLook { layer, group: group.get().min(groups - 1), first: channel - channel % GROUP_CHANNELS })
        });
        Effect::new(move |_| {
            let group = look.get();
            looks.wanted.update(|wanted| wanted.group = group);
        });
        let shown = looks.group;
        let is_stale = Memo::new(move |_| {
            let picture = results.picture.with(|shown| shown.as_ref().map(|shown| shown.picture.request.id));
            shown.with(|shown| {
                shown.as_ref().is_some_and(|ShownGroup { group, .. }| {
                    Some(&group.look) != look.get().as_ref()
                        || Some(group.picture) != picture
                        || group.setting != choice.setting.get()
                })
            })
        });
        Self { open, subject, group, channel, first_input, pixel, shown, is_stale }
    }

    /// Reads what is shown, where something is.
    pub(super) fn with<T>(self, read: impl FnOnce(&ShownGroup) -> T) -> Option<T> {
        self.shown.with(|shown| shown.as_ref().map(read))
    }

    /// The output channel that is shown, from 0 among those that have come.
    pub(super) fn told_channel(self, shown: &ShownGroup) -> usize {
        let told = self.channel.get().checked_sub(shown.group.look.first);
        told.filter(|&channel| channel < shown.values.sizes.shown).unwrap_or(0)
    }

    /// Row and column of the output pixel that is shown.
    pub(super) fn told_pixel(self, shown: &ShownGroup) -> (usize, usize) {
        let (h, w) = shown.values.sizes.output;
        let pointed = self.pixel.get().map(|(y, x)| (y.min(h - 1), x.min(w - 1)));
        pointed.unwrap_or_else(|| shown.values.strongest(self.told_channel(shown)))
    }

    /// The input channels that are shown one by one.
    pub(super) fn inputs(self, shown: &ShownGroup) -> std::ops::Range<usize> {
        let count = shown.values.sizes.in_channels;
        let first = Some(self.first_input.get()).filter(|first| *first < count).unwrap_or(0);
        first..(first + GROUP_CHANNELS).min(count)
    }

    /// How the number of the pixel that is shown comes about.
    pub(super) fn sum(self, shown: &ShownGroup) -> (Sum, Equation) {
        let sum = shown.values.sum(self.told_channel(shown), self.told_pixel(shown));
        let peak = f64::from(Scale::of(shown.values.outputs()).high);
        let equation = Equation::new(&sum, self.inputs(shown), peak);
        (sum, equation)
    }
}
