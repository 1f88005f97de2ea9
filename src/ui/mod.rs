//! The page's thread: it sends commands and shows results; a worker does the work. The only module that uses Leptos.
//!
//! `state` is signals, `client` talks to the worker, `widgets` are components that several regions use, and every other
//! folder is a region of the screen with its styles.
#![allow(unreachable_pub, reason = "leptos' `#[component]` makes the properties of each component `pub`")]

mod accuracy;
mod answer;
mod cardinality;
mod client;
mod menu;
mod network;
mod picture;
mod race;
mod shell;
mod state;
mod teach;
mod walk;
mod widgets;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::platform::{frame, turn};
use crate::protocol::Work;
use accuracy::AccuracySection;
use answer::AnswerSection;
use cardinality::{CardinalitySection, ResNetSection};
use client::{Client, Racing};
use menu::MenuDialog;
use network::NetworkSection;
use picture::PictureSection;
use race::RaceSection;
use shell::{Address, DropZone, Header, LoadToast, NoticeList, OfflineNote};
use state::{Choice, Results};
use teach::TeachSection;
use walk::WalkBar;
use widgets::Later;

/// Mounts the page and sends the worker its first commands.
pub fn mount() {
    console_error_panic_hook::set_once();
    mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    state::provide();
    let address = Address::of_page();
    let link = address.obey();
    let client = Client::new();
    provide_context(client);
    provide_context(Racing::new(client));
    client.start();
    address.show_picture(client, &link);
    address.load_wish(client);
    address.keep(client);
    shell::listen();
    spawn_local(async move {
        // Every `Later` has been drawn after two turns of the event loop, and the frame that follows shows it.
        turn().await;
        turn().await;
        shell::remove_first();
        frame().await;
        turn().await;
        address.open_first();
        client.drawn();
    });
    // The setup above is long enough for one task, and the worker has its commands.
    view! {
        <Later>
            <Header />
            <Main />
            <MenuDialog />
            <div id="overlays">
                <LoadToast />
                <NoticeList />
            </div>
            <DropZone />
            <WalkBar />
        </Later>
    }
}

/// The regions. The choice and the state of the work are attributes, for styles and for tests.
#[component]
fn Main() -> impl IntoView {
    let choice = expect_context::<Choice>();
    let work = expect_context::<Results>().work_now;
    view! {
        <main
            id="page"
            data-state=move || work.with(Work::phase)
            data-model=move || choice.listed(|listed| listed.network().id.clone())
            data-depth=move || choice.depth.get().to_string()
            data-cardinality=move || choice.graph.with(|graph| graph.config.cardinality.to_string())
            data-plan=move || choice.plan.get().to_string()
            data-weights=move || choice.setting.with(|setting| setting.weight_dtype.to_string())
            data-backend=move || choice.runs_on().name()
        >
            <div class="left">
                <PictureSection />
                <AnswerSection />
            </div>
            <div class="right">
                <Later>
                    <CardinalitySection />
                    <NetworkSection />
                    <ResNetSection />
                </Later>
            </div>
            <Later>
                // Above what grows while it is used.
                <OfflineNote />
                <TeachSection />
                <RaceSection />
                <AccuracySection />
            </Later>
        </main>
    }
}
