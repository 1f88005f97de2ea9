//! A browser of the test's own: chromedriver, Chromium, and one tab.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::wd::{TimeoutConfiguration, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use http::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

/// A path that `cargo xtask test` has found or made.
pub fn given(variable: &str) -> PathBuf {
    env::var_os(variable).map(PathBuf::from).unwrap_or_else(|| panic!("{variable} is not set: run cargo xtask test"))
}

/// A command that fantoccini has no name for: logs and DevTools.
#[derive(Debug)]
struct Raw {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Raw {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        base_url.join(&format!("session/{}/{}", session_id.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

pub struct Browser {
    pub client: Client,
    // Ends chromedriver when the test is over, however it ends.
    _driver: Driver,
}

struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Browser {
    pub async fn start() -> Self {
        let program = given("CARDINAL_CHROMEDRIVER");
        let mut child = Command::new(&program)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let output = child.stdout.take().expect("piped above");
        let driver = Driver(child);
        let port = BufReader::new(output).lines().map_while(Result::ok).find_map(|line| {
            let port = line.rsplit_once("successfully on port ")?.1;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        let port = port.expect("chromedriver names its port");
        let capabilities = capabilities();
        let client = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap_or_else(|error| panic!("no session: {error}"));
        let minutes = Duration::from_secs(120);
        let timeouts = TimeoutConfiguration::new(Some(minutes), Some(minutes), None);
        client.update_timeouts(timeouts).await.expect("timeouts");
        Self { client, _driver: driver }
    }

    /// A DevTools command.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let raw = Raw { path: "goog/cdp/execute", body: json!({ "cmd": command, "params": parameters }) };
        self.client.issue_cmd(raw).await.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// What was logged since the last call: of the console (`browser`) or of DevTools (`performance`).
    pub async fn log(&self, kind: &str) -> Vec<Value> {
        let raw = Raw { path: "se/log", body: json!({ "type": kind }) };
        let entries = self.client.issue_cmd(raw).await.unwrap_or_else(|error| panic!("log {kind}: {error}"));
        entries.as_array().cloned().unwrap_or_default()
    }

    /// The tab's size and colour scheme, as on a device of that kind.
    pub async fn look(&self, (width, height): (u32, u32), scheme: &str) {
        let phone = width < 500;
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// Runs before any script of every page that is opened from now on.
    pub async fn before_scripts(&self, source: &str) {
        self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await;
    }
}

/// `webdriver.json`, which wasm-pack reads too, with the browser that was found and with logs.
fn capabilities() -> serde_json::Map<String, Value> {
    let committed = include_str!("../../webdriver.json");
    let mut all: serde_json::Map<String, Value> = serde_json::from_str(committed).expect("webdriver.json is an object");
    all["goog:chromeOptions"]["binary"] = given("CARDINAL_CHROME").to_string_lossy().into();
    all.insert("goog:loggingPrefs".into(), json!({ "browser": "ALL", "performance": "ALL" }));
    all
}
