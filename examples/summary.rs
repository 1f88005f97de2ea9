//! Prints a network as a table: `cargo run --example summary -- resnext50_32x4d [INPUT_SIZE] [--form a|b|c]`.
#![allow(unreachable_pub, reason = "a program has no users: `pub` marks what its other files use")]
#![cfg_attr(target_arch = "wasm32", no_main)] // `wasm-pack test` builds every example; this one is native.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../benches/common/choice.rs"]
mod choice;
#[path = "../benches/common/exit.rs"]
mod exit;

use std::process::ExitCode;

use cardinal::Error;
use cardinal::model::{BlockForm, Graph, PRESETS, ResNextConfig};
use clap::Parser;
use clap::builder::TypedValueParser;

/// Print a network as a table: its layers with their shapes, parameters and multiply-adds.
#[derive(Parser)]
#[command(name = "summary", after_help = format!("Networks: {}, and any other written like them.", PRESETS.join(", ")))]
struct Args {
    #[arg(value_parser = choice::network)]
    network: String,
    /// Side of the input in pixels; the network's own by default.
    input_size: Option<usize>,
    /// Form of its blocks (the paper's Figure 3).
    #[arg(long, value_parser = form(), default_value = "c")]
    form: BlockForm,
}

fn form() -> impl TypedValueParser<Value = BlockForm> {
    choice::one_of(&[("a", BlockForm::A), ("b", BlockForm::B), ("c", BlockForm::C)])
}

fn main() -> ExitCode {
    exit::report("summary", table(&Args::parse()))
}

fn table(args: &Args) -> Result<Graph, Error> {
    let config = ResNextConfig::preset(&args.network)?;
    let side = args.input_size.unwrap_or_else(|| config.stem.default_input_size());
    Ok(Graph::build(&config, 1, (side, side), args.form)?)
}
