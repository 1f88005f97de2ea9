// Starts the wasm of the worker that trains. Browsers accept a worker's first file as JavaScript only.

// Commands that arrive before the wasm listens.
const waiting = [];
self.onmessage = (event) => waiting.push(event);

try {
  const { default: init } = await import("./cardinal-trainer.js");
  await init({ module_or_path: fetch(new URL("cardinal-trainer_bg.wasm", import.meta.url)) });
  for (const event of waiting) self.onmessage(event);
} catch (error) {
  // Thrown outside this module, so that the page gets an error event.
  setTimeout(() => {
    throw error;
  });
}
