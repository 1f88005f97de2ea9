//! The binary of the worker that trains. On wasm32 it runs races for the page that started it; natively it says how to open that page.

#[cfg(target_arch = "wasm32")]
fn main() {
    cardinal::trainer::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    println!(
        "This is a worker of the page: `cargo xtask serve` builds all of it and serves it at http://127.0.0.1:8080."
    );
}
