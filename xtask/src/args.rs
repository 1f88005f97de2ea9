//! The command line.

use std::num::NonZeroUsize;

use clap::{Args, Parser, Subcommand};

/// Serves, builds, tests and measures the page. Each command first installs the tools that it needs.
#[derive(Debug, Parser)]
#[command(name = "xtask", bin_name = "cargo xtask")]
pub struct CommandLine {
    #[command(subcommand)]
    pub task: Task,
}

#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Task {
    /// Build the page and serve it on 127.0.0.1.
    Serve {
        /// Port to serve on; 0 takes any free one.
        #[arg(long, value_name = "N", default_value_t = 8080)]
        port: u16,
    },
    /// Write the page to dist/, print its sizes, and fail if the wasm is over its limit.
    Build,
    /// Write the Content-Security-Policy of the page that Trunk is building; Trunk calls it.
    #[command(hide = true)]
    Policy,
    /// Write the npm package to dist-package/, make its examples, print its size, and fail if it is over its limit.
    Package,
    /// Run everything that CI runs.
    Test {
        /// Stop before the browser tests.
        #[arg(long)]
        fast: bool,
    },
    /// Measure speed; benches/README.md describes the method.
    #[command(subcommand)]
    Bench(Bench),
    /// Print what CHANGELOG.md says of a version, for the text of its release.
    Notes {
        /// Such as 1.2.0; without one, what is unreleased.
        #[arg(value_name = "VERSION")]
        version: Option<String>,
    },
    /// Write the table of the laboratory's results in docs/results/.
    Results {
        /// Measure this machine's two software adapters first, with so many runs of each stop: the page has these to choose from.
        #[arg(long, value_name = "N", value_parser = ["3", "10", "30"])]
        measure: Option<String>,
    },
}

/// What is measured.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Bench {
    /// Compare with onnxruntime-web: the same weights, picture and adapter, in turns.
    Peers {
        #[command(flatten)]
        network: Network,
        /// Measure only peers whose name contains one of these.
        #[arg(long, value_name = "NAME,...", default_value = "", hide_default_value = true)]
        only: String,
        /// Timed runs of each.
        #[arg(long, value_name = "N", default_value = "3")]
        runs: NonZeroUsize,
        #[command(flatten)]
        browser: InBrowser,
    },
    /// Compare natively with onnxruntime and ncnn, where a Python has them: the same weights and picture, in turns.
    Native {
        #[command(flatten)]
        network: Network,
        /// A Python that has them; where it has none, this engine is measured alone.
        #[arg(long, value_name = "PYTHON", default_value = "python3")]
        python: String,
        /// Measure the GPU too, against ncnn's Vulkan.
        #[arg(long)]
        gpu: bool,
        #[command(flatten)]
        rounds: Rounds,
    },
    /// Measure every layer shape natively: time, rate, bytes, share of the device's best, kernel.
    Layers {
        #[command(flatten)]
        network: Network,
        #[command(flatten)]
        rounds: Rounds,
    },
    /// Measure latency over cardinality at equal cost, in the browser and natively, and plot it.
    Family {
        #[command(flatten)]
        rounds: Rounds,
        #[command(flatten)]
        browser: InBrowser,
    },
    /// Tune ten times on new devices, natively, and compare each choice with the best one.
    Tuning {
        #[command(flatten)]
        rounds: Rounds,
    },
    /// Measure a training step against the forward pass of the same batch, natively, and against PyTorch's.
    Training {
        /// A Python that has PyTorch, which takes the same step on one thread.
        #[arg(long, value_name = "PYTHON")]
        torch: Option<String>,
        /// Print the time by phase and kernel.
        #[arg(long)]
        kernels: bool,
        #[command(flatten)]
        rounds: Rounds,
    },
    /// Build the worker that the npm package has, and print what is in its wasm, by part.
    Size,
    /// Measure the processor's work: preprocessing and planning, natively and in WebAssembly.
    Cpu {
        #[command(flatten)]
        rounds: Rounds,
        #[command(flatten)]
        browser: InBrowser,
    },
}

#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct Network {
    #[arg(value_name = "NETWORK", default_value = "resnext50_32x4d")]
    pub network: String,
}

#[derive(Args, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rounds {
    /// Timed runs of each.
    #[arg(long, value_name = "N", default_value = "5")]
    pub runs: NonZeroUsize,
}

#[derive(Args, Clone, Copy, Debug, PartialEq, Eq)]
pub struct InBrowser {
    /// Use this machine's GPU in the browser instead of its software adapter.
    #[arg(long)]
    pub gpu: bool,
    /// Keep the results in benches/results/ and docs/, which are committed, instead of target/bench/.
    #[arg(long)]
    pub save: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use clap::error::ErrorKind;

    use super::*;

    fn parsed(line: &str) -> Result<Task, clap::Error> {
        let words = std::iter::once("xtask").chain(line.split_whitespace());
        CommandLine::try_parse_from(words).map(|line| line.task)
    }

    #[test]
    fn the_definition_holds() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn commands_and_options() {
        let parsed = |line| parsed(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        assert_eq!(parsed("serve"), Task::Serve { port: 8080 });
        assert_eq!(parsed("serve --port 9000"), Task::Serve { port: 9000 });
        assert_eq!(parsed("serve --port=0"), Task::Serve { port: 0 });
        assert_eq!(parsed("build"), Task::Build);
        assert_eq!(parsed("policy"), Task::Policy);
        assert_eq!(parsed("test"), Task::Test { fast: false });
        assert_eq!(parsed("test --fast"), Task::Test { fast: true });
        assert_eq!(parsed("notes"), Task::Notes { version: None });
        assert_eq!(parsed("notes v1.2.0"), Task::Notes { version: Some("v1.2.0".to_owned()) });
        assert_eq!(parsed("results"), Task::Results { measure: None });
        assert_eq!(parsed("results --measure 3"), Task::Results { measure: Some("3".to_owned()) });
    }

    #[test]
    fn benchmarks() {
        let parsed = |line| match parsed(line) {
            Ok(Task::Bench(bench)) => bench,
            other => panic!("{line}: {other:?}"),
        };
        let runs = |runs| NonZeroUsize::new(runs).unwrap();
        let peers = |network: &str, only: &str, of, browser| {
            let network = Network { network: network.to_owned() };
            Bench::Peers { network, only: only.to_owned(), runs: runs(of), browser }
        };
        let browser = |gpu, save| InBrowser { gpu, save };
        assert_eq!(parsed("bench peers"), peers("resnext50_32x4d", "", 3, browser(false, false)));
        assert_eq!(
            parsed("bench peers resnext101_64x4d --runs 9 --gpu --only=wasm,nhwc --save"),
            peers("resnext101_64x4d", "wasm,nhwc", 9, browser(true, true))
        );
        let rounds = |of| Rounds { runs: runs(of) };
        let network = Network { network: "resnext50_32x4d".to_owned() };
        assert_eq!(parsed("bench layers"), Bench::Layers { network, rounds: rounds(5) });
        assert_eq!(parsed("bench tuning --runs 9"), Bench::Tuning { rounds: rounds(9) });
        let browser = browser(false, false);
        assert_eq!(parsed("bench family --runs=7"), Bench::Family { rounds: rounds(7), browser });
        let training = |torch, kernels, rounds| Bench::Training { torch, kernels, rounds };
        assert_eq!(parsed("bench training"), training(None, false, rounds(5)));
        assert_eq!(
            parsed("bench training --torch python3 --kernels --runs 9"),
            training(Some("python3".to_owned()), true, rounds(9))
        );
        let native = |network: &str, python: &str, gpu, rounds| {
            let network = Network { network: network.to_owned() };
            Bench::Native { network, python: python.to_owned(), gpu, rounds }
        };
        assert_eq!(parsed("bench native"), native("resnext50_32x4d", "python3", false, rounds(5)));
        assert_eq!(
            parsed("bench native resnext101_64x4d --python .venv/bin/python --gpu --runs 3"),
            native("resnext101_64x4d", ".venv/bin/python", true, rounds(3))
        );
        assert_eq!(parsed("bench size"), Bench::Size);
        assert_eq!(parsed("bench cpu"), Bench::Cpu { rounds: rounds(5), browser });
    }

    #[test]
    fn help_is_given_everywhere() {
        for (line, mentions) in [
            ("--help", "Usage: cargo xtask"),
            ("help", "bench"),
            ("serve --help", "[default: 8080]"),
            ("bench --help", "family"),
            ("bench peers -h", "--only <NAME,...>"),
        ] {
            let help = parsed(line).expect_err(line);
            assert_eq!(help.kind(), ErrorKind::DisplayHelp, "{line}");
            assert!(help.to_string().contains(mentions), "{line}: {help}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        use ErrorKind::{
            DisplayHelpOnMissingArgumentOrSubcommand as Incomplete, InvalidSubcommand, InvalidValue, TooManyValues,
            UnknownArgument, ValueValidation,
        };
        for (line, kind, mentions) in [
            ("", Incomplete, "Usage: cargo xtask <COMMAND>"),
            ("serv", InvalidSubcommand, "'serve'"),
            ("serve --port", InvalidValue, "--port <N>"),
            ("serve --port 70000", ValueValidation, "70000"),
            ("serve --fast", UnknownArgument, "'--fast'"),
            ("build extra", UnknownArgument, "'extra'"),
            ("test --fast=yes", TooManyValues, "'--fast'"),
            ("bench", Incomplete, "peers"),
            ("bench others", InvalidSubcommand, "'others'"),
            ("bench family resnext50_32x4d", UnknownArgument, "'resnext50_32x4d'"),
            ("bench family --only wasm", UnknownArgument, "'--only'"),
            ("bench layers --gpu", UnknownArgument, "'--gpu'"),
            ("bench peers --runs 0", ValueValidation, "'0'"),
            ("results --measure 5", InvalidValue, "[possible values: 3, 10, 30]"),
        ] {
            let mistake = parsed(line).expect_err(line);
            assert_eq!(mistake.kind(), kind, "{line}: {mistake}");
            assert!(mistake.to_string().contains(mentions), "{line}: {mistake}");
            assert_eq!(mistake.exit_code(), 2, "{line}");
        }
    }
}
