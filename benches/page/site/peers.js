// Cardinal and onnxruntime-web: the same weights, input and adapter, in turns.

import { open, rounds } from "./engine.js";
import { deviation, mb, ms, post, stats, table, times } from "./report.js";

const webgpu = (preferredLayout) => ({ name: "webgpu", preferredLayout });
const NATIVE = "ort.webgpu.bundle.min.mjs";
const JSEP = "ort.all.bundle.min.mjs";
const PEERS = [
  { name: "onnxruntime-web WebGPU, NHWC", bundle: NATIVE, provider: webgpu("NHWC") },
  { name: "onnxruntime-web WebGPU, NCHW", bundle: NATIVE, provider: webgpu("NCHW") },
  { name: "onnxruntime-web WebGPU (JSEP), NHWC", bundle: JSEP, provider: webgpu("NHWC") },
  { name: "onnxruntime-web WebGPU (JSEP), NCHW", bundle: JSEP, provider: webgpu("NCHW") },
  { name: "onnxruntime-web WASM, 1 thread", bundle: "ort.wasm.bundle.min.mjs", provider: "wasm", cpu: 1 },
  { name: "onnxruntime-web WASM, 2 threads", bundle: "ort.wasm.bundle.min.mjs", provider: "wasm", threads: 2, cpu: 2 },
].map((peer) => ({ engine: "onnxruntime", ...peer }));

const LABELS = { webgpu: "WebGPU", cpu: "CPU, own thread", "cpu, 1 core": "CPU, 1 core", "cpu, 2 cores": "CPU, 2 cores" };
/** Threads of a backend on the CPU; those on the GPU have none. */
const THREADS = { cpu: 1, "cpu, 1 core": 1, "cpu, 2 cores": 2 };
const CONVOLUTIONS = [[128, 56], [256, 28], [512, 14], [1024, 7]].map(([channels, side]) => ({ channels, side, groups: 32 }));
/** Operators take milliseconds here, networks seconds. */
const CONVOLUTION_ROUNDS = 9;
/** Of the peak: what the library's tests allow between whole networks. */
const TOLERANCE = 5e-5;

export async function peers({ network, runs, side, only }) {
  const engines = await openAll(Number(side), only ? only.split(",") : []);
  const networks = await measure(engines, "network", network, "data/input.f32", runs);
  const convolutions = [];
  // Cardinal's CPU backend runs networks, not operators.
  const operators = engines.filter(({ engine, cpu }) => engine !== "cardinal" || !cpu);
  for (const convolution of CONVOLUTIONS) {
    const input = `data/conv_${convolution.channels}.input.f32`;
    const key = `conv_${convolution.channels}`;
    convolutions.push({ ...convolution, results: await measure(operators, "convolution", convolution, input, CONVOLUTION_ROUNDS, key) });
  }
  const wrong = [
    ...(await disagreements(networks, "data/output.f32")),
    ...(await Promise.all(convolutions.map(({ channels, results }) => disagreements(results, `data/conv_${channels}.output.f32`)))).flat(),
  ];
  const strip = ({ output, ...rest }) => rest;
  const json = {
    network,
    runs,
    engines: engines.map(({ name, adapter, memoryAfterNetwork }) => ({ name, adapter, ...memoryAfterNetwork })),
    networks: networks.map(strip),
    convolutions: convolutions.map((one) => ({ ...one, results: one.results.map(strip) })),
  };
  const text = [networkTable(network, engines, networks), convolutionTable(convolutions), ...summary(networks, convolutions)];
  return { text: text.filter(Boolean).join("\n\n"), json, wrong: wrong.join("; ") };
}

async function openAll(side, only) {
  const dims = [1, 3, side, side];
  const first = await open({ engine: "cardinal", backend: "webgpu" });
  const ours = first.backends.map((backend) =>
    ({ name: `Cardinal ${LABELS[backend] ?? backend}`, engine: "cardinal", backend, cpu: THREADS[backend] ?? 0 }));
  first.close();
  const wanted = ({ name, engine }) =>
    engine === "cardinal" || !only.length || only.some((part) => name.toLowerCase().includes(part.toLowerCase()));
  const engines = [];
  for (const setting of [...ours, ...PEERS].filter(wanted)) {
    const engine = await open({ ...setting, dims });
    engines.push({ ...setting, ...engine });
  }
  return engines;
}

/** Loads the same thing into every engine, then runs it in turns. */
async function measure(engines, kind, argument, input, runs, key = kind) {
  const entries = [];
  for (const engine of engines) {
    const { creation, first, note } = await engine.load(kind, key, argument, input);
    engine.adapter = typeof engine.adapter === "function" ? await engine.adapter() : engine.adapter;
    await post("log", `${key}, ${engine.name}: created in ${ms(creation)} ms, first run ${ms(first)} ms`);
    entries.push({ engine, name: engine.name, cpu: engine.cpu ?? 0, creation, first, note, samples: [] });
  }
  await rounds(runs, entries, async (entry, round) => {
    const { ms: took, output } = await entry.engine.run(key);
    entry.samples.push(took);
    entry.output = output;
    if (kind === "network") await post("log", `round ${round + 1} of ${runs}, ${entry.name}: ${ms(took)} ms`);
  });
  return entries.map(({ engine, samples, ...rest }) => {
    if (kind === "network") engine.memoryAfterNetwork = engine.memory();
    return { ...rest, ...stats(samples) };
  });
}

/** Every output against PyTorch's and against every other; also notes the former. */
async function disagreements(results, expectedPath) {
  const response = await fetch(expectedPath);
  const expected = new Float32Array(await response.arrayBuffer());
  const wrong = [];
  const demand = (difference, what) => {
    if (!(difference <= TOLERANCE)) wrong.push(`${expectedPath}: ${what} differ by ${difference.toExponential(1)} of the peak`);
  };
  for (const [index, one] of results.entries()) {
    one.deviation = deviation(one.output, expected);
    demand(one.deviation, `${one.name} and PyTorch`);
    for (const other of results.slice(0, index)) demand(deviation(one.output, other.output), `${one.name} and ${other.name}`);
  }
  return wrong;
}

const isOurs = ({ name }) => name.startsWith("Cardinal");

function networkTable(network, engines, results) {
  const ours = results.filter(isOurs);
  const head = [network, "ms", "first run ms", "creation ms", "WASM MB", "GPU peak MB",
    ...ours.map(({ name }) => `to ${name}`), "from PyTorch"];
  const rows = results.map((one, index) => {
    const { wasmBytes, gpuPeakBytes } = engines[index].memoryAfterNetwork;
    return [one.name, `${ms(one.median)} ± ${ms(one.spread)}`, ms(one.first), ms(one.creation), mb(wasmBytes), mb(gpuPeakBytes),
      ...ours.map(({ median }) => times(one.median / median)), one.deviation.toExponential(0)];
  });
  const adapters = engines.map(({ adapter }) => adapter).filter(Boolean);
  return `on ${[...new Set(adapters)].join(" = ")}\n\n${table(head, rows)}`;
}

function convolutionTable(convolutions) {
  const names = convolutions[0].results.map(({ name }) => name);
  const head = ["grouped 3×3, ms", ...convolutions.map(({ channels, side }) => `${channels} at ${side}×${side}`)];
  const rows = names.map((name, index) =>
    [name, ...convolutions.map(({ results }) => `${ms(results[index].median)} ± ${ms(results[index].spread)}`)]);
  return table(head, rows);
}

/** Cardinal against the best peer of its kind. */
function summary(networks, convolutions) {
  const against = (results, cpu) => {
    const best = (isWanted) => results.filter((one) => isWanted(one) && one.cpu === cpu).sort((a, b) => a.median - b.median)[0];
    const [ours, theirs] = [best(isOurs), best((one) => !isOurs(one))];
    return ours && theirs ? `${times(theirs.median / ours.median)} as fast as ${theirs.name}` : null;
  };
  const lines = [["the network on WebGPU", against(networks, 0)], ["the network on one core", against(networks, 1)],
    ["the network on two cores", against(networks, 2)],
    ...convolutions.map(({ channels, results }) => [`${channels} channels, grouped 3×3, WebGPU`, against(results, 0)])];
  return [lines.filter(([, line]) => line).map(([what, line]) => `${what}: ${line}`).join("\n")];
}
