//! No file of `src/` needs another that needs it.

use std::collections::{BTreeMap, BTreeSet};

use super::imports::Files;
use super::sources::library;

/// The files that need each other, each group in order of their names.
fn circles(files: &Files) -> Vec<Vec<String>> {
    let needs = files.needs();
    let reachable: BTreeMap<&str, BTreeSet<&str>> = needs.keys().map(|file| (*file, reached(file, &needs))).collect();
    let mut found: Vec<Vec<String>> = Vec::new();
    for (file, reached) in &reachable {
        let circle = reached.iter().filter(|other| reachable.get(*other).is_some_and(|back| back.contains(file)));
        let circle: Vec<String> = circle.map(|other| (*other).to_owned()).collect();
        if circle.len() > 1 && !found.contains(&circle) {
            found.push(circle);
        }
    }
    found
}

/// Every file that a file needs, and that those need; itself among them where a way leads back.
fn reached<'a>(from: &'a str, needs: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from];
    while let Some(file) = open.pop() {
        for next in needs.get(file).into_iter().flatten() {
            if reached.insert(*next) {
                open.push(next);
            }
        }
    }
    reached
}

#[test]
fn no_file_imports_another_in_a_circle() {
    let sources = library();
    let files = Files::new(sources.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let found: Vec<String> = circles(&files).iter().map(|circle| circle.join(" ")).collect();
    assert!(found.is_empty(), "files that need each other:\n{}", found.join("\n"));
}

fn of(sources: &[(&str, &str)]) -> Vec<Vec<String>> {
    circles(&Files::new(sources.iter().copied()))
}

#[test]
fn a_circle_is_seen() {
    let two = [
        ("a/mod.rs", "mod one; mod two;"),
        ("a/one.rs", "use super::two::Two;"),
        ("a/two.rs", "use crate::a::one::One;"),
    ];
    assert_eq!(of(&two), [["a/one.rs", "a/two.rs"]]);
    let by_path =
        [("one.rs", "fn a() { crate::two::b() }"), ("two.rs", "use crate::{one::{self}};\nfn b() { one::a() }")];
    assert_eq!(of(&by_path), [["one.rs", "two.rs"]]);
    let of_three =
        [("a.rs", "use crate::b::B;"), ("b.rs", "use crate::c::C as D;"), ("c.rs", "use crate::a::*;\nfn c() {}")];
    assert_eq!(of(&of_three), [["a.rs", "b.rs", "c.rs"]]);
}

/// A name that a `mod.rs` passes on belongs to the file that defines it.
#[test]
fn a_circle_through_a_re_export_is_seen() {
    let sources = [
        ("a/mod.rs", "mod one;\nmod two;\npub use one::One;\npub use self::two::Two;"),
        ("a/one.rs", "use super::Two;\npub struct One;"),
        ("a/two.rs", "use crate::a::{One};\npub struct Two;"),
    ];
    assert_eq!(of(&sources), [["a/one.rs", "a/two.rs"]]);
}

#[test]
fn a_parent_that_uses_a_child_that_uses_it_is_seen() {
    let sources = [
        ("a/mod.rs", "mod child;\npub struct Own;\nfn work() { child::work() }"),
        ("a/child.rs", "use super::Own;\npub fn work() {}"),
    ];
    assert_eq!(of(&sources), [["a/child.rs", "a/mod.rs"]]);
    let by_name = [
        ("a/mod.rs", "mod child;\npub use child::Child;\npub struct Own(Child);"),
        ("a/child.rs", "use super::Own;\npub struct Child;"),
    ];
    assert_eq!(of(&by_name), [["a/child.rs", "a/mod.rs"]]);
}

#[test]
fn what_is_no_circle_is_let_be() {
    let sources = [
        // Passing on is no need.
        ("a/mod.rs", "mod one;\nmod two;\npub use one::One;\npub use two::Two;"),
        ("a/one.rs", "use super::Two;\npub struct One;"),
        ("a/two.rs", "pub struct Two; // use super::One;\nconst WORDS: &str = \"use crate::a::One;\";"),
        // Neither is what only tests need.
        ("b.rs", "use crate::c::C;"),
        (
            "c.rs",
            "pub struct C;\n#[cfg(test)]\nmod tests {\n use crate::b::B;\n fn x() { if true {} }\n}\nfn after() {}",
        ),
        // Nor what leads out of the crate.
        ("d.rs", "use std::fmt;\nfn d() -> impl Fn() + use<> { move || drop(fmt::Error) }"),
    ];
    assert_eq!(of(&sources), [[""; 0]; 0]);
}
