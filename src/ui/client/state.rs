//! The signals that events are written into.

use leptos::prelude::expect_context;

use crate::ui::state::{Choice, Device, Laboratory, Live, Loading, Looks, Notices, Results, Strip, Teach};

#[derive(Clone, Copy)]
pub(crate) struct State {
    pub choice: Choice,
    pub device: Device,
    pub loading: Loading,
    pub results: Results,
    pub looks: Looks,
    pub notices: Notices,
    pub strip: Strip,
    pub laboratory: Laboratory,
    pub live: Live,
    pub teach: Teach,
}

impl State {
    /// The signals of the page, from its context.
    pub(crate) fn of_page() -> Self {
        Self {
            choice: expect_context(),
            device: expect_context(),
            loading: expect_context(),
            results: expect_context(),
            looks: expect_context(),
            notices: expect_context(),
            strip: expect_context(),
            laboratory: expect_context(),
            live: expect_context(),
            teach: expect_context(),
        }
    }
}
