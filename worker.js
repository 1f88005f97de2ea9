// Starts the worker's wasm. Browsers take a worker's first file as JavaScript only.

// Commands that come before the wasm listens wait here.
const waiting = [];
self.onmessage = (event) => waiting.push(event);

try {
  // Side by side: the wasm is large, and the code that wraps it is not.
  const wasm = fetch(new URL("cardinal-worker_bg.wasm", import.meta.url));
  const { default: init } = await import("./cardinal-worker.js");
  await init({ module_or_path: wasm });
  for (const event of waiting) self.onmessage(event);
} catch (error) {
  // Thrown outside of this module, so that the page is told.
  setTimeout(() => {
    throw error;
  });
}
