//! `cargo xtask serve`: from a fresh checkout to the page in a browser.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};

use crate::bundle;
use crate::failure::Failure;
use crate::server;
use crate::steps::Steps;
use crate::workspace::Workspace;

/// Builds the page, then serves it until it is interrupted.
///
/// # Errors
///
/// Where the port cannot be used, or the build fails.
pub fn run(workspace: &Workspace, port: u16) -> Result<(), Failure> {
    // Before the build, which takes minutes: a port that is in use is reported at once.
    let listener = bind(port)?;
    let mut steps = Steps::new(2);
    steps.run("tools", || bundle::tools(workspace))?;
    steps.run("page", || bundle::build(workspace))?;
    let address = listener.local_addr().map_err(|error| Failure::new(error.to_string(), "try another --port"))?;
    println!("\nCardinal is at http://{address}/ (Ctrl-C ends it)");
    server::serve(listener, &workspace.dist())
        .map_err(|error| Failure::new(format!("the server ended: {error}"), "start it again"))
}

fn bind(port: u16) -> Result<TcpListener, Failure> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        let what = match error.kind() {
            ErrorKind::AddrInUse => format!("port {port} is in use by another program"),
            ErrorKind::PermissionDenied => format!("port {port} needs rights that this user lacks"),
            _ => format!("port {port}: {error}"),
        };
        Failure::new(what, "choose another: cargo xtask serve --port 8081 (0 takes any free one)")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_said() {
        let first = bind(0).expect("a free port");
        let port = first.local_addr().expect("it is bound").port();
        let message = bind(port).expect_err("it is taken").to_string();
        assert!(message.contains(&format!("port {port} is in use")) && message.contains("--port"), "{message}");
    }
}
