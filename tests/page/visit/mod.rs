//! A visit to the page: a tab with storage of its own and a server of its own, watched from start to end, and closed without a
//! trace.

mod act;
mod ask;
mod scripts;
mod watch;
mod worker;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

pub use ask::{has_words, until};
pub use scripts::{DEVICES, GPU_BUDGET, GPU_BYTES, GPU_COUNTED};

use crate::browser::{Tab, given, take};
use crate::hosts::hub::Hub;
use crate::hosts::server::Server;

pub const DESKTOP: (u32, u32) = (1440, 900);
pub const PHONE: (u32, u32) = (390, 844);

/// What every visit watches from before the page's first script: long tasks, and the states the page goes through.
const WATCH: &str = include_str!("watch.js");
/// Added to an address that has a query.
const ANSWERS_ONLY: &str = "&after=answer";
/// The software adapter, which `webdriver.json` asks for. On another, kernels are measured as on a first visit.
const ADAPTER: &str = "SwiftShader";
const TUNING: &str = "registers-small,registers-small,registers-small,registers-small,registers-small";
/// A visit that takes longer has failed. Most take a few seconds.
const LIMIT: Duration = Duration::from_secs(120);
/// Time limit for closing a visit's tab.
const PATIENCE: Duration = Duration::from_secs(10);

/// The settings of a visit.
pub struct Visit {
    /// The variable that names the folder which is served.
    folder: &'static str,
    query: String,
    script: String,
    worker_script: String,
    others: Vec<String>,
    forgiven: Vec<&'static str>,
    alone: bool,
    plain_http: bool,
    limit: Duration,
    /// Added to every query.
    more: &'static str,
}

/// A number from the environment, or the usual one.
pub fn count(variable: &str, usual: usize) -> usize {
    std::env::var(variable).ok().and_then(|count| count.parse().ok()).unwrap_or(usual)
}

pub struct Page {
    pub tab: Tab,
    pub server: Arc<Server>,
    more: &'static str,
}

impl Visit {
    pub fn new(query: impl Into<String>) -> Self {
        Self {
            folder: "CARDINAL_DIST",
            query: query.into(),
            script: WATCH.to_owned(),
            worker_script: String::new(),
            others: Vec::new(),
            forgiven: Vec::new(),
            alone: false,
            plain_http: false,
            limit: LIMIT,
            more: "",
        }
    }

    /// A visit to a page in the folder that a variable names.
    pub fn of(folder: &'static str, path: &str) -> Self {
        Self { folder, script: String::new(), ..Self::new(path) }
    }

    /// A visit that uses this host of networks and may ask it for things.
    pub fn with_hub(hub: &Hub, more: &str) -> Self {
        Self::new(format!("?hub={}&runs=3{more}", hub.host)).asks(hub)
    }

    /// A visit that may ask this host of networks for things.
    pub fn asks(mut self, hub: &Hub) -> Self {
        self.others.extend(hub.origins());
        self
    }

    /// Allows lines on the console with these words: the browser's own, about a server that the test makes misbehave.
    pub fn forgives(mut self, words: &'static str) -> Self {
        self.forgiven.push(words);
        self
    }

    /// Runs before the page's scripts.
    pub fn script(mut self, source: &str) -> Self {
        self.script += source;
        self
    }

    /// Runs before the worker's script, every time that a worker is started. What [`Page::in_worker`] is to find must be a
    /// property of `self`.
    pub fn worker_script(mut self, source: &str) -> Self {
        self.worker_script += &format!("{{{source}}}\n");
        self
    }

    /// A visit that finds a tuning kept by an earlier one.
    pub fn tuned(self) -> Self {
        let key = format!("cardinal.tuning.{}.{ADAPTER}", cardinal::kernels::table::VERSION);
        // Only pages of the server have storage.
        self.script(&format!("if (origin !== 'null') localStorage.setItem('{key}', '{TUNING}');"))
    }

    /// A visit that ends with the answer: no tuning, no times.
    pub fn answers_only(mut self) -> Self {
        self.more = ANSWERS_ONLY;
        self
    }

    /// A visit that measures: nothing else runs meanwhile.
    pub fn alone(mut self) -> Self {
        self.alone = true;
        self
    }

    /// A visit that may take so many seconds.
    pub fn lasts(mut self, seconds: u64) -> Self {
        self.limit = Duration::from_secs(seconds);
        self
    }

    /// A visit over http to a name that is not this machine's own (`webdriver.json`), which browsers do not trust.
    pub fn plain_http(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// Opens the page, tests it, and checks that the console is empty and no other server got a request.
    pub fn run(self, test: impl AsyncFnOnce(&Page)) {
        let mut lanes = take(self.alone);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        let devtools = lanes.chromium().devtools.clone();
        let start = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            runtime.block_on(async {
                let page = Page::begin(&self, &devtools).await;
                let visit = async {
                    page.open(&self.query).await;
                    test(&page).await;
                    page.wants_quiet(&self.others, &self.forgiven);
                };
                let over = tokio::time::timeout(self.limit, visit).await;
                assert!(over.is_ok(), "the visit was not over in {} s", self.limit.as_secs());
                tokio::time::timeout(PATIENCE, page.tab.close())
                    .await
                    .expect("the tab closes in time")
                    .expect("it closes");
            });
        }));
        println!("{} s of {}", start.elapsed().as_secs(), thread::current().name().unwrap_or("a test"));
        if let Err(panic) = outcome {
            // The browser may be in any state, so the next visit gets a new one.
            lanes.end();
            drop(lanes);
            resume_unwind(panic);
        }
    }
}

impl Page {
    async fn begin(visit: &Visit, devtools: &Arc<crate::browser::DevTools>) -> Self {
        let mut server = Server::open(given(visit.folder), visit.worker_script.clone());
        if visit.plain_http {
            server.address = server.address.replace("127.0.0.1", "plain.test");
        }
        let page = Self { tab: Tab::open(devtools).await, server: Arc::new(server), more: visit.more };
        page.before_scripts(&visit.script).await;
        page.look(DESKTOP, "light").await;
        page
    }

    /// Another tab of the same visitor, at the same server.
    pub async fn beside(&self) -> Self {
        let page = Self { tab: self.tab.beside().await, server: self.server.clone(), more: self.more };
        page.before_scripts(WATCH).await;
        page.look(DESKTOP, "light").await;
        page
    }

    pub async fn open(&self, query: &str) {
        self.tab.go(&format!("{}{query}{}", self.server.address, self.more)).await;
    }

    /// Runs before any script of every page that is opened from now on.
    pub async fn before_scripts(&self, source: &str) {
        self.tab.command("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await;
    }

    /// The tab's size and colour scheme, as on a device of that kind. Nothing is animated: states are looked at, not their
    /// transitions.
    pub async fn look(&self, (width, height): (u32, u32), scheme: &str) {
        let phone = width < 500;
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone });
        self.tab.command("Emulation.setDeviceMetricsOverride", size).await;
        let scheme = json!({ "name": "prefers-color-scheme", "value": scheme });
        let motion = json!({ "name": "prefers-reduced-motion", "value": "reduce" });
        self.tab.command("Emulation.setEmulatedMedia", json!({ "features": [scheme, motion] })).await;
    }
}
