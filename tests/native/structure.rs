//! The arrows between modules run one way: `config -> graph -> plan -> engine`. Reads the sources; needs nothing.
#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::{Path, PathBuf};

/// A module and what it may use of the others.
const ARROWS: [(&str, &[&str]); 18] = [
    ("decimal", &[]),
    ("shape", &[]),
    ("order", &[]),
    ("json", &["decimal", "order"]),
    ("pause", &[]),
    ("model", &["shape", "order"]),
    ("weights", &["shape", "decimal", "order", "json", "model"]),
    ("image", &["decimal"]),
    ("kernels", &["shape", "decimal"]),
    ("plan", &["shape", "order", "model", "kernels", "weights"]),
    ("gpu", &["shape", "model", "kernels", "weights", "plan"]),
    ("cpu", &["shape", "model", "kernels", "weights", "plan", "pause"]),
    ("reference", &["shape"]),
    ("error", &["model", "weights", "image", "plan", "gpu", "cpu"]),
    ("classifier", &["shape", "order", "model", "weights", "image", "kernels", "plan", "gpu", "cpu", "error"]),
    ("view", &["shape", "decimal", "order", "json", "model", "weights", "image", "plan", "classifier"]),
    ("store", &["order", "weights"]),
    (
        "app",
        &[
            "shape",
            "decimal",
            "json",
            "model",
            "weights",
            "image",
            "kernels",
            "plan",
            "gpu",
            "error",
            "classifier",
            "view",
            "store",
        ],
    ),
];

/// Crates that one module alone may name.
const OWNERS: [(&str, &str); 4] =
    [("wgpu", "gpu"), ("leptos", "app"), ("cardinal_cpu", "cpu"), ("cardinal_resize", "image")];

fn sources(path: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The module a file belongs to, and its code without comments.
fn modules() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut modules = Vec::new();
    for file in files {
        let relative = file.strip_prefix(&root).unwrap();
        let module = relative.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned();
        let text = fs::read_to_string(&file).unwrap();
        let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        modules.push((module, file, code.join("\n")));
    }
    modules
}

/// Why `code` of `module` breaks an arrow.
fn violations(module: &str, code: &str) -> Vec<String> {
    let mut found = Vec::new();
    if let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == module) {
        for (other, _) in ARROWS {
            let named = code.contains(&format!("crate::{other}::")) || code.contains(&format!("crate::{other};"));
            if other != module && named && !allowed.contains(&other) {
                found.push(format!("{module} uses {other}"));
            }
        }
    }
    for (library, owner) in OWNERS {
        if module != owner && code.contains(&format!("{library}::")) {
            found.push(format!("{module} names {library}, which is {owner}'s"));
        }
    }
    found
}

#[test]
fn no_arrow_runs_the_other_way() {
    let mut found = Vec::new();
    for (module, file, code) in modules() {
        let known = ARROWS.iter().any(|(name, _)| *name == module) || ["lib", "main"].contains(&module.as_str());
        assert!(known, "{}: a module that has no arrows yet", file.display());
        found.extend(violations(&module, &code).into_iter().map(|text| format!("{}: {text}", file.display())));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_check_sees_what_it_must() {
    assert_eq!(violations("shape", "use crate::model::Graph;").len(), 1);
    assert_eq!(violations("plan", "use wgpu::Device;").len(), 1);
    assert_eq!(violations("reference", "use crate::{shape::Nchw};\nuse crate::kernels::Dispatch;").len(), 1);
    assert!(violations("gpu", "use crate::plan::Plan;\nuse wgpu::Device;").is_empty());
}

/// Kernels go by one name everywhere.
#[test]
fn a_kernel_has_a_shader_a_host_file_and_a_twin() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for shader in cardinal::kernels::table::ALL {
        for path in [format!("src/kernels/{}.rs", shader.name), format!("src/reference/{}.rs", shader.name)] {
            assert!(root.join(&path).exists(), "{path} is missing");
        }
    }
}
