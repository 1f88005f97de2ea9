// An engine in a frame of its own, with its own JavaScript realm, device and WebAssembly memory, so that engines do not affect each
// other.

export async function open(setting) {
  const frame = document.createElement("iframe");
  frame.src = "frame.html";
  const loaded = new Promise((resolve, reject) => {
    frame.onload = resolve;
    frame.onerror = () => reject(new Error("the frame did not load"));
  });
  document.body.append(frame);
  await loaded;
  const { bench } = frame.contentWindow;
  const about = await bench.open(setting);
  return { ...bench, ...about, close: () => frame.remove() };
}

/** Every engine's turn in every round; who begins moves on from round to round. */
export async function rounds(count, entries, turn) {
  for (let round = 0; round < count; round++) {
    for (let index = 0; index < entries.length; index++) {
      await turn(entries[(round + index) % entries.length], round);
    }
  }
}
