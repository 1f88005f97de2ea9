//! The page's state as small groups of signals. Each is a handle that can be copied, and components get them from the context.
//!
//! Nothing here uses the worker or a component: the client writes events into the state, components show it.

mod choice;
mod device;
mod laboratory;
mod live;
mod loading;
mod looks;
mod maps;
mod menu;
mod notices;
mod race;
mod results;
mod selection;
mod strip;
mod teach;
mod walk;

pub(crate) use choice::Choice;
pub(crate) use device::Device;
pub(crate) use laboratory::Laboratory;
pub(crate) use live::{Live, LiveInput, Media};
pub(crate) use loading::Loading;
pub(crate) use looks::{Looks, ShownGroup};
pub(crate) use maps::Maps;
pub(crate) use menu::Menu;
pub(crate) use notices::{Download, Message, Notices};
pub(crate) use race::Race;
pub(crate) use results::{Results, ShownPicture};
pub(crate) use selection::Selection;
pub(crate) use strip::{Strip, StripPicture};
pub(crate) use teach::{Outcome, Teach, TeachClass};
pub(crate) use walk::Walk;

use leptos::prelude::provide_context;

/// Creates the state and provides it to every component below.
pub(crate) fn provide() {
    let device = Device::new();
    let choice = Choice::new(device.gpu, device.cores);
    provide_context(device);
    provide_context(choice);
    provide_context(Loading::new(choice));
    let (results, looks) = (Results::new(choice), Looks::new());
    provide_context(results);
    provide_context(looks);
    provide_context(Maps::new(choice, results, looks));
    provide_context(Selection::new(choice));
    provide_context(Menu::new());
    provide_context(Notices::new());
    provide_context(Strip::new());
    provide_context(Live::new());
    provide_context(Laboratory::new());
    provide_context(Teach::new());
    provide_context(Race::new());
    provide_context(Walk::new());
}
