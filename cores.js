// Starts cores, which share a network, and hands them their work. The worker's wasm calls it, through `worker.js`.

// A module with one relaxed multiply-add: a browser that finds it valid has relaxed SIMD.
const RELAXED = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 0x0a, 0x14, 1, 0x12, 0],
  ...[0x41, 0, 0xfd, 0x11, 0x41, 0, 0xfd, 0x11, 0x41, 0, 0xfd, 0x11, 0xfd, 0x85, 2, 0x1a, 0x0b],
);
const isRelaxed = WebAssembly.validate(RELAXED);
const address = isRelaxed
  ? new URL("cardinal-core-relaxed_bg.wasm", import.meta.url)
  : new URL("cardinal-core_bg.wasm", import.meta.url);

let compiled;
/** The compiled wasm, also from a server that calls it something else. */
function compile() {
  compiled ??= fetch(address).then(async (response) => {
    if (!response.ok) throw new Error(`${address.pathname}: ${response.status}`);
    return WebAssembly.compile(await response.arrayBuffer());
  });
  compiled.catch(() => (compiled = undefined));
  return compiled;
}

/** As many workers are kept for the next network, and each while the memory of its wasm, which cannot shrink, is no larger than this. */
const KEPT = 8;
const KEPT_BYTES = 32e6;
/** Milliseconds in which a worker lets go of its network. A run under way ends at its next exchange; with shared memory, at its end. */
const LET_GO_MS = 500;

/** Workers without a network: each a promise of the worker, or of nothing where it does not let go of its last one. */
const idle = [];

/** As many workers, of those without a network first. */
async function workers(count) {
  const kept = (await Promise.all(idle.splice(0, count))).filter(Boolean);
  const launch = () => new Worker(new URL("core.js", import.meta.url), { type: "module", name: "core" });
  return Array.from({ length: count }, (_, index) => kept[index] ?? launch());
}

/** Takes a worker's network from it. */
function release(worker) {
  return new Promise((resolve) => {
    const end = (isKept) => {
      clearTimeout(limit);
      if (!isKept) worker.terminate();
      resolve(isKept ? worker : undefined);
    };
    const limit = setTimeout(end, LET_GO_MS, false);
    worker.onmessage = ({ data: { error, memory } }) => {
      // It may have answered its last run meanwhile.
      if (error || memory) end(!error && memory <= KEPT_BYTES);
    };
    worker.onerror = () => end(false);
    worker.postMessage({ what: "end" });
  });
}

/** The cores of one network. */
class Team {
  #workers;
  /** By core: who waits for its next answer. */
  #waiting;
  #error;

  constructor(module, workers, programs, largest) {
    this.#waiting = programs.map(() => []);
    this.#workers = workers;
    workers.forEach((worker, index) => {
      worker.onmessage = ({ data }) => {
        if (data.error) this.#fail(data.error);
        else this.#waiting[index].shift()?.resolve(data);
      };
      worker.onerror = (event) => this.#fail(event.message ?? "it could not be loaded");
    });
    const ways = self.crossOriginIsolated ? this.#boxes(largest) : this.#ports();
    programs.forEach((program, index) => {
      const { transfer = [], ...way } = ways[index];
      workers[index].postMessage({ what: "start", module, program, ...way }, transfer);
    });
  }

  #ports() {
    const ways = this.#workers.map(() => ({ ports: [], transfer: [] }));
    ways.forEach((one, a) => {
      for (let b = 0; b < a; b += 1) {
        const { port1, port2 } = new MessageChannel();
        [one.ports[b], ways[b].ports[a]] = [port1, port2];
        one.transfer.push(port1);
        ways[b].transfer.push(port2);
      }
    });
    return ways;
  }

  #boxes(largest) {
    const ways = this.#workers.map(() => ({ boxes: [] }));
    ways.forEach((one, a) => {
      for (let b = 0; b < a; b += 1) {
        const [there, back] = [new SharedArrayBuffer(8 + 4 * largest), new SharedArrayBuffer(8 + 4 * largest)];
        one.boxes[b] = [there, back];
        ways[b].boxes[a] = [back, there];
      }
    });
    return ways;
  }

  #fail(error) {
    this.#error ??= new Error(error);
    for (const { reject } of this.#waiting.flat()) reject(this.#error);
    this.end();
  }

  pack(core, action, weight, bias) {
    this.#workers[core]?.postMessage({ what: "pack", action, weight, bias }, [weight.buffer, bias.buffer]);
  }

  #ask(messages) {
    if (this.#error) return Promise.reject(this.#error);
    const answers = messages.map((message, core) => {
      this.#workers[core].postMessage(message);
      return new Promise((resolve, reject) => this.#waiting[core].push({ resolve, reject }));
    });
    return Promise.all(answers);
  }

  /** Bytes per core, once all that was handed over is packed. */
  ready() {
    return this.#ask(this.#workers.map(() => ({ what: "ready" }))).then((answers) => answers.map(({ bytes }) => bytes));
  }

  /** `reads` are by core, each an array of an action's place and what is read after it: arrays of a slot, a place and a length. */
  run(slot, input, reads, timed) {
    return this.#ask(reads.map((reads) => ({ what: "run", slot, input, reads, timed })));
  }

  /** Its workers are there for the next network, unless one has failed: then the others may wait for it without end. */
  end() {
    for (const worker of this.#workers.splice(0)) {
      if (this.#error || idle.length >= KEPT) worker.terminate();
      else idle.push(release(worker));
    }
  }
}

/** Starts a core per program, which is an array of bytes; no exchange has more than `largest` values. */
export async function start(programs, largest) {
  const [module, found] = await Promise.all([compile(), workers(programs.length)]);
  return new Team(module, found, programs, largest);
}

/** What the cores compute with. */
export const instructions = isRelaxed ? "relaxed SIMD" : "SIMD128";
