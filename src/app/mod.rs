//! The page. The only module that names a user interface.
//!
//! [`page`] holds what is known as signals; [`setting`] and [`outcome`] are what it holds. [`engine`] and [`pictures`] do the
//! work behind them, with [`round`], [`timing`], [`arrival`] and [`sources`]. Most other files are a piece of what is seen.

mod accuracy;
mod address;
mod answer;
mod arrival;
mod backend;
mod block;
mod browser;
mod chart;
mod choice;
mod dial;
mod drawing;
mod engine;
mod exam;
mod files;
mod header;
mod landing;
mod menu;
mod mistakes;
mod network;
mod notices;
mod offline;
mod outcome;
mod page;
mod picture;
mod pictures;
mod progress;
mod provenance;
mod round;
mod samples;
mod setting;
mod sources;
mod table;
mod timing;
mod tuning;
mod underway;
mod unless;

use leptos::prelude::*;

use page::Page;

/// Puts the page into the document and sets the work going.
pub fn mount() {
    console_error_panic_hook::set_once();
    mount_to_body(app);
}

fn app() -> impl IntoView {
    let page = Page::new();
    address::obey(page);
    address::keep(page);
    engine::request_gpu(page);
    Effect::new(move |_| {
        page.setting.track();
        page.runs.track();
        engine::kick(page);
    });
    let samples = RwSignal::new(Vec::new());
    samples::load(page, samples);
    sources::refresh_kept(page);
    landing::listen(page);
    offline::prepare(page);
    view! {
        {header::header(page)}
        <main
            id="page"
            data-state=move || page.work.with(|work| work.name())
            data-model=move || page.networks.with(|networks| networks[page.network.get()].id)
            data-depth=move || page.depth.get().to_string()
            data-cardinality=move || page.setting.get().config.cardinality.to_string()
            data-plan=move || address::plan_name(page.plan.get())
            data-weights=move || page.setting.get().options.weight_dtype.to_string()
            data-backend=move || page.backend().name()
        >
            <div class="left">{picture::section(page, samples)} {answer::section(page)}</div>
            <div class="right">{network::section(page)} {dial::section(page)}</div>
            {accuracy::section(page)}
        </main>
        {menu::menu(page)}
        {underway::underway(page)}
        {notices::notices(page)}
        {landing::landing(page)}
    }
}
