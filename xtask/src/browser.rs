//! Finds a Chrome or Chromium and the driver of the same major version.

use std::path::PathBuf;
use std::{env, fs};

use crate::debian;
use crate::failure::Failure;
use crate::tools::APT_BROWSER;
use crate::version;
use crate::workspace::Workspace;

pub struct Browser {
    pub chrome: PathBuf,
    pub driver: PathBuf,
}

/// Names on the PATH, then places outside it.
const CHROMES: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const DRIVERS: &[&str] = &["chromedriver", "/usr/lib/chromium-browser/chromedriver"];

const BY_HAND: &str = "install Chrome or Chromium and the chromedriver of the same version, or name them in CHROME and \
                       CHROMEDRIVER (https://googlechromelabs.github.io/chrome-for-testing/)";

struct Candidate {
    path: PathBuf,
    version: String,
}

/// The pair to test with: named by CHROME and CHROMEDRIVER, or found, or (on Debian or Ubuntu as root) installed.
///
/// # Errors
///
/// Where no browser has a driver of its own major version.
pub fn find_or_install(workspace: &Workspace) -> Result<Browser, Failure> {
    let complete = || {
        let chromes = candidates(workspace, "CHROME", CHROMES)?;
        let drivers = candidates(workspace, "CHROMEDRIVER", DRIVERS)?;
        Ok::<_, Failure>((chromes, drivers))
    };
    let (mut chromes, mut drivers) = complete()?;
    if chromes.is_empty() || drivers.is_empty() {
        let missing = if chromes.is_empty() { "Chrome or Chromium is missing" } else { "chromedriver is missing" };
        debian::install(workspace, APT_BROWSER, missing, BY_HAND)?;
        (chromes, drivers) = complete()?;
    }
    let Some((chrome, driver)) = matching(&chromes, &drivers) else {
        let list = |found: &[Candidate]| {
            let each: Vec<_> = found.iter().map(|one| format!("{} ({})", one.path.display(), one.version)).collect();
            if each.is_empty() { "none".to_owned() } else { each.join(", ") }
        };
        let what = format!(
            "no browser has a driver of its own major version; browsers: {}; drivers: {}",
            list(&chromes),
            list(&drivers)
        );
        return Err(Failure::new(what, BY_HAND));
    };
    println!("browser {} ({}), driver {}", chrome.path.display(), chrome.version, driver.path.display());
    Ok(Browser { chrome: chrome.path.clone(), driver: driver.path.clone() })
}

/// Those that exist and print their version. Where the environment names one, no other is considered.
fn candidates(workspace: &Workspace, variable: &str, names: &[&str]) -> Result<Vec<Candidate>, Failure> {
    if let Some(path) = env::var_os(variable).filter(|path| !path.is_empty()) {
        return match probe(workspace, PathBuf::from(&path)) {
            Some(candidate) => Ok(vec![candidate]),
            None => Err(Failure::new(
                format!("{variable} is `{}`, which does not answer to --version", path.to_string_lossy()),
                format!("correct {variable}, or unset it to have one searched for"),
            )),
        };
    }
    Ok(names.iter().filter_map(|name| probe(workspace, workspace.find(name)?)).collect())
}

fn probe(workspace: &Workspace, path: PathBuf) -> Option<Candidate> {
    let printed = workspace.capture(&path, &["--version"])?;
    let version = version::find(&printed)?.to_owned();
    Some(Candidate { path, version })
}

/// The first browser, in order, for which there is a driver.
fn matching<'a>(chromes: &'a [Candidate], drivers: &'a [Candidate]) -> Option<(&'a Candidate, &'a Candidate)> {
    chromes.iter().find_map(|chrome| {
        let major = version::major(&chrome.version)?;
        let driver = drivers.iter().find(|driver| version::major(&driver.version) == Some(major))?;
        Some((chrome, driver))
    })
}

/// Writes a copy of `webdriver.json` that names the browser found here. The committed file names none, so that chromedriver finds
/// the usual one; on a machine with several that may not be the one with the matching version.
///
/// The file asks for the software adapter (`--use-webgpu-adapter=swiftshader`), so that tests run on the same device
/// everywhere. To run them on a GPU, remove that argument in a copy and name the copy in `WASM_BINDGEN_TEST_WEBDRIVER_JSON`
/// when calling wasm-pack.
///
/// # Errors
///
/// Where the file cannot be read or written, or has no `goog:chromeOptions`.
pub fn capabilities(workspace: &Workspace, browser: &Browser) -> Result<PathBuf, Failure> {
    let committed = workspace.root().join("webdriver.json");
    let target = workspace.tools().join("webdriver.json");
    let remedy = "restore webdriver.json from git";
    let failed = |error: std::io::Error| Failure::new(format!("webdriver.json: {error}"), remedy);
    let text = fs::read_to_string(committed).map_err(failed)?;
    let named = name_binary(&text, &browser.chrome.to_string_lossy())
        .ok_or_else(|| Failure::new("webdriver.json has no \"goog:chromeOptions\": {", remedy))?;
    fs::create_dir_all(workspace.tools()).map_err(failed)?;
    fs::write(&target, named).map_err(failed)?;
    Ok(target)
}

/// The arguments of a browser in `webdriver.json`, for starting one without a driver.
///
/// # Errors
///
/// Where the file cannot be read.
pub fn arguments(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let text = fs::read_to_string(workspace.root().join("webdriver.json"))
        .map_err(|error| Failure::new(format!("webdriver.json: {error}"), "restore webdriver.json from git"))?;
    Ok(listed_arguments(&text))
}

/// Every string in the file that looks like an argument; none contains a quotation mark.
fn listed_arguments(json: &str) -> Vec<String> {
    json.split('"').filter(|text| text.starts_with("--")).map(str::to_owned).collect()
}

fn name_binary(json: &str, chrome: &str) -> Option<String> {
    const HEAD: &str = "\"goog:chromeOptions\": {";
    let at = json.find(HEAD)? + HEAD.len();
    let escaped = chrome.replace('\\', "\\\\").replace('"', "\\\"");
    Some(format!("{}\n    \"binary\": \"{escaped}\",{}", &json[..at], &json[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(path: &str, version: &str) -> Candidate {
        Candidate { path: path.into(), version: version.into() }
    }

    #[test]
    fn browser_and_driver_agree_in_the_major_version() {
        let chromes = [candidate("chromium", "155.0.1.2"), candidate("google-chrome", "156.0.1.2")];
        let drivers = [candidate("chromedriver", "156.0.9.9")];
        let (chrome, driver) = matching(&chromes, &drivers).expect("156 is there twice");
        assert_eq!((chrome.path.to_str(), driver.path.to_str()), (Some("google-chrome"), Some("chromedriver")));
        assert!(matching(&chromes[..1], &drivers).is_none());
        assert!(matching(&chromes, &[]).is_none());
    }

    #[test]
    fn the_committed_capabilities_take_a_binary() {
        let committed = include_str!("../../webdriver.json");
        let named = name_binary(committed, "C:\\chrome \"x\".exe").expect("the file has chromeOptions");
        assert!(named.contains(r#""goog:chromeOptions": {"#), "{named}");
        assert!(named.contains(r#""binary": "C:\\chrome \"x\".exe","#), "{named}");
        assert!(named.contains("--use-webgpu-adapter=swiftshader"), "{named}");
        assert_eq!(name_binary("{}", "chrome"), None);
    }

    #[test]
    fn the_committed_arguments_are_found() {
        let arguments = listed_arguments(include_str!("../../webdriver.json"));
        assert_eq!(arguments.first().map(String::as_str), Some("--headless=new"));
        assert!(arguments.iter().any(|argument| argument == "--use-webgpu-adapter=swiftshader"), "{arguments:?}");
    }
}
