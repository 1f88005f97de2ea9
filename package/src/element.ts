import { ResNeXtError } from "./error.js";
import { ResNeXt, type Prediction, type Preset } from "./net.js";

/** Networks of the page's elements, each loaded once. */
const networks = new Map<string, Promise<ResNeXt>>();

/**
 * `<cardinal-classifier src="picture.jpg" model="resnext50_32x4d">`: a picture and what it shows. `model` is the name of a network on
 * offer or the address of weights; elements of the same model share it. `top` says how many classes are named. Events: `answer`, with
 * the predictions, and `failure`, with the error.
 */
export class CardinalClassifier extends HTMLElement {
  static readonly observedAttributes = ["src", "model", "device", "top", "alt"];

  #turn = 0;
  #soon = false;

  connectedCallback(): void {
    this.#update();
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.#update();
  }

  #update(): void {
    if (this.#soon) return;
    this.#soon = true;
    // Attributes are set one after the other.
    queueMicrotask(() => {
      this.#soon = false;
      void this.#answer();
    });
  }

  async #answer(): Promise<void> {
    const turn = ++this.#turn;
    const src = this.getAttribute("src");
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    if (!src) return root.replaceChildren();
    const picture = document.createElement("img");
    picture.src = src;
    picture.alt = this.getAttribute("alt") ?? "";
    picture.style.maxInlineSize = "100%";
    picture.part.add("picture");
    const text = document.createElement("div");
    text.part.add("answer");
    text.setAttribute("role", "status");
    text.textContent = "…";
    root.replaceChildren(picture, text);
    try {
      const net = await network(this.getAttribute("model") ?? "resnext50_32x4d", this.getAttribute("device"));
      const top = await net.classify(new URL(src, this.baseURI), { topK: Number(this.getAttribute("top") ?? 1) });
      if (turn !== this.#turn) return;
      text.replaceChildren(...top.map(line));
      this.dispatchEvent(new CustomEvent<Prediction[]>("answer", { detail: top }));
    } catch (error) {
      if (turn !== this.#turn) return;
      text.textContent = error instanceof Error ? error.message : String(error);
      this.dispatchEvent(new CustomEvent("failure", { detail: error }));
    }
  }
}

function line({ label, probability }: Prediction): HTMLElement {
  const line = document.createElement("div");
  line.textContent = `${label}, ${(100 * probability).toFixed(0)} %`;
  return line;
}

function network(model: string, device: string | null): Promise<ResNeXt> {
  if (device !== null && device !== "webgpu" && device !== "cpu") {
    return Promise.reject(new ResNeXtError("argument", "there is no such device", { expected: "webgpu or cpu", got: device }));
  }
  const key = `${device ?? ""} ${model}`;
  const known = networks.get(key);
  if (known) return known;
  const source = /[/.]/.test(model) ? new URL(model, document.baseURI) : (model as Preset);
  const loading = ResNeXt.load(source, { device: device ?? undefined });
  // What has failed is tried again by the next element.
  loading.catch(() => networks.delete(key));
  networks.set(key, loading);
  return loading;
}

declare global {
  interface HTMLElementTagNameMap {
    "cardinal-classifier": CardinalClassifier;
  }
}

customElements.define("cardinal-classifier", CardinalClassifier);
