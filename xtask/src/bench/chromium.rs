//! Opens the measuring page in a headless browser and receives what it posts.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};
use std::{env, fs, process};

use crate::browser;
use crate::failure::Failure;
use crate::server::{self, Post};
use crate::workspace::Workspace;

/// The longest time without a message from the page: a peer's first run takes more than a minute on a software adapter.
const PATIENCE: Duration = Duration::from_secs(900);
const WRITABLE: &str = "make the folder writable";
const SOFTWARE: &str = "--use-webgpu-adapter=swiftshader";
/// Keeps the browser from slowing down a page that is not visible.
const AWAKE: [&str; 3] = [
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
];

/// What a measurement gave.
pub struct Results {
    pub json: String,
    wrong: String,
}

impl Results {
    /// Fails where the page found an error in its results, such as answers that differ.
    ///
    /// # Errors
    ///
    /// The error that the page found.
    pub fn verdict(&self) -> Result<(), Failure> {
        if self.wrong.is_empty() {
            return Ok(());
        }
        Err(Failure::new(self.wrong.clone(), "the figures are above and in the JSON; do not publish them"))
    }
}

/// A browser that ends with the measurement, with a profile of its own.
struct Running {
    child: Child,
    profile: PathBuf,
}

impl Drop for Running {
    fn drop(&mut self) {
        // The measurement is over; a failure here changes nothing.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.profile);
    }
}

/// Runs a task of the page and prints its messages.
///
/// # Errors
///
/// Where no browser starts, the page reports an error, or it sends nothing for [`PATIENCE`].
pub fn measure(
    workspace: &Workspace,
    site: &Path,
    gpu: bool,
    task: &str,
    query: &[(&str, &str)],
) -> Result<Results, Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .map_err(|error| Failure::new(format!("no port for the page: {error}"), "see what holds the ports"))?;
    let port = listener.local_addr().map_err(|error| Failure::new(error.to_string(), "try again"))?.port();
    let (posts, inbox) = mpsc::channel();
    let folder = site.to_owned();
    thread::spawn(move || server::serve_and_listen(listener, &folder, &posts));

    let query = form_urlencoded::Serializer::new(String::new()).append_pair("task", task).extend_pairs(query).finish();
    let mut running = start(workspace, gpu, &format!("http://127.0.0.1:{port}/index.html?{query}"))?;
    let log = log(workspace).display().to_string();
    listen(&inbox, &mut running.child, &log)
}

/// The browser's standard error output.
fn log(workspace: &Workspace) -> PathBuf {
    workspace.root().join("target/bench/browser.log")
}

fn start(workspace: &Workspace, gpu: bool, address: &str) -> Result<Running, Failure> {
    let found = browser::find_or_install(workspace)?;
    let profile = env::temp_dir().join(format!("cardinal-bench-{}", process::id()));
    let arguments = browser::arguments(workspace)?;
    let mut command = workspace.command(&found.chrome);
    command.args(arguments.iter().filter(|argument| !gpu || *argument != SOFTWARE)).args(AWAKE);
    command.arg(format!("--user-data-dir={}", profile.display())).arg(address);
    let log = log(workspace);
    let log = fs::File::create(&log).map_err(|error| Failure::new(format!("{}: {error}", log.display()), WRITABLE))?;
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    println!("$ {}", [found.chrome.display().to_string().as_str(), address].join(" "));
    match command.spawn() {
        Ok(child) => Ok(Running { child, profile }),
        Err(error) => {
            Err(Failure::new(format!("{} did not start: {error}", found.chrome.display()), "name another in CHROME"))
        }
    }
}

fn listen(inbox: &Receiver<Post>, browser: &mut Child, log: &str) -> Result<Results, Failure> {
    let start = Instant::now();
    let (mut table, mut json, mut heard) = (String::new(), String::new(), start);
    loop {
        match inbox.recv_timeout(Duration::from_secs(1)) {
            Ok((target, body)) => {
                heard = Instant::now();
                match target.rsplit('/').next() {
                    Some("log") => println!("{:>6.0} s  {body}", start.elapsed().as_secs_f64()),
                    Some("table") => table = body,
                    Some("json") => json = body,
                    Some("end") => {
                        if !table.is_empty() {
                            println!("\n{table}\n");
                        }
                        return finished(json, body);
                    }
                    _ => {}
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                if let Ok(Some(status)) = browser.try_wait() {
                    let what = format!("the browser ended with {status}");
                    return Err(Failure::new(what, format!("its own output is in {log}")));
                }
                if heard.elapsed() > PATIENCE {
                    let what = format!("the page sent nothing for {} s", PATIENCE.as_secs());
                    return Err(Failure::new(what, "take fewer peers (--only), or a faster adapter (--gpu)"));
                }
            }
            Err(RecvTimeoutError::Disconnected) => return Err(Failure::new("the server ended", "try again")),
        }
    }
}

/// Without results, the page's last message is its error.
fn finished(json: String, wrong: String) -> Result<Results, Failure> {
    if json.is_empty() {
        return Err(Failure::new(format!("the page failed: {wrong}"), "benches/page/ is where it comes from"));
    }
    Ok(Results { json, wrong })
}
