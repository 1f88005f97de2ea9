//! The project's commands: `cargo xtask serve`, `build`, `package`, `test`, `bench`, `results` and `notes`. Each first installs the tools that it needs, at the
//! versions that `tools.rs` pins.

mod args;
mod bench;
mod browser;
mod bundle;
mod cores;
mod debian;
mod failure;
mod imports;
mod install;
mod instructions;
mod notes;
mod package;
mod policy;
mod results;
mod rust_tool;
mod serve;
mod server;
mod site;
mod sizes;
mod small_worker;
mod stamp;
mod steps;
mod styles;
mod test;
mod tools;
mod version;
mod vulkan;
mod workspace;

use std::process::ExitCode;

use args::{CommandLine, Task};
use clap::Parser;
use failure::Failure;
use workspace::Workspace;

fn main() -> ExitCode {
    match run(CommandLine::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<(), Failure> {
    let workspace = Workspace::here();
    match task {
        Task::Serve { port } => serve::run(&workspace, port),
        Task::Build => bundle::run(&workspace),
        Task::Policy => policy::of_trunk(),
        Task::Package => package::run(&workspace),
        Task::Test { fast } => test::run(&workspace, fast),
        Task::Bench(bench) => bench::run(&workspace, &bench),
        Task::Notes { version } => notes::run(&workspace, version.as_deref()),
        Task::Results { measure } => results::run(&workspace, measure.as_deref()),
    }
}
