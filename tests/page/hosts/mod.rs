//! Servers on this machine: the page's own, and a stand-in for the host of the large networks.

mod http;
pub mod hub;
pub mod server;
