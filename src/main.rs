//! The page's binary. On wasm32 it mounts the page; natively it prints how to open it.

#[cfg(target_arch = "wasm32")]
fn main() {
    cardinal::ui::mount();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    println!("This is a page for the browser: `cargo xtask serve` builds it and serves it at http://127.0.0.1:8080.");
}
