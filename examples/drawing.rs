//! Prints the page's drawing of a network as SVG: `cargo run --example drawing [NETWORK]`.
//!
//! index.html has that of the network that the page begins with, so that something is drawn before the program is there.
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
use cardinal::view::drawing::Drawing;
use cardinal::zoo::offers;
use clap::Parser;

/// Print the page's drawing of a network as SVG.
#[derive(Parser)]
#[command(name = "drawing", after_help = format!("Networks: {}, and any other written like them.", PRESETS.join(", ")))]
struct Args {
    /// By default the one that the page begins with.
    #[arg(value_parser = choice::network)]
    network: Option<String>,
    /// Width in CSS pixels; by default as on a window of 1440.
    #[arg(long, default_value_t = 954.0)]
    width: f64,
}

fn main() -> ExitCode {
    exit::report("drawing", draw(&Args::parse()))
}

fn draw(args: &Args) -> Result<Drawing, Error> {
    let config = match &args.network {
        Some(network) => ResNextConfig::preset(network)?,
        None => offers().remove(0).config,
    };
    let side = config.stem.default_input_size();
    let graph = Graph::build(&config, 1, (side, side), BlockForm::C)?;
    Ok(Drawing::new(&graph, true, args.width))
}
