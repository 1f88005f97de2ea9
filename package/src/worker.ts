// Starts the worker's wasm.

import initTorch from "./cardinal-torch.js";
import init from "./cardinal-worker.js";

type Reader = (size: unknown, read: unknown) => unknown;
const scope = self as typeof self & { readTorch?: Reader; cardinalTorch?: Reader };

// The reader of PyTorch's files is a wasm of its own, which is fetched when there is such a file. The worker's wasm calls this.
let torch: Promise<unknown> | undefined;
scope.readTorch = async (size, read) => {
  torch ??= initTorch({ module_or_path: new URL("./cardinal-torch_bg.wasm", import.meta.url) });
  await torch.catch((error: unknown) => {
    torch = undefined;
    throw error;
  });
  return scope.cardinalTorch?.(size, read);
};

// Commands that arrive before the wasm listens.
const waiting: MessageEvent[] = [];
self.onmessage = (event) => void waiting.push(event);

init({ module_or_path: new URL("./cardinal-worker_bg.wasm", import.meta.url) }).then(
  () => {
    for (const event of waiting) self.onmessage?.call(self, event);
  },
  (error: unknown) => {
    // Thrown outside of the promise, so that the client gets an error event.
    setTimeout(() => {
      throw error;
    });
  },
);
