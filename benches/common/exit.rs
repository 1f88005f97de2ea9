//! The end of a program.
#![allow(dead_code)] // Every program uses its own part.

use std::fmt::Display;
use std::process::ExitCode;

/// Prints the result; or on standard error, in one line even if its text has several, why there is none.
pub fn report(program: &str, outcome: Result<impl Display, impl Display>) -> ExitCode {
    match outcome {
        Ok(result) => {
            println!("{result}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{program}: {}", error.to_string().replace('\n', " "));
            ExitCode::FAILURE
        }
    }
}

/// The end of a benchmark, which has printed its results; or on standard error why there are none.
pub fn finish(program: &str, outcome: Result<(), impl Display>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{program}: {error}");
            ExitCode::FAILURE
        }
    }
}
