//! Lower bounds of a network's time on a GPU, computed from its plan: prints docs/performance.md's tables, or writes them into it.
//!
//! ```text
//! cargo run --example roofline -- resnext50_32x4d
//! cargo run --example roofline -- resnext50_32x4d --tuning workgroup64,split32,registers-small,registers-small,workgroup64
//! cargo run --example roofline -- --write docs/performance.md
//! ```
//!
//! Without `--tuning`, with the kernels that a GPU gets before it has been measured.
#![allow(unreachable_pub, reason = "a program has no users: `pub` marks what its other files use")]
#![cfg_attr(target_arch = "wasm32", no_main)] // Clippy for wasm32 looks at every target; this one is native.
#![cfg(not(target_arch = "wasm32"))]

mod bound;
#[path = "../../benches/common/choice.rs"]
mod choice;
mod kernel;
#[path = "../../benches/common/step.rs"]
mod step;
mod tables;

use std::path::PathBuf;
use std::process::ExitCode;

use cardinal::kernels::ConvClass;
use cardinal::model::{BlockForm, Graph, ResNextConfig};
use cardinal::plan::{Plan, PlanKind, PlanOptions, Tuning};
use clap::Parser;

type Failure = Box<dyn std::error::Error>;

const BEGIN: &str = "<!-- begin: cargo run --example roofline -- --write docs/performance.md -->";
const END: &str = "<!-- end -->";

/// Lower bounds of a network's time on a GPU, computed from its plan: print docs/performance.md's tables, or write them into it.
#[derive(Parser)]
#[command(name = "roofline")]
struct Args {
    #[arg(value_parser = choice::network, default_value = "resnext50_32x4d")]
    network: String,
    /// Write the tables into this file, between its marks.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// A method for each class; by default those that a GPU gets before it has been measured.
    #[arg(long, value_name = "METHOD,...")]
    tuning: Option<Tuning>,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("roofline: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), Failure> {
    let (network, tuning) = (&args.network, args.tuning.unwrap_or(Tuning::GPU));
    let config = ResNextConfig::preset(network)?;
    let side = config.stem.default_input_size();
    let graph = Graph::build(&config, 1, (side, side), BlockForm::C)?;
    let plan = Plan::new(graph, PlanOptions { tuning: Some(tuning), ..PlanKind::Fused.into() })?;
    let text = format!("Kernels: {}.\n\n{}", in_words(&tuning), tables::all(network, &plan)?);
    let Some(file) = &args.write else {
        println!("{text}");
        return Ok(());
    };
    let path = file.display();
    let old = std::fs::read_to_string(file).map_err(|error| format!("{path}: {error}"))?;
    let (before, rest) = old.split_once(BEGIN).ok_or_else(|| format!("{path} has no line `{BEGIN}`"))?;
    let (_, after) = rest.split_once(END).ok_or_else(|| format!("{path} has no line `{END}`"))?;
    std::fs::write(file, format!("{before}{BEGIN}\n\n{text}\n{END}{after}"))?;
    println!("written: {path}");
    Ok(())
}

/// Each class with its method.
fn in_words(tuning: &Tuning) -> String {
    let role_in_words = |class| match class {
        ConvClass::Pointwise => "1×1 over many pixels",
        ConvClass::SmallPointwise => "over few",
        ConvClass::Grouped => "grouped 3×3",
        ConvClass::SmallGrouped => "over few pixels",
        ConvClass::Dense => "nearly dense 3×3",
    };
    ConvClass::ALL.map(|class| format!("{} {}", role_in_words(class), tuning.method(class).name())).join(", ")
}
