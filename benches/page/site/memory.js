// Counts an engine's memory, the same way for all: bytes of live WebGPU buffers, their peak, and bytes of WebAssembly memory. Each
// frame has one engine, so all of it belongs to that engine.
"use strict";

const memory = (() => {
  let alive = 0;
  let peak = 0;
  const sizes = new WeakMap();
  // A buffer without references that was not destroyed is freed by the garbage collector.
  const collected = new FinalizationRegistry((entry) => free(entry));

  function free(entry) {
    if (entry && !entry.freed) {
      entry.freed = true;
      alive -= entry.size;
    }
  }

  if (globalThis.GPUDevice) {
    const create = GPUDevice.prototype.createBuffer;
    GPUDevice.prototype.createBuffer = function (descriptor) {
      const buffer = create.call(this, descriptor);
      const entry = { size: descriptor.size, freed: false };
      sizes.set(buffer, entry);
      collected.register(buffer, entry);
      alive += entry.size;
      peak = Math.max(peak, alive);
      return buffer;
    };
    const destroy = GPUBuffer.prototype.destroy;
    GPUBuffer.prototype.destroy = function () {
      free(sizes.get(this));
      return destroy.call(this);
    };
  }

  const memories = new Set();
  const Memory = WebAssembly.Memory;
  WebAssembly.Memory = new Proxy(Memory, {
    construct(target, args) {
      const made = new target(...args);
      memories.add(made);
      return made;
    },
  });
  // A module may also bring its memory along.
  const note = (instance) => {
    for (const exported of Object.values(instance.exports)) {
      if (exported instanceof Memory) memories.add(exported);
    }
  };
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = async function (...args) {
      const result = await original.apply(this, args);
      note(result.instance ?? result);
      return result;
    };
  }

  return () => ({
    wasmBytes: [...memories].reduce((sum, each) => sum + each.buffer.byteLength, 0),
    gpuPeakBytes: peak,
  });
})();
