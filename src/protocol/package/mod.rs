//! The messages between another page, which has the npm package, and its worker: requests go in, reports come out. They are of a
//! few kinds, so that the package is small; a session does them as it does the commands of this repository's page.

mod question;
mod report;
mod request;

pub use question::{Question, Reply, ReplyOutcome, Seen, SeenMaps};
pub use report::Report;
pub use request::Request;
