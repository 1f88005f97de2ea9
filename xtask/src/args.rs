//! The command line, read by hand: three commands and two options need no library.

pub const USAGE: &str = "\
usage: cargo xtask <command>

  serve [--port N]   build the page and serve it on 127.0.0.1 (port 8080 unless told; 0 takes any free one)
  build              write the page to dist/, print its sizes, fail where the wasm is over its limit
  test [--fast]      everything CI runs; --fast stops before the browser";

const DEFAULT_PORT: u16 = 8080;

#[derive(Debug, PartialEq, Eq)]
pub enum Task {
    Help,
    Serve { port: u16 },
    Build,
    Test { fast: bool },
}

/// Reads the arguments after the program's name; the error is one line for a person.
pub fn parse(args: impl IntoIterator<Item = String>) -> Result<Task, String> {
    let mut args = args.into_iter();
    let mut task = match args.next().as_deref() {
        Some("serve") => Task::Serve { port: DEFAULT_PORT },
        Some("build") => Task::Build,
        Some("test") => Task::Test { fast: false },
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
            (_, name, _) => return Err(format!("this command takes no `{name}`")),
        }
    }
    Ok(task)
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
    fn mistakes_are_named() {
        for (line, mentions) in [
            ("serv", "`serv`"),
            ("serve --port", "needs a number"),
            ("serve --port 70000", "`70000`"),
            ("serve --fast", "`--fast`"),
            ("build extra", "`extra`"),
            ("test --fast=yes", "`--fast`"),
        ] {
            let message = parsed(line).expect_err(line);
            assert!(message.contains(mentions), "{line}: {message}");
        }
    }
}
