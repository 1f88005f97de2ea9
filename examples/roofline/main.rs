//! What the plan of a network asks of a GPU, on paper: prints docs/performance.md's tables, or writes them into it.
//!
//! ```text
//! cargo run --example roofline -- resnext50_32x4d
//! cargo run --example roofline -- resnext50_32x4d --tuning wide,wide,wide,wide,wide
//! cargo run --example roofline -- --write docs/performance.md
//! ```
//!
//! Unless told otherwise, with the kernels a GPU is given before anything was measured on it.

#![cfg_attr(target_arch = "wasm32", no_main)] // Clippy for wasm32 looks at every target; this one is native.
#![cfg(not(target_arch = "wasm32"))]

mod bound;
mod kernel;
#[path = "../../benches/common/step.rs"]
mod step;
mod tables;

use std::process::ExitCode;

use cardinal::kernels::Role;
use cardinal::model::{BlockForm, Graph, ResNextConfig};
use cardinal::plan::{Plan, PlanKind, PlanOptions, Tuning};

type Failure = Box<dyn std::error::Error>;

const BEGIN: &str = "<!-- begin: cargo run --example roofline -- --write docs/performance.md -->";
const END: &str = "<!-- end -->";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("roofline: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let (mut network, mut target, mut tuning) = ("resnext50_32x4d".to_owned(), None, Tuning::GPU);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--write" => target = Some(args.next().ok_or("--write needs a file")?),
            "--tuning" => tuning = args.next().ok_or("--tuning needs methods")?.parse()?,
            name => network = name.to_owned(),
        }
    }
    let config = ResNextConfig::preset(&network)?;
    let side = config.stem.default_input_size();
    let graph = Graph::build(&config, 1, (side, side), BlockForm::C)?;
    let plan = Plan::new(graph, PlanOptions { tuning: Some(tuning), ..PlanKind::Fused.into() })?;
    let text = format!("Kernels: {}.\n\n{}", in_words(&tuning), tables::all(&network, &plan)?);
    let Some(path) = target else {
        println!("{text}");
        return Ok(());
    };
    let old = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    let (before, rest) = old.split_once(BEGIN).ok_or_else(|| format!("{path} has no line `{BEGIN}`"))?;
    let (_, after) = rest.split_once(END).ok_or_else(|| format!("{path} has no line `{END}`"))?;
    std::fs::write(&path, format!("{before}{BEGIN}\n\n{text}\n{END}{after}"))?;
    println!("written: {path}");
    Ok(())
}

/// Each role with its method.
fn in_words(tuning: &Tuning) -> String {
    let role_in_words = |role| match role {
        Role::Pointwise => "1×1 over many pixels",
        Role::SmallPointwise => "over few",
        Role::Grouped => "grouped 3×3",
        Role::SmallGrouped => "over few pixels",
        Role::Dense => "nearly dense 3×3",
    };
    Role::ALL.map(|role| format!("{} {}", role_in_words(role), tuning.method(role).name())).join(", ")
}
