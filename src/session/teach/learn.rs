//! Learns a lesson from the features of its pictures, and lists the network with the head that was learned.

use std::rc::Rc;

use crate::classifier::Model;
use crate::protocol::{Event, Learned, LeftOutPicture, Lesson, Teaching};
use crate::session::host::Host;
use crate::session::state::Session;
use crate::session::tracks::{Base, ModelKey};
use crate::teach::{Example, Problem};
use crate::zoo::{Location, Network, TAUGHT_ID, WeightsFile};

/// Milliseconds of work after which commands are let in.
const SLICE_MS: f64 = 30.0;

/// Class names in a network's title.
const NAMED: usize = 3;

impl<H: Host> Session<H> {
    /// Learns a lesson; says whether it was learned. A newer lesson stops it, and so does the load of a network.
    pub(super) async fn learn(&self, base: &Base, lesson: &Lesson) -> bool {
        let start = self.host.now();
        let seen = self.seen(base, lesson);
        let names: Vec<String> = lesson.classes.iter().map(|class| class.name.clone()).collect();
        let examples = seen.iter().map(|(class, _, features)| Example { class: *class, features });
        let problem = match Problem::new(&names, &examples.collect::<Vec<_>>()) {
            Ok(problem) => problem,
            Err(error) => {
                self.teach.done.set(lesson.id);
                self.emit(Event::Teaching(Teaching::Failed { lesson: lesson.id, reason: error.to_string() }));
                return false;
            }
        };
        let mut search = problem.l2_search();
        while search.next_fold(&problem) {
            if self.is_outdated(lesson).await {
                return false;
            }
        }
        let l2 = search.best();
        let fit = problem.fit(l2);
        let mut last_turn = self.host.now();
        let mut left_out = Vec::new();
        for (place, &(_, picture, _)) in seen.iter().enumerate() {
            if self.host.now() - last_turn > SLICE_MS {
                if self.is_outdated(lesson).await {
                    return false;
                }
                last_turn = self.host.now();
            }
            let found = problem.left_out(&fit, place);
            let (answer, probability, is_right) = (found.answer, found.probability as f32, found.is_right);
            left_out.push(LeftOutPicture { picture, answer, probability, is_right });
        }
        if self.load.is_busy() {
            return false;
        }
        let right = left_out.iter().filter(|picture| picture.is_right).count();
        let recipe = format!(
            "fc by multinomial logistic regression on {} pictures of {} classes, leave-one-out {right} of {}",
            left_out.len(),
            names.len(),
            left_out.len()
        );
        let model = base.model.with_head(names, &problem.head(&fit), recipe.clone());
        let network = self.list_taught(base, &model, recipe);
        self.teach.done.set(lesson.id);
        let learn_ms = self.host.now() - start;
        let features_ms = self.teach.features_ms.take();
        let (lesson, base) = (lesson.id, base.key.network);
        self.emit(Event::Teaching(Teaching::Learned(Learned {
            lesson,
            network,
            base,
            l2: l2 as f32,
            left_out,
            features_ms,
            learn_ms,
        })));
        // The page chooses it now, and that begins a pass.
        self.emit(Event::Loaded { network });
        true
    }

    /// Lets commands in; says whether one of them brought a newer lesson.
    async fn is_outdated(&self, lesson: &Lesson) -> bool {
        self.host.turn().await;
        self.teach.lesson.borrow().id != lesson.id
    }

    /// The pictures of a lesson with their classes and features, without those that cannot be used.
    fn seen(&self, base: &Base, lesson: &Lesson) -> Vec<(usize, u64, Rc<[f32]>)> {
        let mut seen = Vec::new();
        for (class, of_class) in lesson.classes.iter().enumerate() {
            let with_features = |&id: &u64| Some((class, id, self.teach.features(id, &base.key)?));
            seen.extend(of_class.pictures.iter().filter_map(with_features));
        }
        seen
    }

    /// Puts the network into the list, in the place of the one that was taught before, and forgets what is known of that.
    fn list_taught(&self, base: &Base, model: &Model, recipe: String) -> usize {
        let place = self.networks.list.borrow().iter().position(|network| network.id == TAUGHT_ID);
        let index = place.unwrap_or_else(|| self.networks.len());
        let of_base = self.networks.get(base.key.network);
        let base_title = of_base.as_ref().map_or_else(String::new, |network| network.title.clone());
        let of_base = of_base.and_then(|network| network.trained.into_iter().next());
        let weights = WeightsFile {
            config: model.config().clone(),
            location: Location::Taught,
            bytes: of_base.as_ref().map_or(0, |weights| weights.bytes),
            sha256: None,
            top1: None,
            licence: of_base.map_or_else(|| "not stated".into(), |weights| weights.licence),
            source: format!("{base_title} with a head of your own"),
            recipe: Some(recipe),
        };
        let names = model.labels().unwrap_or_default();
        let knows = format!("{} classes of your own", names.len());
        let network = Network::offer(TAUGHT_ID, &title(names), &knows, model.config().clone(), vec![weights]);
        *self.teach.base.borrow_mut() = Some(base.clone());
        self.pass.drop_network(index);
        self.results.forget_network(index);
        self.evaluations.all.borrow_mut().retain(|known| known.setting.network != index);
        self.list_network(index, network);
        self.remember(ModelKey { network: index, weights: 0 }, model);
        index
    }
}

/// `Taught: cat, dog, owl and 2 more`
fn title(names: &[String]) -> String {
    let named = names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => format!("Taught: {named}"),
        more => format!("Taught: {named} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_names_three_classes() {
        let names = ["cat", "dog", "owl", "fox"].map(String::from);
        assert_eq!(title(&names[..2]), "Taught: cat, dog");
        assert_eq!(title(&names[..3]), "Taught: cat, dog, owl");
        assert_eq!(title(&names), "Taught: cat, dog, owl and 1 more");
    }
}
