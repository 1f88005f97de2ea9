//! The messages with this repository's page: commands and events.

use super::{Browser, run};
use crate::platform::Message;
use crate::protocol::Event;
use crate::session::Session;

/// Runs a session for the page, for as long as the worker lives.
pub fn start() {
    run(Session::command);
}

impl Browser {
    pub(super) fn tell(&self, message: Message<Event>) {
        message.to_page(&self.scope);
    }
}
