//! A visit to the page: opened in a browser of its own, watched all the while, and left without a trace.

use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use fantoccini::Locator;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use serde_json::{Value, json};

use crate::browser::{Browser, given};
use crate::hub::Hub;
use crate::server;

pub const DESKTOP: (u32, u32) = (1440, 900);
pub const PHONE: (u32, u32) = (390, 844);

/// What every visit watches from before the page's first script: long tasks, and the states the page goes through.
const WATCH: &str = include_str!("watch.js");
/// A task of the page may take this many milliseconds.
pub const LONGEST_TASK: f64 = 200.0;

/// One visit at a time: they share two cores with a software GPU, and some of them measure.
static ALONE: Mutex<()> = Mutex::new(());
static ADDRESS: LazyLock<String> =
    LazyLock::new(|| server::serve(given("CARDINAL_DIST")).expect("a free port on this machine"));

/// How the page is to be visited.
pub struct Visit {
    query: String,
    script: String,
    others: Vec<String>,
    forgiven: Vec<&'static str>,
}

pub struct Page {
    pub browser: Browser,
}

impl Visit {
    pub fn new(query: impl Into<String>) -> Self {
        Self { query: query.into(), script: WATCH.to_owned(), others: Vec::new(), forgiven: Vec::new() }
    }

    /// A visit that uses this host of networks and may ask it for things.
    pub fn with_hub(hub: &Hub, more: &str) -> Self {
        Self { others: hub.origins().to_vec(), ..Self::new(format!("?hub={}&runs=3{more}", hub.host)) }
    }

    /// Lines on the console with these words are the browser's own, about a server that the test has misbehave.
    pub fn forgives(mut self, words: &'static str) -> Self {
        self.forgiven.push(words);
        self
    }

    /// Runs before the page's scripts.
    pub fn script(mut self, source: &str) -> Self {
        self.script += source;
        self
    }

    /// Opens the page, tests it, and wants the console empty and nobody asked for anything who need not be.
    pub fn run(self, test: impl AsyncFnOnce(&Page)) {
        let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let page = Page { browser: runtime.block_on(Browser::start()) };
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            runtime.block_on(async {
                page.browser.before_scripts(&self.script).await;
                page.browser.look(DESKTOP, "light").await;
                page.open(&self.query).await;
                test(&page).await;
                page.wants_quiet(&self).await;
            });
        }));
        // Chromium outlives its driver unless it is told to go.
        let closed = runtime.block_on(page.browser.client.clone().close());
        if let Err(panic) = outcome {
            resume_unwind(panic);
        }
        closed.expect("the browser closes");
    }
}

impl Page {
    pub async fn open(&self, query: &str) {
        let address = format!("{}{query}", *ADDRESS);
        self.browser.client.goto(&address).await.unwrap_or_else(|error| panic!("{address}: {error}"));
    }

    /// Runs the body of a function in the page; `args` are its `arguments`.
    pub async fn script(&self, body: &str, args: Vec<Value>) -> Value {
        self.browser.client.execute(body, args).await.unwrap_or_else(|error| panic!("{body}: {error}"))
    }

    /// The value of an expression, as text.
    pub async fn text(&self, expression: &str) -> String {
        let value = self.script(&format!("return String({expression})"), vec![]).await;
        value.as_str().expect("a string").to_owned()
    }

    pub async fn number(&self, expression: &str) -> f64 {
        let value = self.script(&format!("return {expression}"), vec![]).await;
        value.as_f64().unwrap_or_else(|| panic!("{expression} is {value}"))
    }

    /// The strings in an array; `expression` may be followed by a comma and what makes a string of each item.
    pub async fn list(&self, expression: &str) -> Vec<String> {
        let value = self.script(&format!("return Array.from({expression})"), vec![]).await;
        value.as_array().expect("an array").iter().map(|one| one.as_str().expect("a string").to_owned()).collect()
    }

    /// An attribute of the one element that `css` names.
    pub async fn attribute(&self, css: &str, name: &str) -> String {
        self.text(&format!("document.querySelector('{css}')?.getAttribute('{name}')")).await
    }

    /// Waits until an expression holds.
    pub async fn wait(&self, seconds: u64, expression: impl Display) {
        let start = Instant::now();
        while self.script(&format!("return Boolean({expression})"), vec![]).await != Value::Bool(true) {
            if start.elapsed() > Duration::from_secs(seconds) {
                let state = self.text("document.getElementById('state')?.innerText").await;
                let answer = self.attribute("#answer", "data-state").await;
                let notices = self.notices().await;
                let arrival = self.text("document.getElementById('arrival')?.innerText").await;
                panic!(
                    "not in {seconds} s: {expression}\nstate: {state}; answer: {answer}; notices: {notices:?}; \
                     on its way: {arrival}"
                );
            }
            // Often enough to lose no time, seldom enough not to be the page's load.
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    }

    /// Waits until an element is there.
    pub async fn wait_for(&self, seconds: u64, css: &str) {
        self.wait(seconds, format_args!("document.querySelector('{css}')")).await;
    }

    /// Waits until everything that was chosen has been run.
    pub async fn ready(&self) {
        self.wait_for(60, "#page[data-state=\"ready\"]").await;
    }

    pub async fn click(&self, css: &str) {
        let found = self.browser.client.find(Locator::Css(css)).await;
        let clicked = found.unwrap_or_else(|error| panic!("{css}: {error}")).click().await;
        clicked.unwrap_or_else(|error| panic!("click {css}: {error}"));
    }

    /// Presses keys one after the other, as on a keyboard.
    pub async fn keys(&self, keys: &[fantoccini::key::Key]) {
        for &key in keys {
            let key = char::from(key);
            let stroke = KeyActions::new("keys".into()).then(KeyAction::Down { value: key });
            let stroke = stroke.then(KeyAction::Up { value: key });
            self.browser.client.perform_actions(stroke).await.expect("a key");
        }
    }

    /// Drags a file over the page and lets it go, as from a file manager.
    pub async fn drop_file(&self, file: &Path) {
        let data = json!({ "items": [], "files": [file.to_string_lossy()], "dragOperationsMask": 1 });
        for kind in ["dragEnter", "dragOver", "drop"] {
            let event = json!({ "type": kind, "x": 195, "y": 300, "data": data });
            self.browser.devtools("Input.dispatchDragEvent", event).await;
        }
    }

    /// Chooses a file in the file dialog.
    pub async fn choose_file(&self, file: &Path) {
        let input = self.browser.client.find(Locator::Css("#choose")).await.expect("a file input");
        input.send_keys(&file.to_string_lossy()).await.expect("a file");
    }

    /// Waits for the answer to the picture of this title, and for the network to be idle again.
    pub async fn answer_to(&self, title: &str) -> Vec<(String, f64)> {
        self.wait(
            60,
            format_args!(
                "document.querySelector('#picture')?.dataset.picture === '{title}' && \
             document.querySelector('#answer')?.dataset.state === 'fresh'"
            ),
        )
        .await;
        let top = self.top().await;
        self.ready().await;
        let words: Vec<String> = top.iter().map(|(label, share)| format!("{label} {:.1} %", share * 100.0)).collect();
        println!("{title}: {}", words.join(", "));
        top
    }

    /// Labels and probabilities that are shown, the likeliest first.
    pub async fn top(&self) -> Vec<(String, f64)> {
        let rows =
            self.list("document.querySelectorAll('#top li'), li => li.dataset.label + '|' + li.dataset.probability");
        let split = |row: String| {
            let (label, share) = row.split_once('|').expect("both are there");
            (label.to_owned(), share.parse().expect("a number"))
        };
        rows.await.into_iter().map(split).collect()
    }

    pub async fn notices(&self) -> Vec<String> {
        self.list("document.querySelectorAll('#notices .notice p'), p => p.innerText").await
    }

    /// Milliseconds of the longest task since the page was opened, or since it was last asked; prints all of 50 ms and more.
    pub async fn longest_task(&self) -> f64 {
        let tasks = self.script("return watched.tasks.splice(0)", vec![]).await;
        let tasks = tasks.as_array().expect("an array");
        for task in tasks {
            println!("task of {} ms at {} ms, then `{}`", task["duration"], task["startTime"], task["seen"]);
        }
        tasks.iter().filter_map(|task| task["duration"].as_f64()).fold(0.0, f64::max)
    }

    async fn wants_quiet(&self, visit: &Visit) {
        let known = |url: &&str| visit.others.iter().any(|other| url.starts_with(&format!("{other}/")));
        let foreign = self.requests().await.into_iter().filter(|url| !url.starts_with(ADDRESS.as_str()));
        let foreign: Vec<String> = foreign.filter(|url| !known(&url.as_str())).collect();
        assert!(foreign.is_empty(), "asked of others: {foreign:?}");
        let mut console = self.browser.log("browser").await;
        let forgiven = |line: &Value| {
            let line = line["message"].as_str().unwrap_or_default();
            visit.forgiven.iter().any(|words| line.contains(words))
        };
        console.retain(|line| !forgiven(line));
        assert!(console.is_empty(), "on the console: {console:#?}");
    }

    /// Addresses asked for since the last call; those that stay inside the page are left out.
    pub async fn requests(&self) -> Vec<String> {
        let mut urls = Vec::new();
        for entry in self.browser.log("performance").await {
            let message: Value =
                serde_json::from_str(entry["message"].as_str().unwrap_or_default()).unwrap_or_default();
            let message = &message["message"];
            if message["method"] == "Network.requestWillBeSent" {
                urls.extend(message["params"]["request"]["url"].as_str().map(str::to_owned));
            }
            if message["method"] == "Network.webSocketCreated" {
                urls.extend(message["params"]["url"].as_str().map(str::to_owned));
            }
        }
        urls.retain(|url| !url.starts_with("data:") && !url.starts_with("blob:"));
        urls
    }
}
