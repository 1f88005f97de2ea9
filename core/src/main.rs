//! The wasm of a core. It does nothing by itself: `core.js` calls what is in `bindings`.

#[cfg(target_arch = "wasm32")]
mod bindings;

fn main() {
    #[cfg(not(target_arch = "wasm32"))]
    eprintln!("This is the wasm of a core: cargo xtask build puts it into the page.");
}
