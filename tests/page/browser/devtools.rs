//! The DevTools protocol over a pipe: commands out, answers and events in, each a JSON text that ends with a zero byte.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::seen::Seen;

type Answer = Result<Value, String>;

pub struct DevTools {
    input: Mutex<ChildStdin>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    sent: u64,
    waiting: HashMap<u64, oneshot::Sender<Answer>>,
    seen: Seen,
    over: bool,
}

impl DevTools {
    pub fn over(input: ChildStdin, output: ChildStdout) -> Arc<Self> {
        let devtools = Arc::new(Self { input: Mutex::new(input), state: Mutex::default() });
        let reader = devtools.clone();
        thread::spawn(move || {
            for message in BufReader::new(output).split(0).map_while(Result::ok) {
                reader.take(serde_json::from_slice(&message).unwrap_or_default());
            }
            let mut state = reader.state();
            state.over = true;
            state.waiting.clear();
        });
        devtools
    }

    /// Sends a command, to a tab or worker where a session is named, and waits for its answer.
    pub async fn call(&self, session: Option<&str>, method: &str, parameters: Value) -> Answer {
        let (sender, answer) = oneshot::channel();
        {
            let mut state = self.state();
            if state.over {
                return Err("the browser has ended".into());
            }
            let id = state.next();
            state.waiting.insert(id, sender);
            self.send(id, session, method, parameters)?;
        }
        answer.await.unwrap_or_else(|_| Err("the browser has ended".into()))
    }

    /// What was seen since the last visit began.
    pub fn seen<T>(&self, look: impl FnOnce(&mut Seen) -> T) -> T {
        look(&mut self.state().seen)
    }

    fn send(&self, id: u64, session: Option<&str>, method: &str, parameters: Value) -> Result<(), String> {
        let mut command = json!({ "id": id, "method": method, "params": parameters });
        if let Some(session) = session {
            command["sessionId"] = session.into();
        }
        let mut input = self.input.lock().unwrap_or_else(PoisonError::into_inner);
        write!(input, "{command}\0").and_then(|()| input.flush()).map_err(|error| format!("{method}: {error}"))
    }

    fn take(&self, mut message: Value) {
        let mut state = self.state();
        if let Some(id) = message["id"].as_u64() {
            let answer = match message["error"]["message"].as_str() {
                Some(words) => Err(words.to_owned()),
                None => Ok(message["result"].take()),
            };
            if let Some(sender) = state.waiting.remove(&id) {
                // The caller may have given up.
                let _ = sender.send(answer);
            }
            return;
        }
        let method = message["method"].as_str().unwrap_or_default();
        state.seen.note(method, &message["params"]);
        if method == "Target.attachedToTarget" {
            let attached = message["params"]["sessionId"].as_str().unwrap_or_default();
            for (method, parameters) in WATCH {
                let (id, parameters) = (state.next(), serde_json::from_str(parameters).expect("JSON, below"));
                // If the browser has ended, the next command reports it.
                let _ = self.send(id, Some(attached), method, parameters);
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn next(&mut self) -> u64 {
        self.sent += 1;
        self.sent
    }
}

/// Commands that make a tab or worker report its requests, its console and its own workers, which wait until they are watched too.
/// Bodies of answers are not kept.
const WATCH: [(&str, &str); 5] = [
    ("Network.enable", r#"{ "maxTotalBufferSize": 0, "maxResourceBufferSize": 0 }"#),
    ("Runtime.enable", "{}"),
    ("Log.enable", "{}"),
    ("Target.setAutoAttach", r#"{ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true }"#),
    ("Runtime.runIfWaitingForDebugger", "{}"),
];
