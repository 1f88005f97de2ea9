// What wasm-bindgen writes beside this folder's JavaScript.
export default function init(options: { module_or_path: URL | string }): Promise<unknown>;
