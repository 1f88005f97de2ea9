// Starts the worker's wasm. Browsers accept a worker's first file as JavaScript only.

const fetched = () => fetch(new URL("cardinal-worker_bg.wasm", import.meta.url));

// The page's first worker is sent the compiled wasm, or null where it could not be compiled.
let sent = () => {};
const wasm = self.name === "with module" ? new Promise((resolve) => (sent = resolve)) : fetched();

// Commands that arrive before the wasm listens.
const waiting = [];
self.onmessage = (event) => {
  if (event.data === null || event.data instanceof WebAssembly.Module) sent(event.data ?? fetched());
  else waiting.push(event);
};

// The reader of PyTorch's files is a wasm of its own, which is fetched when there is such a file. The worker's wasm calls this.
let torch;
self.readTorch = async (size, read) => {
  torch ??= import("./cardinal-torch.js").then(({ default: init }) =>
    init({ module_or_path: fetch(new URL("cardinal-torch_bg.wasm", import.meta.url)) }),
  );
  await torch.catch((error) => {
    torch = undefined;
    throw error;
  });
  return self.cardinalTorch(size, read);
};

// What starts cores of the processor, which share a network. The worker's wasm calls this.
let cores;
self.startCores = async (programs, largest) => {
  cores ??= import("./cores.js");
  const { start } = await cores.catch((error) => {
    cores = undefined;
    throw error;
  });
  return start(programs, largest);
};

try {
  const { default: init } = await import("./cardinal-worker.js");
  await init({ module_or_path: wasm });
  for (const event of waiting) self.onmessage(event);
} catch (error) {
  // Thrown outside this module, so that the page gets an error event.
  setTimeout(() => {
    throw error;
  });
}
