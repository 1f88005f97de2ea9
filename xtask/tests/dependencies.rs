//! The licences and the origins of everything that ships or builds what ships, against `deny.toml`: what `cargo deny check` asks, without
//! that tool and without a network. Advisories are left to the tool, since their database comes from the network.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use spdx::{Expression, ParseMode};

/// The package that is the page, its workers and the library.
const ROOT: &str = "cardinal";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What `deny.toml` allows.
struct Allowed {
    licences: BTreeSet<String>,
    registries: Vec<String>,
    /// Versions that may be there beside another: name and the beginning of the version.
    twice: BTreeSet<(String, String)>,
}

impl Allowed {
    fn read() -> Self {
        let text = std::fs::read_to_string(root().join("deny.toml")).expect("deny.toml is committed");
        let deny: toml::Table = text.parse().expect("deny.toml is TOML");
        let list = |table: &str, key: &str| deny[table][key].as_array().expect("a list").clone();
        let text = |value: &toml::Value| value.as_str().expect("a text").to_owned();
        let twice = list("bans", "skip").into_iter().map(|entry| {
            let entry = text(&entry["crate"]);
            let (name, version) = entry.split_once('@').expect("a name and a version");
            (name.to_owned(), version.to_owned())
        });
        Self {
            licences: list("licenses", "allow").iter().map(text).collect(),
            registries: list("sources", "allow-registry").iter().map(text).collect(),
            twice: twice.collect(),
        }
    }

    fn allows(&self, licence: &str) -> bool {
        // Some crates write `MIT/Apache-2.0`.
        Expression::parse_mode(licence, ParseMode::LAX).is_ok_and(|expression| {
            expression.evaluate(|needed| {
                needed.license.id().is_some_and(|id| self.licences.contains(id.name)) && needed.addition.is_none()
            })
        })
    }
}

/// What Cargo says of the workspace and its dependencies.
fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo is there");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo writes JSON")
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// The packages that [`ROOT`] needs on any system, up to those of its tests, each with one way that leads to it.
fn needed(metadata: &Value) -> Vec<(&Value, String)> {
    let by_id = |list: &'_ Value| -> BTreeMap<String, Value> {
        list.as_array().into_iter().flatten().map(|entry| (text(entry, "id").to_owned(), entry.clone())).collect()
    };
    let nodes = by_id(&metadata["resolve"]["nodes"]);
    let packages = metadata["packages"].as_array().expect("packages");
    let package =
        |id: &str| packages.iter().find(|package| text(package, "id") == id).expect("every node is a package");
    let first = packages.iter().find(|package| text(package, "name") == ROOT).expect("the package is there");
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut open = vec![(text(first, "id").to_owned(), ROOT.to_owned())];
    while let Some((id, way)) = open.pop() {
        if found.contains_key(&id) {
            continue;
        }
        for dependency in nodes[&id]["deps"].as_array().into_iter().flatten() {
            let kinds = dependency["dep_kinds"].as_array().into_iter().flatten();
            if kinds.into_iter().any(|kind| kind["kind"] != "dev") {
                let id = text(dependency, "pkg").to_owned();
                let way = format!("{way} > {}", text(package(&id), "name"));
                open.push((id, way));
            }
        }
        found.insert(id, way);
    }
    found.into_iter().map(|(id, way)| (package(&id), way)).collect()
}

/// Why the dependencies are not as `deny.toml` has it, one sentence each.
fn faults(metadata: &Value, allowed: &Allowed) -> Vec<String> {
    let needed = needed(metadata);
    let mut faults = Vec::new();
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (package, way) in &needed {
        let (name, version, licence) = (text(package, "name"), text(package, "version"), text(package, "license"));
        versions.entry(name).or_default().push(version);
        if !allowed.allows(licence) {
            let licence = if licence.is_empty() { "no licence" } else { licence };
            faults.push(format!(
                "{name} {version} ({way}) has the licence `{licence}`, which is not on the list: replace the dependency, or add the licence to \
                 deny.toml after reading it"
            ));
        }
        let source = text(package, "source");
        // Those of this repository have none.
        let is_known = source.is_empty() && name.starts_with(ROOT)
            || allowed.registries.iter().any(|registry| source == format!("registry+{registry}"));
        if !is_known {
            faults.push(format!("{name} {version} ({way}) comes from `{source}`: take it from crates.io"));
        }
    }
    let is_listed = |name: &str, version: &str| {
        allowed.twice.iter().any(|(of, start)| of == name && format!("{version}.").starts_with(&format!("{start}.")))
    };
    for (name, versions) in &versions {
        let (listed, others): (Vec<&str>, Vec<&str>) =
            versions.iter().copied().partition(|version| is_listed(name, version));
        if others.len() > 1 {
            faults.push(format!(
                "{name} is there in the versions {}: raise what needs the older one, or list that in deny.toml with the reason",
                others.join(" and ")
            ));
        } else if others.is_empty() {
            faults.push(format!(
                "{name} {} is there once, and deny.toml lists it: take it off the list",
                listed.join(", ")
            ));
        }
    }
    for (name, start) in &allowed.twice {
        if !versions.get(&name[..]).is_some_and(|versions| versions.iter().any(|version| is_listed(name, version))) {
            faults.push(format!("{name} {start} is not there any more: take it off deny.toml's list"));
        }
    }
    faults
}

#[test]
fn what_ships_has_the_licences_and_the_origins_of_deny_toml() {
    let metadata = metadata();
    let faults = faults(&metadata, &Allowed::read());
    let count = needed(&metadata).len();
    println!("{count} packages");
    assert!(count > 100, "only {count} packages: the walk does not reach the dependencies");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_fault_is_named() {
    let package = |name: &str, version: &str, licence: Option<&str>, source: Option<&str>| json!({ "id": format!("{name} {version}"), "name": name, "version": version, "license": licence, "source": source });
    let registry = "https://github.com/rust-lang/crates.io-index";
    let crates_io = format!("registry+{registry}");
    let git = "git+https://example.org/fork";
    let node = |id: &str, deps: &[(&str, Option<&str>)]| {
        let deps: Vec<Value> =
            deps.iter().map(|(id, kind)| json!({ "pkg": id, "dep_kinds": [{ "kind": kind }] })).collect();
        json!({ "id": id, "deps": deps })
    };
    let metadata = json!({
        "packages": [
            package(ROOT, "1.0.0", Some("MIT"), None),
            package("good", "1.2.0", Some("MIT OR GPL-3.0-only"), Some(&crates_io)),
            package("old", "0.9.1", Some("MIT/Apache-2.0"), Some(&crates_io)),
            package("old", "1.0.0", Some("MIT"), Some(&crates_io)),
            package("viral", "3.0.0", Some("MIT AND GPL-3.0-only"), Some(&crates_io)),
            package("silent", "1.0.0", None, Some(&crates_io)),
            package("forked", "1.0.0", Some("MIT"), Some(git)),
            package("tests", "1.0.0", Some("GPL-3.0-only"), Some(git)),
        ],
        "resolve": { "nodes": [
            node("cardinal 1.0.0", &[("good 1.2.0", None), ("old 1.0.0", None), ("tests 1.0.0", Some("dev"))]),
            node("good 1.2.0", &[("old 0.9.1", None), ("viral 3.0.0", Some("build")), ("silent 1.0.0", None), ("forked 1.0.0", None)]),
            node("old 0.9.1", &[]), node("old 1.0.0", &[]), node("viral 3.0.0", &[]), node("silent 1.0.0", &[]),
            node("forked 1.0.0", &[]), node("tests 1.0.0", &[]),
        ] },
    });
    let allowed = |twice: &[(&str, &str)]| Allowed {
        licences: ["MIT".to_owned()].into(),
        registries: vec![registry.to_owned()],
        twice: twice.iter().map(|(name, version)| ((*name).to_owned(), (*version).to_owned())).collect(),
    };
    let found = faults(&metadata, &allowed(&[("old", "0.9")])).join("\n");
    for words in [
        "viral 3.0.0 (cardinal > good > viral) has the licence `MIT AND GPL-3.0-only`",
        "silent 1.0.0 (cardinal > good > silent) has the licence `no licence`",
        "forked 1.0.0 (cardinal > good > forked) comes from `git+https://example.org/fork`",
    ] {
        assert!(found.contains(words), "{found}");
    }
    assert_eq!(found.lines().count(), 3, "{found}");
    for (twice, words) in [
        (&[][..], "old is there in the versions"),
        (&[("old", "0.9"), ("old", "1")], "old 0.9.1, 1.0.0 is there once"),
        (&[("old", "0.9"), ("gone", "1")], "gone 1 is not there any more"),
    ] {
        let found = faults(&metadata, &allowed(twice)).join("\n");
        assert!(found.contains(words) && found.lines().count() == 4, "{found}");
    }
}
