//! Prints a network as a table: `cargo run --example summary -- resnext50_32x4d [INPUT_SIZE] [--form a|b|c]`.

use cardinal::model::{BlockForm, Graph, PRESETS, ResNextConfig};

fn main() -> std::process::ExitCode {
    match run() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("summary: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let form = match args.iter().position(|arg| arg == "--form") {
        None => BlockForm::C,
        Some(at) => {
            let value = args.drain(at..(at + 2).min(args.len())).nth(1);
            match value.as_deref() {
                Some("a") => BlockForm::A,
                Some("b") => BlockForm::B,
                Some("c") => BlockForm::C,
                other => return Err(format!("--form takes a, b or c, got {}", other.unwrap_or("nothing")).into()),
            }
        }
    };
    let Some(name) = args.first() else {
        return Err(format!("name a network: {}", PRESETS.join(", ")).into());
    };
    let config = ResNextConfig::preset(name)?;
    let side = match args.get(1) {
        Some(size) => size.parse().map_err(|_| format!("INPUT_SIZE is a side in pixels, got `{size}`"))?,
        None => config.stem.default_input_size(),
    };
    println!("{}", Graph::build(&config, 1, (side, side), form)?);
    Ok(())
}
