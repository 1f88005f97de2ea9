//! A tab with storage, caches and service workers of its own.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::devtools::DevTools;
use super::seen::{Seen, exception};

/// Why code in the tab gave no value.
#[derive(Debug)]
pub enum Failed {
    /// It threw.
    Threw(String),
    /// Its page or worker went away, or there was none.
    Gone(String),
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::Threw(words) | Self::Gone(words)) = self;
        f.write_str(words)
    }
}

pub struct Tab {
    devtools: Arc<DevTools>,
    context: String,
    target: String,
    session: String,
}

impl Tab {
    /// Opens an empty tab and watches it from the start.
    pub async fn open(devtools: &Arc<DevTools>) -> Self {
        let devtools = devtools.clone();
        devtools.seen(|seen| *seen = Seen::default());
        let made = devtools.call(None, "Target.createBrowserContext", json!({})).await;
        let made = made.unwrap_or_else(|error| panic!("Target.createBrowserContext: {error}"));
        let context = made["browserContextId"].as_str().expect("a name").to_owned();
        Self::in_context(&devtools, context).await
    }

    /// Another tab with the same storage, watched together with this one.
    pub async fn beside(&self) -> Self {
        Self::in_context(&self.devtools, self.context.clone()).await
    }

    async fn in_context(devtools: &Arc<DevTools>, context: String) -> Self {
        let devtools = devtools.clone();
        let browser = async |method: &str, parameters: Value, wanted: &str| {
            let answer =
                devtools.call(None, method, parameters).await.unwrap_or_else(|error| panic!("{method}: {error}"));
            answer[wanted].as_str().unwrap_or_else(|| panic!("{method}: {answer}")).to_owned()
        };
        let wanted = json!({ "url": "about:blank", "browserContextId": context });
        let target = browser("Target.createTarget", wanted, "targetId").await;
        let wanted = json!({ "targetId": &target, "flatten": true });
        let session = browser("Target.attachToTarget", wanted, "sessionId").await;
        let tab = Self { devtools, context, target, session };
        tab.command("Page.enable", json!({})).await;
        tab.command("Page.setLifecycleEventsEnabled", json!({ "enabled": true })).await;
        // The page sees itself focused, whatever other tabs do.
        tab.command("Emulation.setFocusEmulationEnabled", json!({ "enabled": true })).await;
        tab
    }

    /// Closes it and forgets all that it kept; whether the browser did so.
    pub async fn close(self) -> Result<(), String> {
        let context = json!({ "browserContextId": self.context });
        self.devtools.call(None, "Target.disposeBrowserContext", context).await.map(|_| ())
    }

    /// Closes this tab alone.
    pub async fn leave(&self) {
        let answer = self.devtools.call(None, "Target.closeTarget", json!({ "targetId": self.target })).await;
        answer.unwrap_or_else(|error| panic!("Target.closeTarget: {error}"));
    }

    pub async fn command(&self, method: &str, parameters: Value) -> Value {
        let answer = self.devtools.call(Some(&self.session), method, parameters).await;
        answer.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Grants the permissions that a browser would ask a person about.
    pub async fn grant(&self, permissions: &[&str]) {
        let wanted = json!({ "permissions": permissions, "browserContextId": self.context });
        let answer = self.devtools.call(None, "Browser.grantPermissions", wanted).await;
        answer.unwrap_or_else(|error| panic!("{permissions:?}: {error}"));
    }

    /// Refuses what a page asks for, as a person who says no.
    pub async fn refuse(&self, permission: &str) {
        let wanted = json!({
            "permission": { "name": permission }, "setting": "denied", "browserContextId": self.context,
        });
        let answer = self.devtools.call(None, "Browser.setPermission", wanted).await;
        answer.unwrap_or_else(|error| panic!("{permission}: {error}"));
    }

    /// Goes to an address and waits until everything that its document names is there.
    pub async fn go(&self, address: &str) {
        let answer = self.command("Page.navigate", json!({ "url": address })).await;
        assert!(answer["errorText"].is_null(), "{address}: {}", answer["errorText"]);
        let load = answer["loaderId"].as_str().unwrap_or_else(|| panic!("{address}: {answer}"));
        while !self.seen(|seen| seen.loaded.iter().any(|loaded| loaded == load)) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub fn seen<T>(&self, look: impl FnOnce(&mut Seen) -> T) -> T {
        self.devtools.seen(|seen| {
            assert!(!seen.crashed, "the tab has crashed");
            look(seen)
        })
    }

    /// The value of an expression in the page; promises are waited for.
    pub async fn evaluate(&self, expression: &str) -> Result<Value, Failed> {
        self.evaluate_in(&self.session, expression).await
    }

    /// The same in the newest worker of those whose address `is_it`.
    pub async fn evaluate_in_worker(&self, is_it: fn(&str) -> bool, expression: &str) -> Result<Value, Failed> {
        let newest = |seen: &mut Seen| seen.workers.iter().rfind(|(_, url)| is_it(url)).cloned();
        let Some((session, _)) = self.seen(newest) else {
            return Err(Failed::Gone("no worker runs".into()));
        };
        self.evaluate_in(&session, expression).await
    }

    /// A command to the newest worker of those whose address `is_it`.
    pub async fn worker_command(&self, is_it: fn(&str) -> bool, method: &str, parameters: Value) -> Value {
        let newest = |seen: &mut Seen| seen.workers.iter().rfind(|(_, url)| is_it(url)).cloned();
        let (session, _) = self.seen(newest).unwrap_or_else(|| panic!("{method}: no worker runs"));
        let answer = self.devtools.call(Some(&session), method, parameters).await;
        answer.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    async fn evaluate_in(&self, session: &str, expression: &str) -> Result<Value, Failed> {
        let wanted = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let mut answer = self.devtools.call(Some(session), "Runtime.evaluate", wanted).await.map_err(Failed::Gone)?;
        match answer.get("exceptionDetails") {
            Some(details) => Err(Failed::Threw(exception(details))),
            None => Ok(answer["result"]["value"].take()),
        }
    }

    /// A handle of the element that `css` names.
    pub async fn element(&self, css: &str) -> String {
        let wanted = json!({ "expression": format!("document.querySelector({})", Value::from(css)) });
        let answer = self.command("Runtime.evaluate", wanted).await;
        answer["result"]["objectId"].as_str().unwrap_or_else(|| panic!("{css} is not there: {answer}")).to_owned()
    }
}
