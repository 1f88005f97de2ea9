//! The messages with this repository's page: commands and events.

use wasm_bindgen::closure::Closure;
use web_sys::MessageEvent;

use super::picture::CloseOnDrop;
use super::{Browser, listen};
use crate::platform::Message;
use crate::protocol::{Command, Event};
use crate::session::Session;

/// Runs a session for the page, for as long as the worker lives.
pub fn start() {
    let session = Session::new(Browser::new());
    listen(Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(message) = Message::<Command>::read(&event.data()) {
            session.command(message.what, message.file, message.frame.map(CloseOnDrop));
        }
    }));
}

impl Browser {
    pub(super) fn tell(&self, message: Message<Event>) {
        message.to_page(&self.scope);
    }
}
