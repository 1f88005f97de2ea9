//! The map over the picture: of which class, of which kind, how dense.

use leptos::prelude::*;

use super::{Choice, Looks, Results};
use crate::protocol::{Answer, ClassActivation, Occlusion};
use crate::view::map::{Map, MapKind};

/// How much of the picture a map covers at first.
const OPACITY: f64 = 0.6;

#[derive(Clone, Copy)]
pub(crate) struct Maps {
    looks: Looks,
    /// The place in the answer of the class that is pointed at or focused.
    pub pointed: RwSignal<Option<usize>>,
    /// The place of the class that was chosen; its map stays.
    pub chosen: RwSignal<Option<usize>>,
    /// What the map of the chosen class shows.
    pub kind: RwSignal<MapKind>,
    /// From 0 to 1.
    pub opacity: RwSignal<f64>,
    /// The place of the class whose map is shown: only of an answer that is up to date.
    pub place: Memo<Option<usize>>,
    /// The map that is shown, as soon as it is there.
    pub shown: Memo<Option<Map>>,
}

impl Maps {
    pub(crate) fn new(choice: Choice, results: Results, looks: Looks) -> Self {
        let (pointed, chosen) = (RwSignal::new(None), RwSignal::new(None::<usize>));
        let kind = RwSignal::new(MapKind::default());
        let picture = move || results.picture.with(|shown| shown.as_ref().map(|shown| shown.picture.request.id));
        let is_fresh =
            move |answer: &Answer| Some(answer.picture) == picture() && answer.setting == choice.setting.get();
        let place = Memo::new(move |_| {
            let classes = results.answer.with(|answer| {
                answer.as_ref().filter(|answer| choice.is_trained() && is_fresh(answer)).map_or(0, |it| it.top.len())
            });
            pointed.get().or(chosen.get()).filter(|&place| place < classes)
        });
        let shown = Memo::new(move |_| {
            let place = place.get()?;
            let label = results.answer.with(|answer| answer.as_ref().map(|answer| answer.top[place].0.clone()))?;
            if chosen.get() == Some(place) && kind.get() == MapKind::Occlusion {
                let fits = |map: &&Occlusion| {
                    Some(map.picture) == picture() && map.setting == choice.setting.get() && map.place == place
                };
                looks.occlusion.with(|map| map.as_ref().filter(fits).map(|map| Map::of_occlusion(label, map)))
            } else {
                let fits =
                    |maps: &&ClassActivation| Some(maps.picture) == picture() && maps.setting == choice.setting.get();
                looks.class_activation.with(|maps| Map::of_class_activation(label, maps.as_ref().filter(fits)?, place))
            }
        });
        Self { looks, pointed, chosen, kind, opacity: RwSignal::new(OPACITY), place, shown }
    }

    /// Whether the map of a class is kept, and its controls are shown.
    pub(crate) fn is_kept(self) -> bool {
        self.chosen.get().is_some() && self.place.get().is_some()
    }

    /// What the map that is shown shows: occlusion, of the chosen class alone.
    pub(crate) fn shown_kind(self) -> MapKind {
        if self.chosen.get() == self.place.get() { self.kind.get() } else { MapKind::ClassActivation }
    }

    /// Points at a class, whose map is shown for as long as that.
    pub(crate) fn point(self, place: usize) {
        self.pointed.set(Some(place));
        self.looks.wanted.update(|wanted| wanted.class_activation = true);
    }

    /// Points at nothing.
    pub(crate) fn leave(self) {
        self.pointed.set(None);
    }

    /// Chooses a class, or none where it is chosen already.
    pub(crate) fn choose(self, place: usize) {
        if self.chosen.get_untracked() == Some(place) {
            self.close();
        } else {
            self.chosen.set(Some(place));
            self.point(place);
            self.ask_for_occlusion();
        }
    }

    /// Keeps the map of the class at a place in the answer, as soon as there is one; or none.
    pub(crate) fn keep(self, map: Option<(usize, MapKind)>) {
        let Some((place, kind)) = map else {
            self.close();
            return;
        };
        self.chosen.set(Some(place));
        self.kind.set(kind);
        self.looks.wanted.update(|wanted| wanted.class_activation = true);
        self.ask_for_occlusion();
    }

    /// Chooses what the map of the chosen class shows.
    pub(crate) fn turn_to(self, kind: MapKind) {
        self.kind.set(kind);
        self.ask_for_occlusion();
    }

    /// Closes the map; says whether one was open.
    pub(crate) fn close(self) -> bool {
        let was_open = self.place.get_untracked().is_some();
        self.pointed.set(None);
        self.chosen.set(None);
        self.kind.set(MapKind::ClassActivation);
        self.ask_for_occlusion();
        was_open
    }

    fn ask_for_occlusion(self) {
        let is_wanted = self.kind.get_untracked() == MapKind::Occlusion;
        let place = self.chosen.get_untracked().filter(|_| is_wanted);
        self.looks.wanted.update(|wanted| wanted.occlusion = place);
    }
}
