//! What a visitor says of a network: a `config.json` or a list of class names, before, with or after its weights.

use super::host::Host;
use super::state::Session;
use super::tracks::ModelKey;
use crate::classifier::Model;
use crate::protocol::{Description, LoadFailure, LoadProblem, Notice};
use crate::weights::class_names;
use crate::zoo::Location;

impl<H: Host> Session<H> {
    /// Uses a description for the network on the page, or keeps it for the weights that are loaded next.
    pub(super) fn describe(&self, description: Description) {
        let kept = || self.load.descriptions.borrow_mut().push(description.clone());
        if description.weights_follow {
            return kept();
        }
        let file = description.name.clone();
        match self.describe_chosen(&description) {
            // What is typed into the page shows by itself.
            Ok(Some(_)) if file.is_empty() => {}
            Ok(Some(network)) => self.notice(Notice::Described { file, network }),
            Ok(None) => {
                kept();
                self.notice(Notice::DescriptionKept { file });
            }
            Err(reason) => {
                let title = if file.is_empty() { self.chosen_title() } else { file };
                let failure = LoadFailure::new(LoadProblem::File, reason);
                self.notice(Notice::File { title, failure });
            }
        }
    }

    fn chosen_title(&self) -> String {
        let place = self.choice.borrow().as_ref().map(|choice| choice.network);
        place.and_then(|place| self.networks.get(place)).map_or_else(String::new, |network| network.title)
    }

    /// Uses a description for the network on the page; gives its title, or `None` where the description is not for that network.
    ///
    /// # Errors
    /// Why it does not fit, as a sentence.
    fn describe_chosen(&self, description: &Description) -> Result<Option<String>, String> {
        let Some(choice) = self.choice.borrow().clone() else { return Ok(None) };
        let Some(network) = self.networks.get(choice.network) else { return Ok(None) };
        let own = network.trained.first().map(|weights| &weights.location);
        let is_own = matches!(own, Some(Location::File(_) | Location::Url(_)));
        if !is_own && class_names(&description.text).is_none() {
            // The networks on offer are described already.
            return Ok(None);
        }
        let weights = network.weights_for(&choice.config).unwrap_or(0);
        let key = ModelKey { network: choice.network, weights };
        let Some(model) = self.networks.model(key) else { return Ok(None) };
        let Some(with) = described(&model, description)? else { return Ok(None) };
        self.take_description(key, &model, &with);
        Ok(Some(network.title))
    }

    /// Puts the model in the place of the one as it was before it was described, and answers again.
    fn take_description(&self, key: ModelKey, before: &Model, model: &Model) {
        #[cfg(feature = "page")]
        let setting = self.setting();
        let Some(mut network) = self.networks.get(key.network) else { return };
        if let Some(weights) = network.trained.get_mut(key.weights) {
            weights.config = model.config().clone();
        }
        if key.weights == 0 {
            network.config = model.config().clone();
        }
        self.list_network(key.network, network);
        self.remember(key, model);
        // The dial may be at another configuration, which has no weights.
        if let Some(choice) = self.choice.borrow_mut().as_mut().filter(|choice| choice.config == *before.config()) {
            choice.config = model.config().clone();
        }
        // What is on the device was built for another input, and all that was measured is of another network.
        self.pass.drop_classifiers();
        self.laboratory.kept.take();
        self.results.answer.take();
        #[cfg(feature = "page")]
        if let Some(setting) = setting {
            self.forget_evaluation(&setting);
        }
        self.begin_pass();
    }

    /// Opens a model with what was kept for its weights.
    ///
    /// # Errors
    /// Why a description does not fit, as a sentence that names its file.
    pub(super) fn with_descriptions(&self, model: Model, descriptions: &[Description]) -> Result<Model, LoadFailure> {
        descriptions.iter().try_fold(model, |model, description| {
            let unfit = |error| LoadFailure::new(LoadProblem::File, format!("{}: {error}", description.name));
            Ok(described(&model, description).map_err(unfit)?.unwrap_or(model))
        })
    }
}

/// A model with a description; `None` for a model without weights.
fn described(model: &Model, description: &Description) -> Result<Option<Model>, String> {
    let json = match class_names(&description.text) {
        None => description.text.clone(),
        Some(names) => {
            let (classes, count) = (model.config().num_answers(), names.len());
            // The one name of a network of one logit is that of its yes.
            let fits = count == classes || (count == 1 && model.config().num_classes == 1);
            if model.is_trained() && classes == 0 {
                return Err("it names classes, but the network has no head (no fc.weight) that tells them apart".into());
            }
            if model.is_trained() && !fits {
                let count = if count == 1 { "1 name".to_owned() } else { format!("{count} names") };
                return Err(format!("read as a list of class names, it has {count}, and the network needs {classes}"));
            }
            serde_json::json!({ "classes": names }).to_string()
        }
    };
    model.described(&json).map_err(|error| error.to_string())
}
