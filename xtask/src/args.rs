//! The command line, read by hand: four commands and a few options need no library.

pub const USAGE: &str = "\
usage: cargo xtask <command>

  serve [--port N]   build the page and serve it on 127.0.0.1 (port 8080 unless told; 0 takes any free one)
  build              write the page to dist/, print its sizes, fail where the wasm is over its limit
  test [--fast]      everything CI runs; --fast stops before the browser
  bench peers [NETWORK] [--only NAME,...]
                     beside onnxruntime-web: the same weights, picture and adapter, in turns (resnext50_32x4d unless told)
  bench layers [NETWORK]
                     every layer shape natively: time, rate, bytes, share of the device's best, kernel
  bench family       latency over cardinality at equal cost, in the browser and natively, and its plot
  bench cpu          the processor's work: preprocessing and planning, natively and in WebAssembly
    --runs N         timed runs of each (peers 3, others 5)
    --gpu            the browser takes this machine's GPU, not its software adapter
    --save           keep the results in benches/results/ and docs/, which are committed (target/bench/ unless told)";

const DEFAULT_PORT: u16 = 8080;

#[derive(Debug, PartialEq, Eq)]
pub enum Task {
    Help,
    Serve { port: u16 },
    Build,
    Test { fast: bool },
    Bench(Bench),
}

/// What is measured, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bench {
    pub what: Measured,
    pub network: String,
    pub runs: usize,
    pub gpu: bool,
    pub save: bool,
    /// Peers whose name contains one of these; all where it is empty.
    pub only: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measured {
    Peers,
    Layers,
    Family,
    Cpu,
}

/// Reads the arguments after the program's name; the error is one line for a person.
pub fn parse(args: impl IntoIterator<Item = String>) -> Result<Task, String> {
    let mut args = args.into_iter();
    let mut task = match args.next().as_deref() {
        Some("serve") => Task::Serve { port: DEFAULT_PORT },
        Some("build") => Task::Build,
        Some("test") => Task::Test { fast: false },
        Some("bench") => match bench(args.next().as_deref())? {
            Some(bench) => Task::Bench(bench),
            None => return Ok(Task::Help),
        },
        Some("help" | "--help" | "-h") | None => return Ok(Task::Help),
        Some(other) => return Err(format!("there is no command `{other}`")),
    };
    while let Some(arg) = args.next() {
        let (name, inline) = match arg.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (arg, None),
        };
        match (&mut task, name.as_str(), inline) {
            (_, "--help" | "-h", None) => return Ok(Task::Help),
            (Task::Serve { port }, "--port", inline) => {
                let value = inline.or_else(|| args.next()).ok_or("--port needs a number")?;
                *port = value.parse().map_err(|_| format!("--port: `{value}` is not a number from 0 to 65535"))?;
            }
            (Task::Test { fast }, "--fast", None) => *fast = true,
            (Task::Bench(bench), "--gpu", None) => bench.gpu = true,
            (Task::Bench(bench), "--save", None) => bench.save = true,
            (Task::Bench(bench), "--runs", inline) => {
                let value = inline.or_else(|| args.next()).ok_or("--runs needs a number")?;
                let number = value.parse().ok().filter(|&runs| runs > 0);
                bench.runs = number.ok_or(format!("--runs: `{value}` is not a number from 1 on"))?;
            }
            (Task::Bench(bench), "--only", inline) if bench.what == Measured::Peers => {
                bench.only = inline.or_else(|| args.next()).ok_or("--only needs a part of a peer's name")?;
            }
            (Task::Bench(bench), name, None)
                if !name.starts_with('-') && matches!(bench.what, Measured::Peers | Measured::Layers) =>
            {
                bench.network = name.to_owned();
            }
            (_, name, _) => return Err(format!("this command takes no `{name}`")),
        }
    }
    Ok(task)
}

/// `None` where help was asked for.
fn bench(what: Option<&str>) -> Result<Option<Bench>, String> {
    let what = match what {
        Some("peers") => Measured::Peers,
        Some("layers") => Measured::Layers,
        Some("family") => Measured::Family,
        Some("cpu") => Measured::Cpu,
        Some("--help" | "-h") => return Ok(None),
        Some(other) => return Err(format!("there is no benchmark `{other}`; there are peers, layers, family and cpu")),
        None => return Err("say which: bench peers, layers, family or cpu".to_owned()),
    };
    let runs = if what == Measured::Peers { 3 } else { 5 };
    let network = "resnext50_32x4d".to_owned();
    Ok(Some(Bench { what, network, runs, gpu: false, save: false, only: String::new() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Task, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn commands_and_options() {
        assert_eq!(parsed(""), Ok(Task::Help));
        assert_eq!(parsed("serve --help"), Ok(Task::Help));
        assert_eq!(parsed("serve"), Ok(Task::Serve { port: 8080 }));
        assert_eq!(parsed("serve --port 9000"), Ok(Task::Serve { port: 9000 }));
        assert_eq!(parsed("serve --port=0"), Ok(Task::Serve { port: 0 }));
        assert_eq!(parsed("build"), Ok(Task::Build));
        assert_eq!(parsed("test"), Ok(Task::Test { fast: false }));
        assert_eq!(parsed("test --fast"), Ok(Task::Test { fast: true }));
    }

    #[test]
    fn benchmarks() {
        let parsed = |line| match parsed(line) {
            Ok(Task::Bench(bench)) => bench,
            other => panic!("{line}: {other:?}"),
        };
        let peers = parsed("bench peers");
        assert_eq!((peers.what, peers.network.as_str(), peers.runs), (Measured::Peers, "resnext50_32x4d", 3));
        let peers = parsed("bench peers resnext101_64x4d --runs 9 --gpu --only=wasm,nhwc --save");
        assert_eq!((peers.network.as_str(), peers.runs, peers.only.as_str()), ("resnext101_64x4d", 9, "wasm,nhwc"));
        assert!(peers.gpu && peers.save);
        assert_eq!(parsed("bench family --runs=7").runs, 7);
        assert_eq!(parse(["bench".to_owned(), "--help".to_owned()]), Ok(Task::Help));
    }

    #[test]
    fn mistakes_are_named() {
        for (line, mentions) in [
            ("serv", "`serv`"),
            ("serve --port", "needs a number"),
            ("serve --port 70000", "`70000`"),
            ("serve --fast", "`--fast`"),
            ("build extra", "`extra`"),
            ("test --fast=yes", "`--fast`"),
            ("bench", "bench peers"),
            ("bench others", "`others`"),
            ("bench family resnext50_32x4d", "`resnext50_32x4d`"),
            ("bench family --only wasm", "`--only`"),
            ("bench peers --runs 0", "`0`"),
        ] {
            let message = parsed(line).expect_err(line);
            assert!(message.contains(mentions), "{line}: {message}");
        }
    }
}
