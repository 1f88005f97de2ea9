// What tests/page/package.rs runs in a page that has the package, and nothing else.

const imported = () => import(new URL("node_modules/cardinal-resnext/dist/index.js", location.href));
const weights = (name) => new URL(`weights/${name}`, location.href);

/** The code of a promise's error, with what was expected and what there was. */
const code = (promise) =>
  promise.then(
    () => "none",
    ({ name, code, expected, got }) => (name === "ResNeXtError" ? [code, expected ?? "", got ?? ""].join("|") : name),
  );

async function drawn(from) {
  const image = new Image();
  image.src = from;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  canvas.getContext("2d").drawImage(image, 0, 0);
  return { image, canvas };
}

/** Answers to one picture in each of its kinds, on a device. */
async function answers(device) {
  const { ResNeXt } = await imported();
  const steps = new Set();
  const net = await ResNeXt.load(weights("cifar10.safetensors"), { device, onProgress: ({ step }) => steps.add(step) });
  const { image, canvas } = await drawn(weights("picture.png"));
  const blob = await (await fetch(weights("picture.png"))).blob();
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const bitmap = await createImageBitmap(canvas);
  const kinds = [image, canvas, bitmap, pixels, blob, weights("picture.png"), "weights/picture.png"];
  // All at once: each has its own answer, also beside another picture's.
  const blank = document.createElement("canvas");
  const [other, ...tops] = await Promise.all([blank, ...kinds].map((kind) => net.classify(kind, { topK: 10 })));
  const maps = await net.cam(canvas, { classes: [3, 5] });
  const best = await net.cam(blob);
  const features = await net.features(blob);
  const check = await net.selfCheck();
  const at = net.device;
  net.close();
  return { at, steps: [...steps], tops, other, bitmapIsWhole: bitmap.width > 0, maps: maps.map(({ index, label, width, height, values }) => ({ index, label, width, height, values: [...values] })), best: best.map(({ index }) => index), features: [...features], check };
}

/** The codes of what goes wrong, by what it is. */
async function mistakes() {
  const { ResNeXt } = await imported();
  const found = {};
  found.name = await code(ResNeXt.load("resnext51"));
  found.device = await code(ResNeXt.load("resnext50_32x4d", { device: "gpu" }));
  found.missing = await code(ResNeXt.load(weights("none.safetensors")));
  found.damaged = await code(ResNeXt.load(weights("damaged.safetensors")));
  found.infinite = await code(ResNeXt.load(weights("infinite.safetensors"), { device: "cpu" }));
  found.noWeights = await code(ResNeXt.load(new File(["this is text, and no network"], "notes.txt")));
  found.abortedBefore = await code(ResNeXt.load("resnext50_32x4d", { signal: AbortSignal.abort() }));
  const load = new AbortController();
  const loading = code(ResNeXt.load(weights("cifar10.safetensors"), { signal: load.signal }));
  load.abort();
  found.abortedLoad = await loading;
  const net = await ResNeXt.load(weights("cifar10.safetensors"), { device: "cpu" });
  found.text = await code(net.classify(new Blob(["no picture"])));
  found.number = await code(net.classify(7));
  found.gone = await code(net.classify("weights/none.png"));
  found.topK = await code(net.classify("weights/picture.png", { topK: 0 }));
  found.class = await code(net.cam("weights/picture.png", { classes: [10] }));
  found.lesson = await code(net.teach({ only: ["weights/picture.png"] }));
  const call = new AbortController();
  const first = net.classify("weights/picture.png");
  const second = code(net.classify("weights/picture.png", { signal: call.signal }));
  call.abort();
  found.abortedCall = await second;
  found.besideIt = (await first).length;
  const left = code(net.classify("weights/picture.png"));
  net.close();
  found.closedUnderWay = await left;
  found.closed = await code(net.classify("weights/picture.png"));
  return found;
}

/** Two classes by their colours, and answers with them. */
async function taught() {
  const { ResNeXt } = await imported();
  const net = await ResNeXt.load(weights("cifar10.safetensors"), { device: "cpu" });
  const filled = (colour, size) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 64;
    const context = canvas.getContext("2d");
    context.fillStyle = colour;
    context.fillRect(0, 0, 64, 64);
    context.fillStyle = "white";
    context.fillRect(8, 8, size, size);
    return canvas;
  };
  const sizes = [10, 14, 18, 22];
  const lesson = { red: sizes.map((size) => filled("#c01010", size)), blue: sizes.map((size) => filled("#1010c0", size)) };
  const result = await net.teach({ ...lesson, red: [...lesson.red, new Blob(["no picture"])] });
  const [red] = await net.classify(filled("#c01010", 16));
  const [blue] = await net.classify(filled("#1010c0", 16));
  const again = await net.teach({ ...lesson, grey: sizes.map((size) => filled("#808080", size)) });
  const [grey] = await net.classify(filled("#808080", 16));
  const answer = { ...result, labels: net.labels, classes: net.classes, answers: [red.label, blue.label, grey.label], again: again.classes };
  await net[Symbol.asyncDispose ?? "close"]();
  return answer;
}

/** A lesson whose caller gives it up when the worker is at it, and what the network does then. */
async function givenUp() {
  const { ResNeXt } = await imported();
  const net = await ResNeXt.load(weights("cifar10.safetensors"), { device: "cpu" });
  const picture = await (await fetch(weights("picture.png"))).blob();
  let decoded = 0;
  new BroadcastChannel("decoded").onmessage = () => decoded++;
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const lesson = new AbortController();
  const pictures = Array(30).fill(picture);
  const learning = code(net.teach({ one: pictures, two: pictures }, { signal: lesson.signal }));
  while (decoded < 2) await wait(5);
  lesson.abort();
  const told = await learning;
  const before = decoded;
  await net.classify(document.createElement("canvas"));
  await wait(1000);
  const [more, labels] = [decoded - before, net.labels.length];
  const other = await (await fetch(weights("kitten.jpg"))).blob();
  // When all is learned, and the network that has learned is being brought to its device.
  const late = new AbortController();
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (message, ...rest) {
    post.call(this, message, ...rest);
    if (message[0].startsWith('{"Use"')) late.abort();
  };
  const toldLate = await code(net.teach({ one: [picture, picture], two: [other, other] }, { signal: late.signal }));
  Worker.prototype.postMessage = post;
  const labelsLate = (await net.classify(picture)).map(({ label }) => label);
  const again = (await net.teach({ one: [picture, picture], two: [other, other] })).classes;
  net.close();
  return { told, before, more, labels, toldLate, labelsLate, again };
}

/** The features of a picture, of a file of PyTorch's. */
async function ofPytorch(name) {
  const { ResNeXt } = await imported();
  const file = new File([await (await fetch(weights(name))).blob()], name);
  const net = await ResNeXt.load(file, { device: "cpu" });
  const features = [...(await net.features(weights("picture.png")))];
  net.close();
  return features;
}

/** A network by its name, from a host. */
async function offered(hub) {
  const { ResNeXt } = await imported();
  const net = await ResNeXt.load("resnext50_32x4d", { hub, device: "cpu" });
  const { title, side, labels } = net;
  const top = await net.classify(weights("kitten.jpg"));
  net.close();
  return { title, side, labels, top };
}

/** The answers to a canvas, to a frame of it, and to a video that shows it. */
async function moving() {
  const { ResNeXt } = await imported();
  const net = await ResNeXt.load(weights("cifar10.safetensors"), { device: "cpu" });
  const { image, canvas } = await drawn(weights("kitten.jpg"));
  const empty = await code(net.classify(document.createElement("video")));
  const frame = new VideoFrame(canvas, { timestamp: 0 });
  const video = document.createElement("video");
  video.muted = true;
  video.srcObject = canvas.captureStream();
  // A stream has a frame for each time that its canvas is drawn on.
  const drawing = setInterval(() => canvas.getContext("2d").drawImage(image, 0, 0), 20);
  await video.play();
  const [[ofCanvas], [ofFrame], [ofVideo]] = await Promise.all([canvas, frame, video].map((kind) => net.classify(kind)));
  clearInterval(drawing);
  const frameIsOpen = frame.format !== null;
  frame.close();
  net.close();
  return { canvas: ofCanvas, frame: ofFrame, video: ofVideo, frameIsOpen, empty };
}

/** What is told when the worker ends. */
async function death() {
  const { ResNeXt } = await imported();
  const net = await ResNeXt.load(weights("cifar10.safetensors"), { device: "cpu" });
  const blob = await (await fetch(weights("picture.png"))).blob();
  const both = [code(net.classify(blob)), code(net.classify(blob))];
  return [...(await Promise.all(both)), await code(net.classify(blob))];
}
