//! What a visit's tab and its workers were seen to do.

use serde_json::Value;

#[derive(Default)]
pub struct Seen {
    /// Addresses of requests, without `data:` and `blob:`.
    pub requests: Vec<String>,
    /// Addresses of requests that carried something to a server.
    pub sent: Vec<String>,
    /// Lines on the console: the page's own, the browser's, and uncaught errors.
    pub console: Vec<String>,
    /// Loads of pages that are over.
    pub loaded: Vec<String>,
    pub crashed: bool,
    /// Dedicated workers that run, the newest last: session and address.
    pub workers: Vec<(String, String)>,
}

impl Seen {
    pub(super) fn note(&mut self, method: &str, event: &Value) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match method {
            "Network.requestWillBeSent" => {
                let request = &event["request"];
                if request["hasPostData"] == true || !["GET", "HEAD"].contains(&text(&request["method"]).as_str()) {
                    self.sent.push(text(&request["url"]));
                }
                self.request(text(&request["url"]));
            }
            "Network.webSocketCreated" => self.request(text(&event["url"])),
            "Runtime.consoleAPICalled" => {
                let words = event["args"].as_array().into_iter().flatten().map(shown);
                self.console.push(format!("{}: {}", text(&event["type"]), words.collect::<Vec<_>>().join(" ")));
            }
            "Runtime.exceptionThrown" => self.console.push(exception(&event["exceptionDetails"])),
            // A worker's message reaches the page's log as well; the worker itself is watched.
            "Log.entryAdded" if event["entry"]["source"] != "worker" => {
                let entry = &event["entry"];
                self.console.push(format!(
                    "{}: {} {}",
                    text(&entry["level"]),
                    text(&entry["text"]),
                    text(&entry["url"])
                ));
            }
            "Page.lifecycleEvent" if event["name"] == "load" => self.loaded.push(text(&event["loaderId"])),
            "Inspector.targetCrashed" => self.crashed = true,
            "Target.attachedToTarget" if event["targetInfo"]["type"] == "worker" => {
                self.workers.push((text(&event["sessionId"]), text(&event["targetInfo"]["url"])));
            }
            "Target.detachedFromTarget" => {
                let gone = text(&event["sessionId"]);
                self.workers.retain(|(session, _)| *session != gone);
            }
            _ => {}
        }
    }

    fn request(&mut self, url: String) {
        if !url.starts_with("data:") && !url.starts_with("blob:") {
            self.requests.push(url);
        }
    }
}

/// A value as the console shows it.
fn shown(value: &Value) -> String {
    match (&value["value"], value["description"].as_str()) {
        (Value::String(text), _) => text.clone(),
        (Value::Null, Some(description)) => description.to_owned(),
        (value, _) => value.to_string(),
    }
}

/// What was thrown, in words.
pub fn exception(details: &Value) -> String {
    let thrown = &details["exception"];
    format!("{} {}", details["text"].as_str().unwrap_or_default(), shown(thrown))
}
