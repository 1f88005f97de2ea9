// One core: a worker that computes its share of one network after another. `cores.js` starts it. Browsers accept a worker's first file as
// JavaScript only.
//
// What it computes is in a wasm of its own. Here is what the wasm has no means for: messages. The cores send each other values at every
// exchange; where the page may share memory, they pass through that instead, and nobody waits for an event loop.
import { initSync, Core } from "./cardinal-core.js";

/** The shortest time in ms that a clock of a browser tells from another; what is shorter is timed by repeating it, at most so often. */
const CLEAR_MS = 5;
const REPEATS = 10;

/** Of the wasm, which cannot give memory back: what a network has freed, the next one takes. */
let memory;
let core;
/** The way to each of the other cores. */
let ways;

/** What a run ends with whose network is not needed any more. */
const ENDED = Symbol("ended");

/** A way to another core through messages. Arrays that have come are sent again, so that no memory is asked for in a run. */
class Messages {
  #port;
  #come = [];
  #heard;
  #spare = [];
  #isClosed = false;

  constructor(port) {
    this.#port = port;
    port.onmessage = ({ data }) => {
      this.#come.push(data);
      this.#heard?.();
    };
  }

  send(action, to, length) {
    const at = this.#spare.findIndex((buffer) => buffer.byteLength >= 4 * length);
    const [buffer] = at < 0 ? [new ArrayBuffer(4 * length)] : this.#spare.splice(at, 1);
    core.outgoing(action, to, new Float32Array(buffer, 0, length));
    this.#port.postMessage(buffer, [buffer]);
  }

  async receive(action, from, length) {
    while (this.#come.length === 0 && !this.#isClosed) await new Promise((heard) => (this.#heard = heard));
    if (this.#isClosed) throw ENDED;
    const buffer = this.#come.shift();
    core.incoming(action, from, new Float32Array(buffer, 0, length));
    this.#spare.push(buffer);
  }

  /** Ends a run that waits for the other core, or is going to. */
  close() {
    this.#port.close();
    this.#isClosed = true;
    this.#heard?.();
  }
}

/** A way to another core through shared memory: a box for each direction, with a counter of what was put in and of what was taken out. */
class Shared {
  constructor([mine, theirs]) {
    this.#mine = box(mine);
    this.#theirs = box(theirs);
  }
  #mine;
  #theirs;

  send(action, to, length) {
    const { counters, values } = this.#mine;
    // What was put in last has to be taken out first.
    const put = Atomics.load(counters, PUT);
    for (let taken; (taken = Atomics.load(counters, TAKEN)) !== put; ) Atomics.wait(counters, TAKEN, taken);
    core.outgoing(action, to, values.subarray(0, length));
    Atomics.store(counters, PUT, put + 1);
    Atomics.notify(counters, PUT);
  }

  receive(action, from, length) {
    const { counters, values } = this.#theirs;
    const taken = Atomics.load(counters, TAKEN);
    for (let put; (put = Atomics.load(counters, PUT)) === taken; ) Atomics.wait(counters, PUT, put);
    core.incoming(action, from, values.subarray(0, length));
    Atomics.store(counters, TAKEN, taken + 1);
    Atomics.notify(counters, TAKEN);
  }
}
const [PUT, TAKEN] = [0, 1];
const box = (buffer) => ({ counters: new Int32Array(buffer, 0, 2), values: new Float32Array(buffer, 8) });

const handle = {
  start({ module, program, ports, boxes }) {
    // The first time it is instantiated.
    ({ memory } = initSync({ module }));
    core = new Core(program);
    ways = boxes ? boxes.map((pair) => pair && new Shared(pair)) : ports.map((port) => port && new Messages(port));
  },
  pack({ action, weight, bias }) {
    core.pack(action, weight, bias);
  },
  ready() {
    return { bytes: core.bytes() };
  },
  end() {
    core.free();
    return { memory: memory.buffer.byteLength };
  },
  async run({ slot, input, reads, timed }) {
    if (input) core.write(slot, input);
    const values = [];
    const times = [];
    let at = 0;
    for (const [end, ...parts] of reads) {
      while (input && at < end) {
        if (timed) at = time(at, times);
        else at = core.compute(at, end);
        if (at < end && core.isExchange(at)) {
          await exchange(at);
          at += 1;
          times.push(0, 0);
        }
      }
      for (const [slot, first, length] of parts) values.push(core.read(slot, first, length));
    }
    return { values, times: Float64Array.from(times) };
  },
};

async function exchange(action) {
  const others = [];
  ways.forEach((way, other) => way && others.push([way, other]));
  for (const [way, to] of others) way.send(action, to, core.outgoingLength(action, to));
  // In their order: sums are the same each time.
  for (const [way, from] of others) await way.receive(action, from, core.incomingLength(action, from));
  core.finish(action);
}

/** Times an action, if it is no exchange. No operation reads what it writes, so repeating one changes nothing. */
function time(action, times) {
  if (core.isExchange(action)) return action;
  const start = performance.now();
  let [ms, runs] = [0, 0];
  do {
    core.compute(action, action + 1);
    runs += 1;
    ms = performance.now() - start;
  } while (ms < CLEAR_MS && runs < REPEATS);
  times.push(ms, runs);
  return action + 1;
}

// One after the other: a run waits for other cores, and the next must not begin meanwhile.
let work = Promise.resolve();
self.onmessage = ({ data: { what, ...rest } }) => {
  // Through shared memory nothing is heard during a run, which then comes to its end.
  if (what === "end") ways?.forEach((way) => way.close?.());
  work = work
    .then(() => handle[what](rest))
    .then((answer) => answer && self.postMessage(answer, (answer.values ?? []).map((values) => values.buffer)));
  work = work.catch((error) => {
    if (error === ENDED) return;
    self.postMessage({ error: String(error?.message ?? error) });
    // It answers nothing more: what it holds may be half done.
    return new Promise(() => {});
  });
};
