//! The arrows between modules run one way: `config -> graph -> plan -> engine`. Reads the sources; needs nothing.

mod circles;
mod imports;
pub mod sources;
mod tokens;
mod ui;

use std::path::Path;

/// A module and what it may use of the others.
const ARROWS: [(&str, &[&str]); 25] = [
    ("decimal", &[]),
    ("shape", &[]),
    ("platform", &[]),
    ("model", &["shape"]),
    ("weights", &["decimal", "shape", "image", "model"]),
    ("image", &["decimal"]),
    ("kernels", &["decimal", "shape"]),
    ("plan", &["shape", "model", "kernels", "weights"]),
    ("gpu", &["platform", "decimal", "shape", "model", "kernels", "weights", "plan"]),
    ("cpu", &["shape", "model", "kernels", "weights", "plan"]),
    ("reference", &["shape"]),
    ("teach", &[]),
    ("train", &["decimal", "model", "weights", "plan", "zoo"]),
    ("error", &["model", "weights", "image", "plan", "gpu", "cpu", "teach", "train"]),
    ("classifier", &["shape", "model", "weights", "image", "kernels", "plan", "gpu", "cpu", "teach", "train", "error"]),
    ("zoo", &["model", "weights", "image"]),
    ("protocol", &["model", "plan", "store", "zoo"]),
    (
        "view",
        &["decimal", "shape", "model", "image", "kernels", "plan", "classifier", "zoo", "protocol", "teach", "train"],
    ),
    ("store", &["decimal", "weights", "platform"]),
    (
        "session",
        &[
            "model",
            "weights",
            "image",
            "kernels",
            "plan",
            "gpu",
            "cpu",
            "error",
            "classifier",
            "zoo",
            "protocol",
            "store",
            "teach",
        ],
    ),
    (
        "worker",
        &[
            "platform",
            "model",
            "weights",
            "image",
            "plan",
            "gpu",
            "cpu",
            "error",
            "classifier",
            "zoo",
            "protocol",
            "store",
            "session",
        ],
    ),
    ("torch", &["platform", "weights"]),
    ("race", &["model", "weights", "plan", "gpu", "error", "classifier", "train", "protocol", "session"]),
    (
        "trainer",
        &[
            "platform",
            "model",
            "weights",
            "image",
            "gpu",
            "error",
            "classifier",
            "train",
            "zoo",
            "protocol",
            "store",
            "race",
            "worker",
        ],
    ),
    ("ui", &["platform", "model", "plan", "zoo", "protocol", "view"]),
];

/// Crates that one module alone may name.
const OWNERS: [(&str, &str); 4] =
    [("wgpu", "gpu"), ("leptos", "ui"), ("cardinal_cpu", "cpu"), ("cardinal_resize", "image")];

/// The module a file belongs to, its path, and its code without comments.
fn modules() -> Vec<(String, String, String)> {
    let module = |(path, text): (String, String)| {
        let module = path.split('/').next().unwrap().trim_end_matches(".rs").to_owned();
        let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        (module, path, code.join("\n"))
    };
    sources::all().into_iter().map(module).collect()
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
        let known = ARROWS.iter().any(|(name, _)| *name == module) || ["lib", "main", "bin"].contains(&module.as_str());
        assert!(known, "{file}: a module that has no arrows yet");
        found.extend(violations(&module, &code).into_iter().map(|text| format!("{file}: {text}")));
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
