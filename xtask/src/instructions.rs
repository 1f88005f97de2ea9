//! How many instructions the CPU engine's operations take: the same on every machine, so that none becomes slower unseen.

use std::fmt::Write as _;
use std::fs;

use crate::debian;
use crate::failure::Failure;
use crate::tools::APT_VALGRIND;
use crate::workspace::Workspace;

/// What is counted may differ by so much: C libraries copy and clear memory in different ways.
const TOLERANCE: f64 = 0.02;

/// What the operations run with under valgrind, which knows of no AVX-512.
const SET: &str = "AVX2 with FMA";

const RESULTS: &str = "benches/results/instructions.md";

const HEAD: &str = "\
# Instructions of the CPU engine

Each operation four times, in AVX2 on x86-64 under `valgrind --tool=callgrind`. `cargo xtask test` counts again and allows 2 % more or
less; where a change is meant, it prints what to write here.

| operation | instructions |
| --- | ---: |
";

/// Counts, and compares with what is written down.
///
/// # Errors
///
/// Where valgrind is missing, or an operation takes other than so many instructions.
pub fn check(workspace: &Workspace) -> Result<(), Failure> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        println!("Left out: they are counted on Linux on x86-64.");
        return Ok(());
    }
    if workspace.find("valgrind").is_none() {
        debian::install(workspace, APT_VALGRIND, "valgrind is missing", "install valgrind")?;
    }
    let mut build = workspace.command("cargo");
    build.args(["build", "--quiet", "--release", "--package", "cardinal-cpu", "--example", "operations"]);
    workspace.run(&mut build, "the compiler says why above")?;
    let example = workspace.root().join("target/release/examples/operations");
    let names = workspace.capture(&example, &[]).ok_or_else(|| silent("the example `operations` of cpu/"))?;
    let mut table = HEAD.to_owned();
    for name in names.lines() {
        let _ = writeln!(table, "| {name} | {} |", count(workspace, &example.display().to_string(), name)?);
    }
    let written = fs::read_to_string(workspace.root().join(RESULTS)).unwrap_or_default();
    match compare(&written, &table) {
        Ok(()) => Ok(()),
        Err(different) => {
            let remedy = format!("mend the loop, or where the change is meant write this into {RESULTS}:\n{table}");
            Err(Failure::new(different, remedy))
        }
    }
}

fn silent(what: &str) -> Failure {
    Failure::new(format!("{what} failed or printed nothing that can be read"), "run it by hand")
}

/// Instructions of an operation.
fn count(workspace: &Workspace, example: &str, name: &str) -> Result<u64, Failure> {
    let file = workspace.root().join("target/callgrind.out");
    let out = format!("--callgrind-out-file={}", file.display());
    let set = workspace.capture("valgrind", &["--tool=callgrind", "--quiet", &out, example, name]);
    let set = set.ok_or_else(|| silent("valgrind"))?;
    if set.trim() != SET {
        let what = format!("{name} ran with {} under valgrind, not with {SET}", set.trim());
        return Err(Failure::new(what, "count on a processor that has it"));
    }
    let counted = fs::read_to_string(&file).unwrap_or_default();
    let total = counted.lines().find_map(|line| line.strip_prefix("totals: ")?.trim().parse().ok());
    total.ok_or_else(|| silent("valgrind"))
}

/// Name and count of each row.
fn rows(table: &str) -> Vec<(&str, u64)> {
    table
        .lines()
        .filter_map(|line| {
            let mut cells = line.split('|').map(str::trim).skip(1);
            Some((cells.next()?, cells.next()?.parse().ok()?))
        })
        .collect()
}

/// What differs, in words.
fn compare(written: &str, now: &str) -> Result<(), String> {
    let (written, now) = (rows(written), rows(now));
    let names = |rows: &[(&str, u64)]| rows.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>();
    if names(&written) != names(&now) {
        return Err(format!("{RESULTS} has other operations than are counted"));
    }
    for ((name, before), (_, now)) in written.into_iter().zip(now) {
        let more = now as f64 / before as f64 - 1.0;
        println!("{name}: {now} instructions, {:+.2} %", more * 100.0);
        if more.abs() > TOLERANCE {
            return Err(format!(
                "{name} takes {now} instructions, {:+.1} % of the {before} written down",
                more * 100.0
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::compare;

    #[test]
    fn two_per_cent_more_or_less_are_allowed() {
        let written = "| operation | instructions |\n| --- | ---: |\n| pool | 1000 |\n| sum | 200000 |\n";
        for (now, agrees) in [(200_000, true), (203_999, true), (196_001, true), (204_100, false), (195_000, false)] {
            let now = written.replace("200000", &now.to_string());
            assert_eq!(compare(written, &now).is_ok(), agrees, "{now}");
        }
        assert!(compare(written, "| pool | 1000 |\n").is_err(), "a row is missing");
        assert!(compare("", written).is_err(), "nothing is written down");
    }
}
