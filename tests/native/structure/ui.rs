//! Inside of `ui`: regions of the screen do not know each other, and state knows neither them nor the client.

use super::imports::Files;
use super::sources::library;

/// The folders of `ui` that are no region of the screen, and the folders that each may use.
const SHARED: [(&str, &[&str]); 3] = [("state", &[]), ("client", &["state"]), ("widgets", &[])];

/// The folder of `ui` that a file lies in.
fn folder(path: &str) -> Option<&str> {
    let (folder, _) = path.strip_prefix("ui/")?.split_once('/')?;
    Some(folder)
}

/// `ui/a/b.rs uses ui/c/d.rs`, for every file that uses one that it may not.
fn violations(files: &Files) -> Vec<String> {
    let mut found = Vec::new();
    for (file, needs) in files.needs() {
        let Some(own) = folder(file) else { continue };
        let allowed = SHARED.iter().find(|(name, _)| *name == own).map(|(_, allowed)| *allowed);
        let may = |other: &str| match allowed {
            Some(allowed) => allowed.contains(&other),
            // A region may use all that is shared.
            None => SHARED.iter().any(|(name, _)| *name == other),
        };
        let forbidden = |other: &&str| folder(other).is_some_and(|of| of != own && !may(of)) || *other == "ui/mod.rs";
        found.extend(needs.into_iter().filter(forbidden).map(|other| format!("{file} uses {other}")));
    }
    found
}

#[test]
fn regions_do_not_know_each_other() {
    let sources = library();
    assert!(sources.iter().any(|(path, _)| folder(path) == Some("state")), "ui has moved");
    let found = violations(&Files::new(sources.iter().map(|(path, text)| (path.as_str(), text.as_str()))));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn what_a_region_may_not_use_is_seen() {
    let sources = [
        ("ui/mod.rs", "mod left; mod right; mod state; mod client;"),
        ("ui/left/mod.rs", "mod view;\npub use view::View;"),
        (
            "ui/left/view.rs",
            "use crate::ui::right::Sign;\nuse crate::ui::state::Known;\nuse crate::ui::client::Client;",
        ),
        ("ui/right/mod.rs", "mod sign;\npub use sign::Sign;"),
        ("ui/right/sign.rs", "pub struct Sign;"),
        ("ui/state/mod.rs", "mod known;\npub use known::Known;"),
        ("ui/state/known.rs", "use super::super::client::Client;\nfn see() -> crate::ui::left::View {}"),
        ("ui/client/mod.rs", "mod handle;\npub use handle::Client;"),
        ("ui/client/handle.rs", "use crate::ui::state::Known;\npub struct Client;"),
    ];
    let expected = [
        "ui/left/view.rs uses ui/right/sign.rs",
        "ui/state/known.rs uses ui/client/handle.rs",
        "ui/state/known.rs uses ui/left/view.rs",
    ];
    assert_eq!(violations(&Files::new(sources)), expected);
}

/// Two elements of one id: styles and tests, labels and descriptions take the wrong one.
#[test]
fn every_id_of_an_element_is_written_once() {
    let mut seen: Vec<(String, String)> = Vec::new();
    for (file, text) in library().into_iter().filter(|(file, _)| file.starts_with("ui/")) {
        for after in text.split(" id=\"").skip(1) {
            let id = after.split('"').next().unwrap_or_default().to_owned();
            if let Some((other, _)) = seen.iter().find(|(_, known)| *known == id) {
                panic!("{file} and {other}: both have an element `{id}`");
            }
            seen.push((file.clone(), id));
        }
    }
    assert!(seen.len() > 30, "{} ids: the pattern has changed", seen.len());
}
