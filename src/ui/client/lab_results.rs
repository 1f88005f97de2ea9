//! The laboratory's results: kept in local storage, and read from texts and files.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlDetailsElement;

use super::handle::Client;
use super::state::State;
use crate::platform::{all_stored, remove_stored, store};
use crate::protocol;
use crate::view::lab::{LabResult, add, read};
use crate::view::words;

const PREFIX: &str = "cardinal.result.";

fn key(id: &str) -> String {
    format!("{PREFIX}{id}")
}

impl State {
    /// Writes the measurement's state, and keeps what it has measured when it ends.
    pub(super) fn take_measured(self, measured: protocol::Laboratory) {
        let is_over = !measured.is_running;
        let result = is_over.then(|| untrack(|| self.device.result(self.choice, &measured)));
        self.laboratory.measured.set(Some(measured));
        if let Some(result) = result.filter(LabResult::is_measured) {
            self.keep_result(result);
        }
    }

    fn keep_result(self, result: LabResult) {
        self.load_results();
        let is_stored = store(&key(&result.id()), &result.json());
        self.add(result);
        if !is_stored {
            self.laboratory.told.set(words::RESULT_NOT_STORED.into());
        }
    }

    /// Reads the results of earlier visits from local storage, where that was not done yet.
    fn load_results(self) {
        if !self.laboratory.is_loaded.get_value() {
            self.laboratory.is_loaded.set_value(true);
            // What is damaged is left alone.
            let results = all_stored(PREFIX).into_iter().filter_map(|(_, text)| read(&text).ok());
            results.for_each(|result| self.add(result));
        }
    }

    fn add(self, result: LabResult) {
        let mut over = Vec::new();
        self.laboratory.results.update(|list| over = add(list, result));
        over.iter().for_each(|id| remove_stored(&key(id)));
    }
}

impl Client {
    /// Reads the results of earlier visits, where that was not done yet.
    pub(crate) fn load_results(self) {
        self.state().load_results();
    }

    /// Removes a result from the list and from local storage.
    pub(crate) fn remove_result(self, id: &str) {
        remove_stored(&key(id));
        self.state().laboratory.results.update(|list| list.retain(|result| result.id() != id));
    }

    /// Takes a result as text: it lies over the one that is shown, or is shown where none is measured. Opens the laboratory.
    ///
    /// # Errors
    /// Why it is none, as a sentence; nothing has changed then.
    pub(crate) fn take_result(self, text: &str) -> Result<(), String> {
        let result = read(text).map_err(|error| words::result_not_read(&error))?;
        let state = self.state();
        let laboratory = state.laboratory;
        let (id, label) = (result.id(), result.label());
        state.load_results();
        let shown = untrack(|| laboratory.drawn(state.choice, state.device, &laboratory.of_dial(state.choice)));
        let is_over = shown.first().is_some_and(|shown| shown.is_measured() && shown.id() != id);
        laboratory.told.set(words::result_read(&label, is_over));
        // Where it cannot be stored, that is told in place of the above.
        state.keep_result(result);
        if is_over { laboratory.over } else { laboratory.pick }.set(id);
        let element = document().get_element_by_id("laboratory");
        if let Some(panel) = element.and_then(|element| element.dyn_into::<HtmlDetailsElement>().ok()) {
            panel.set_open(true);
            panel.scroll_into_view();
        }
        Ok(())
    }

    /// [`Client::take_result`], with what went wrong as a notice.
    pub(super) fn take_result_or_say(self, text: &str) {
        if let Err(reason) = self.take_result(text) {
            self.state().notices.error(reason);
        }
    }
}
