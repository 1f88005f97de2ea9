// Starts the worker's wasm. Browsers take a worker's first file as JavaScript only.
import init from "./cardinal-worker.js";

// Commands that come before the wasm listens wait here.
const waiting = [];
self.onmessage = (event) => waiting.push(event);

try {
  await init({ module_or_path: new URL("cardinal-worker_bg.wasm", import.meta.url) });
  for (const event of waiting) self.onmessage(event);
} catch (error) {
  // Thrown outside of this module, so that the page is told.
  setTimeout(() => {
    throw error;
  });
}
