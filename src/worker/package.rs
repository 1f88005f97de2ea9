//! The messages with another page, which has the npm package: requests and reports.

use super::{Browser, run};
use crate::platform::Message;
use crate::protocol::{Event, Report};
use crate::session::Session;

/// Runs a session for the page, for as long as the worker lives.
pub fn start() {
    run(Session::request);
}

impl Browser {
    pub(super) fn tell(&self, message: Message<Event>) {
        if let Some(report) = Report::of(message.what) {
            Message::from(report).to_page(&self.scope);
        }
    }
}
