//! A race with a stand-in for the browser: two tiny networks that really learn, on the CPU, one turn of the event loop at a time.

mod fake;
mod own;
mod rules;
