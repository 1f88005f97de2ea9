import { ResNeXt, ResNeXtError } from "cardinal-resnext";

const input = document.querySelector<HTMLInputElement>("#picture")!;
const state = document.querySelector("#state")!;
const answer = document.querySelector("#answer")!;
// ?model= names a file of weights; without it, one of the networks on offer is fetched (100 MB, once).
const model = new URLSearchParams(location.search).get("model");

function say(error: unknown): void {
  state.textContent = error instanceof ResNeXtError ? `${error.code}: ${error.message}` : String(error);
}

async function classify(net: ResNeXt, file: File): Promise<void> {
  const top = await net.classify(file);
  const lines = top.map(({ label, probability }) => {
    const item = document.createElement("li");
    item.textContent = `${label}: ${(100 * probability).toFixed(1)} %`;
    return item;
  });
  answer.replaceChildren(...lines);
}

async function start(): Promise<void> {
  const net = await ResNeXt.load(model ? new URL(model, location.href) : "resnext50_32x4d");
  state.textContent = `${net.title} on ${net.device}`;
  input.disabled = false;
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) classify(net, file).catch(say);
  });
}

start().catch(say);
