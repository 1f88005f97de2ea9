//! A running Chromium.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use serde_json::Value;

use super::devtools::DevTools;

/// The path in an environment variable, which `cargo xtask test` sets.
pub fn given(variable: &str) -> PathBuf {
    env::var_os(variable).map(PathBuf::from).unwrap_or_else(|| panic!("{variable} is not set: run cargo xtask test"))
}

pub struct Chromium {
    child: Child,
    pub devtools: Arc<DevTools>,
}

impl Chromium {
    /// Starts one with an empty profile; `name` names its folder. It ends when these tests end, even by a crash, since the pipe is
    /// closed then.
    pub fn start(name: &str) -> Self {
        let profile = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page-profiles").join(name);
        // There is none the first time.
        let _ = std::fs::remove_dir_all(&profile);
        let program = given("CARDINAL_CHROME");
        let mut child = Command::new("sh")
            // Chromium reads commands from the third descriptor and writes answers to the fourth.
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null"])
            .arg(&program)
            .args(arguments())
            .arg("--remote-debugging-pipe")
            .arg(format!("--user-data-dir={}", profile.display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let input = child.stdin.take().expect("piped above");
        let output = child.stdout.take().expect("piped above");
        Self { child, devtools: DevTools::over(input, output) }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Those of `webdriver.json`, which wasm-pack reads too.
fn arguments() -> Vec<String> {
    let committed = include_str!("../../../webdriver.json");
    let all: Value = serde_json::from_str(committed).expect("webdriver.json is JSON");
    let arguments = all["goog:chromeOptions"]["args"].as_array().expect("webdriver.json has arguments");
    arguments.iter().map(|argument| argument.as_str().expect("an argument is a text").to_owned()).collect()
}
