//! Writes the final WGSL of every kernel and variant to a folder: `cargo run --example shaders -- DIR`.

use std::path::PathBuf;
use std::process::ExitCode;

use cardinal::kernels::all_variants;

fn main() -> ExitCode {
    let Some(dir) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("shaders: name the folder to write to: cargo run --example shaders -- DIR");
        return ExitCode::FAILURE;
    };
    match write(&dir) {
        Ok(count) => {
            println!("{count} shaders in {}", dir.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("shaders: cannot write to {}: {error}", dir.display());
            ExitCode::FAILURE
        }
    }
}

fn write(dir: &std::path::Path) -> std::io::Result<usize> {
    std::fs::create_dir_all(dir)?;
    let variants = all_variants();
    for variant in &variants {
        std::fs::write(dir.join(format!("{}.wgsl", variant.name)), variant.key.source())?;
    }
    Ok(variants.len())
}
