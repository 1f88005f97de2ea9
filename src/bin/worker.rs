//! The worker's binary. On wasm32 it runs a session for the page that started it; natively it says how to open that page.

#[cfg(target_arch = "wasm32")]
fn main() {
    cardinal::worker::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    println!("This is the page's worker: `cargo xtask serve` builds both and serves them at http://127.0.0.1:8080.");
}
