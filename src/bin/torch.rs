//! What reads PyTorch's files for the page's worker. Natively it says how to open that page.

#[cfg(target_arch = "wasm32")]
fn main() {
    cardinal::torch::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    println!(
        "This is a part of the page: `cargo xtask serve` builds all of it and serves it at http://127.0.0.1:8080."
    );
}
