//! Messages that the visitor can dismiss.

use leptos::prelude::*;

/// The most messages shown at a time.
const MOST: usize = 3;
/// The most errors that are recorded.
const RECORDED: usize = 8;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Message {
    pub id: u64,
    pub is_error: bool,
    pub text: String,
    pub download: Option<Download>,
}

/// A network that a message offers to download.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Download {
    /// Its place in the list of networks.
    pub network: usize,
    /// The text of the button.
    pub label: String,
}

/// The messages that are shown, oldest first.
#[derive(Clone, Copy)]
pub(crate) struct Notices {
    pub all: RwSignal<Vec<Message>>,
    /// Messages so far: a message's id is never used again.
    count: StoredValue<u64>,
    /// The last errors, oldest first, also those that were dismissed.
    errors: StoredValue<Vec<String>>,
}

impl Notices {
    pub(crate) fn new() -> Self {
        Self { all: RwSignal::new(Vec::new()), count: StoredValue::new(0), errors: StoredValue::new(Vec::new()) }
    }

    /// Shows an error.
    pub(crate) fn error(self, text: String) {
        self.add(true, text, None);
    }

    /// Shows a message that is not an error.
    pub(crate) fn note(self, text: String) {
        self.add(false, text, None);
    }

    pub(crate) fn add(self, is_error: bool, text: String, download: Option<Download>) {
        let id = self.count.get_value();
        self.count.set_value(id + 1);
        if is_error {
            self.record(&text);
        }
        self.all.update(|all| {
            // The same words twice are one message.
            all.retain(|message| message.text != text);
            if all.len() == MOST {
                all.remove(0);
            }
            all.push(Message { id, is_error, text, download });
        });
    }

    /// Records an error that is told elsewhere.
    pub(crate) fn record(self, text: &str) {
        self.errors.update_value(|errors| {
            errors.retain(|known| known != text);
            if errors.len() == RECORDED {
                errors.remove(0);
            }
            errors.push(text.to_owned());
        });
    }

    /// The last errors, oldest first.
    pub(crate) fn errors(self) -> Vec<String> {
        self.errors.get_value()
    }

    /// Removes a message that is not true any more.
    pub(crate) fn withdraw(self, text: &str) {
        self.all.update(|all| all.retain(|message| message.text != text));
    }

    pub(crate) fn dismiss(self, id: u64) {
        self.all.update(|all| all.retain(|message| message.id != id));
    }

    /// Dismisses the newest; returns whether there was one.
    pub(crate) fn dismiss_newest(self) -> bool {
        let is_empty = self.all.with_untracked(Vec::is_empty);
        if !is_empty {
            self.all.update(|all| drop(all.pop()));
        }
        !is_empty
    }
}
