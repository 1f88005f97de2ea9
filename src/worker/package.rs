//! The messages with another page, which has the npm package: requests and reports.

use wasm_bindgen::closure::Closure;
use web_sys::MessageEvent;

use super::picture::CloseOnDrop;
use super::{Browser, listen};
use crate::platform::Message;
use crate::protocol::{Event, Report, Request};
use crate::session::Session;

/// Runs a session for the page, for as long as the worker lives.
pub fn start() {
    let session = Session::new(Browser::new());
    listen(Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(message) = Message::<Request>::read(&event.data()) {
            session.request(message.what, message.file, message.frame.map(CloseOnDrop));
        }
    }));
}

impl Browser {
    pub(super) fn tell(&self, message: Message<Event>) {
        if let Some(report) = Report::of(message.what) {
            Message::from(report).to_page(&self.scope);
        }
    }
}
