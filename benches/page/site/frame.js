// One engine in a frame of its own: Cardinal or onnxruntime-web, behind the same few functions. Times are from a tensor in
// JavaScript's memory to the output in JavaScript's memory; uploading and reading back are included for every engine.

const bytes = async (path) => new Uint8Array(await fetched(path));
const floats = async (path) => new Float32Array(await fetched(path));

async function fetched(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.arrayBuffer();
}

async function timed(work) {
  const start = performance.now();
  const value = await work();
  return { value, ms: performance.now() - start };
}

// As `worker.js` of the page.
window.startCores = (programs, largest) => import("./cores.js").then(({ start }) => start(programs, largest));

async function cardinal({ backend }) {
  const { default: init, Device, Network, Convolution } = await import("./pkg/cardinal_bench_page.js");
  await init();
  const device = await Device.open();
  return {
    adapter: async () => device.name(),
    backends: () => Network.backends(),
    async network(name, untrained = false) {
      const file = untrained ? null : await bytes("data/network.safetensors");
      const network = untrained
        ? await Network.untrained(device, backend, name)
        : await Network.load(device, backend, name, file);
      const note = `plan ${(network.bytes() / 1e6).toFixed(1)} MB`;
      // Loading ends with a run, which the library times by itself.
      const { creation, first } = { creation: network.creation_ms(), first: network.first_ms() };
      return { creation, first, note, inputLength: network.input_len(), run: (input) => network.run(input) };
    },
    async convolution({ channels, groups, side }) {
      const [weight, bias] = [await floats(`data/conv_${channels}.weight.f32`), await floats(`data/conv_${channels}.bias.f32`)];
      const { value, ms } = await timed(() => Convolution.load(device, channels, groups, side, weight, bias));
      return { creation: ms, note: value.kernel(), run: (input) => value.run(input) };
    },
  };
}

async function onnxruntime({ bundle, provider, dims, threads = 1 }) {
  const ort = await import(`./ort/${bundle}`);
  ort.env.wasm.wasmPaths = new URL("ort/", location.href).href;
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = "error";
  const load = async (path, shape) => {
    const model = await bytes(path);
    const { value: session, ms } = await timed(() =>
      ort.InferenceSession.create(model, { executionProviders: [provider], graphOptimizationLevel: "all" }));
    const run = async (input) => {
      const tensor = new ort.Tensor("float32", input, shape);
      const { output } = await session.run({ input: tensor });
      const data = new Float32Array(await output.getData());
      output.dispose();
      return data;
    };
    return { creation: ms, run };
  };
  return {
    adapter: async () => {
      // The native backend provides its device as a promise, the older one with its adapter.
      const info = (await ort.env.webgpu?.device)?.adapterInfo ?? ort.env.webgpu?.adapter?.info;
      return info ? [info.vendor, info.architecture, info.description].filter(Boolean).join(" ") : "";
    },
    network: () => load("data/network.onnx", dims),
    convolution: ({ channels, side }) => load(`data/conv_${channels}.onnx`, [1, channels, side, side]),
  };
}

// The functions that the outer page calls.
const ENGINES = { cardinal, onnxruntime };
let engine;
const loaded = new Map();

window.bench = {
  memory,
  async open(setting) {
    engine = await ENGINES[setting.engine](setting);
    return { backends: engine.backends?.() };
  },
  adapter: () => engine.adapter(),
  // Loads, and runs once where loading did not.
  async load(kind, key, argument, inputPath, untrained) {
    const made = await engine[kind](argument, untrained);
    made.input = inputPath ? await floats(inputPath) : new Float32Array(made.inputLength).fill(0.5);
    loaded.set(key, made);
    const { creation, note } = made;
    const first = made.first ?? (await timed(() => made.run(made.input))).ms;
    return { creation, first, note };
  },
  async run(key) {
    const { run, input } = loaded.get(key);
    const { value, ms } = await timed(() => run(input));
    return { ms, output: value };
  },
};
