// Starts the worker's wasm. Browsers take a worker's first file as JavaScript only.

const fetched = () => fetch(new URL("cardinal-worker_bg.wasm", import.meta.url));

// The page's first worker is sent the compiled wasm, or nothing where it could not be compiled.
let sent = () => {};
const wasm = self.name === "with module" ? new Promise((resolve) => (sent = resolve)) : fetched();

// Commands that come before the wasm listens wait here.
const waiting = [];
self.onmessage = (event) => {
  if (event.data === null || event.data instanceof WebAssembly.Module) sent(event.data ?? fetched());
  else waiting.push(event);
};

try {
  const { default: init } = await import("./cardinal-worker.js");
  await init({ module_or_path: wasm });
  for (const event of waiting) self.onmessage(event);
} catch (error) {
  // Thrown outside of this module, so that the page is told.
  setTimeout(() => {
    throw error;
  });
}
