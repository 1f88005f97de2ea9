//! The end of a program that prints one result.

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
