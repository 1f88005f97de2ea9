import { Connection } from "./connection.js";
import { ResNeXtError, aborted } from "./error.js";
import { asFile, taken, type ImageLike } from "./picture.js";
import type { Failure, Learned, Network, Outcome, Question, Report, Request, Seen, Step } from "./protocol.js";

/** What a network runs on. */
export type Device = "webgpu" | "cpu";

/** The networks on offer; those without a tag are torchvision's newest weights. */
export type Preset =
  | "resnext50_32x4d"
  | "resnext50_32x4d-tv2_in1k"
  | "resnext50_32x4d-tv_in1k"
  | "resnext101_32x8d"
  | "resnext101_32x8d-tv2_in1k"
  | "resnext101_64x4d"
  | "resnext101_64x4d-tv_in1k";

const PRESETS: readonly string[] = [
  "resnext50_32x4d",
  "resnext50_32x4d-tv2_in1k",
  "resnext50_32x4d-tv_in1k",
  "resnext101_32x8d",
  "resnext101_32x8d-tv2_in1k",
  "resnext101_64x4d",
  "resnext101_64x4d-tv_in1k",
] satisfies Preset[];

/** How far a load is. */
export type Progress = {
  /** Bytes are downloaded, or compiled pipelines and uploaded bytes are counted. */
  readonly step: "download" | "compile" | "upload";
  readonly loaded: number;
  /** Not known where the server has not said. */
  readonly total: number | undefined;
};

export type LoadOptions = {
  /** Without one: the GPU, or the CPU where there is no GPU or the browser emulates one. */
  readonly device?: Device | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** The address of a host of the networks on offer, with Hugging Face's paths. Without one: Hugging Face. */
  readonly hub?: string | URL | undefined;
};

export type CallOptions = { readonly signal?: AbortSignal | undefined };

/** A class and its probability, from 0 to 1. */
export type Prediction = { readonly index: number; readonly label: string; readonly probability: number };

/** Where in the picture the network found what speaks for a class. */
export type ClassMap = {
  readonly index: number;
  readonly label: string;
  readonly width: number;
  readonly height: number;
  /** Row by row. They lie over the square that the network sees: the middle of the picture. */
  readonly values: Float32Array;
};

export type Lesson = Readonly<Record<string, readonly ImageLike[]>>;

/** How well a lesson was learned. */
export type Taught = {
  readonly classes: readonly string[];
  /** The share of pictures that a head which has learned from all others takes for what they are, from 0 to 1. */
  readonly accuracy: number;
  /** What each picture is taken for by a head that has learned from all others. */
  readonly leftOut: readonly { readonly class: string; readonly index: number; readonly takenFor: string; readonly probability: number }[];
  /** Pictures that could not be used, by their class and their place in it. */
  readonly refused: readonly { readonly class: string; readonly index: number; readonly message: string }[];
};

/** Each kernel of the network on known values, against the CPU engine. */
export type SelfCheck = {
  readonly passed: boolean;
  readonly device: Device;
  /** None on the CPU, with which the kernels of a GPU are compared. */
  readonly kernels: readonly { readonly kernel: string; readonly layers: readonly string[]; readonly error: number | undefined; readonly limit: number }[];
};

/** A ResNeXt in a worker of its own. */
export class ResNeXt {
  readonly #connection: Connection;
  readonly #device: Device | undefined;
  #network: Network;
  #at: Device;
  #failed = false;
  #next = 1;
  /** The call before the next. One at a time is with the worker. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(connection: Connection, device: Device | undefined, network: Network, at: Device) {
    this.#connection = connection;
    this.#device = device;
    this.#network = network;
    this.#at = at;
    // It may also fail when nobody waits, as when the GPU is lost.
    connection.watch(({ Failed, On }) => {
      this.#failed ||= Failed !== undefined;
      this.#at = On ?? this.#at;
    });
  }

  /** Loads a network: one on offer, by its name, or weights (safetensors or PyTorch's) at an address or in a file. */
  static async load(source: Preset | URL | Blob, options: LoadOptions = {}): Promise<ResNeXt> {
    const { device, signal, onProgress, hub } = options;
    if (signal?.aborted) throw aborted(signal);
    if (device !== undefined && device !== "webgpu" && device !== "cpu") {
      throw new ResNeXtError("argument", "there is no such device", { expected: "webgpu, cpu or undefined", got: String(device) });
    }
    const origin = originOf(source);
    const connection = new Connection();
    const networks = new Map<number, Network>();
    const start: Request = {
      Start: {
        hub: hub === undefined ? "" : new URL(hub, document.baseURI).href.replace(/\/$/, ""),
        labels: new URL("./imagenet.txt", import.meta.url).href,
        page_has_webgpu: "gpu" in navigator,
      },
    };
    try {
      const gaveUp = (): ResNeXtError => aborted(signal as AbortSignal);
      const index = await connection.until(
        () => {
          connection.send(start);
          connection.send({ Load: origin }, source instanceof Blob ? { file: source } : undefined);
        },
        (report) => {
          if (report.Network) networks.set(report.Network.index, report.Network);
          if (onProgress) tell(report, onProgress);
          if (report.Failed) throw errorOf(report.Failed);
          return report.Loaded?.network;
        },
        signal,
        gaveUp,
      );
      const network = networks.get(index);
      if (!network) throw new ResNeXtError("worker", "the worker has not said which network it has loaded");
      const at = await placed(connection, index, device, onProgress, signal, gaveUp);
      return new ResNeXt(connection, device, network, at);
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** What it is called. */
  get title(): string {
    return this.#network.title;
  }

  /** What it ran on last. */
  get device(): Device {
    return this.#at;
  }

  /** The side of the square that it sees, in pixels. */
  get side(): number {
    return this.#network.side;
  }

  /** How many classes it tells apart. */
  get classes(): number {
    return this.#network.classes;
  }

  /** The names of its classes; `undefined` where nobody has said. */
  get labels(): readonly string[] | undefined {
    return this.#network.labels ?? undefined;
  }

  /** The most likely classes of a picture, the most likely first. */
  async classify(image: ImageLike, { topK = 5, signal }: CallOptions & { readonly topK?: number } = {}): Promise<Prediction[]> {
    const seen = await this.#ask(image, { top: counted(topK, "topK"), maps: null, features: false }, signal);
    return seen.top.map(([index, label, probability]) => ({ index, label, probability }));
  }

  /** The class activation maps of a picture: of these classes, or of the most likely. */
  async cam(
    image: ImageLike,
    { classes, topK = 1, signal }: CallOptions & { readonly classes?: readonly number[]; readonly topK?: number } = {},
  ): Promise<ClassMap[]> {
    const seen = await this.#ask(image, { top: counted(topK, "topK"), maps: classes ?? [], features: false }, signal);
    const { maps } = seen;
    if (!maps) return [];
    return maps.maps.map((values, place) => {
      const [index, label] = maps.classes[place] ?? [place, ""];
      return { index, label, width: maps.width, height: values.length / maps.width, values: Float32Array.from(values) };
    });
  }

  /** What the network has of a picture before its head: one number per channel of the last block. */
  async features(image: ImageLike, { signal }: CallOptions = {}): Promise<Float32Array> {
    const seen = await this.#ask(image, { top: 0, maps: null, features: true }, signal);
    return Float32Array.from(seen.features);
  }

  /** Learns classes from pictures. From then on this network answers with them. */
  async teach(lesson: Lesson, { signal }: CallOptions = {}): Promise<Taught> {
    return this.#inTurn(signal, async () => {
      const pictures = new Map<number, { readonly class: string; readonly index: number }>();
      const files: [number, Blob][] = [];
      const classes: { name: string; pictures: number[] }[] = [];
      for (const [name, images] of Object.entries(lesson)) {
        const ids: number[] = [];
        for (const [index, image] of images.entries()) {
          const id = this.#next++;
          files.push([id, await asFile(image, signal)]);
          pictures.set(id, { class: name, index });
          ids.push(id);
        }
        classes.push({ name, pictures: ids });
      }
      if (signal?.aborted) throw aborted(signal);
      const id = this.#next++;
      const refused: { class: string; index: number; message: string }[] = [];
      let network: Network | undefined;
      const learned = await this.#connection.until<Learned>(
        () => {
          this.#awake();
          for (const [picture, file] of files) this.#connection.send({ TeachPicture: picture }, { file });
          this.#connection.send({ Teach: { id, classes } });
        },
        (report) => {
          if (report.Failed) throw errorOf(report.Failed);
          network = report.Network ?? network;
          const { Refused, Failed, Learned } = report.Teaching ?? {};
          const picture = Refused && pictures.get(Refused.picture);
          if (Refused && picture) refused.push({ ...picture, message: Refused.reason });
          if (Failed?.lesson === id) throw new ResNeXtError("lesson", Failed.reason);
          return Learned?.lesson === id ? Learned : undefined;
        },
        signal,
        () => {
          this.#connection.send("StopTeaching");
          return aborted(signal as AbortSignal);
        },
      );
      if (network) {
        this.#at = await placed(this.#connection, learned.network, this.#device);
        // Given up meanwhile: the network from before answers again, unless it was taught too, for then its place is taken.
        const goesBack = signal?.aborted && learned.network !== this.#network.index;
        if (goesBack) this.#at = await placed(this.#connection, this.#network.index, this.#device);
        else this.#network = network;
      }
      const leftOut = learned.left_out.map(({ picture, answer, probability }) => {
        const { class: of, index } = pictures.get(picture) ?? { class: "", index: 0 };
        return { class: of, index, takenFor: classes[answer]?.name ?? "", probability };
      });
      const right = learned.left_out.filter(({ is_right }) => is_right).length;
      return { classes: classes.map(({ name }) => name), accuracy: right / Math.max(1, leftOut.length), leftOut, refused };
    });
  }

  /** Checks on this device that each kernel of the network computes what it should. One that does not is replaced. */
  async selfCheck({ signal }: CallOptions = {}): Promise<SelfCheck> {
    return this.#inTurn(signal, async () => {
      if (this.#at === "cpu") return { passed: true, device: "cpu", kernels: [] };
      const check = await this.#connection.until(
        () => {
          this.#awake();
          this.#connection.send("SelfCheck");
        },
        (report) => {
          if (report.Failed) throw errorOf(report.Failed);
          return report.SelfCheck;
        },
      );
      const kernels = check.map(({ kernel, layers, error, limit }) => ({ kernel, layers, error: error ?? undefined, limit }));
      return { passed: kernels.every(({ error, limit }) => error !== undefined && error <= limit), device: "webgpu", kernels };
    });
  }

  /** Ends the worker. Calls under way, and later ones, are rejected with the code `closed`. */
  close(): void {
    this.#connection.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  async #ask(image: ImageLike, question: Omit<Question, "id">, signal: AbortSignal | undefined): Promise<Seen> {
    // The pixels of a canvas or a video are those of now, not of when it is this call's turn.
    const picture = taken(image, signal);
    let isSent = false;
    const asked = this.#inTurn(signal, async () => {
      const sent = await picture;
      if (signal?.aborted) throw aborted(signal);
      const id = this.#next++;
      const outcome = await this.#connection.until<Outcome>(
        () => {
          this.#awake();
          try {
            this.#connection.send({ Ask: { ...question, id } }, sent);
            isSent = true;
          } catch (cause) {
            throw new ResNeXtError("picture", "the browser does not hand its pixels over: they are another site's", { cause });
          }
        },
        (report) => {
          if (report.Failed) throw errorOf(report.Failed);
          return report.Reply?.id === id ? report.Reply.outcome : undefined;
        },
      );
      if ("Seen" in outcome) {
        this.#at = outcome.Seen.backend;
        return outcome.Seen;
      }
      if ("Picture" in outcome) throw new ResNeXtError("picture", outcome.Picture);
      if ("Failed" in outcome) throw errorOf(outcome.Failed);
      const most = outcome.NoSuchClass.classes;
      const got = question.maps?.join(", ") ?? "";
      throw new ResNeXtError("argument", "the network has no such class", { expected: most ? `0 to ${most - 1}` : "a network with a head", got });
    });
    // Pixels take memory until they are handed over.
    const over = (): void => {
      picture.then(({ frame }) => (isSent ? undefined : frame?.close()), () => {});
    };
    return asked.finally(over);
  }

  /** Calls go to the worker one after the other, in the order in which they were made. */
  #inTurn<T>(signal: AbortSignal | undefined, call: () => Promise<T>): Promise<T> {
    const turn = async (): Promise<T> => {
      if (this.#connection.ended) throw this.#connection.ended;
      if (signal?.aborted) throw aborted(signal);
      return call();
    };
    const result = this.#last.then(turn);
    this.#last = result.catch(() => {});
    if (!signal) return result;
    return new Promise((resolve, reject) => {
      const gaveUp = (): void => reject(aborted(signal));
      signal.addEventListener("abort", gaveUp);
      result.then(resolve, reject).finally(() => signal.removeEventListener("abort", gaveUp));
    });
  }

  /** After a failure the worker tries again only when it is told to. */
  #awake(): void {
    if (this.#failed) this.#connection.send("TryAgain");
    this.#failed = false;
  }
}

/** Brings a network that was loaded to its device; says which that is. */
function placed(
  connection: Connection,
  network: number,
  device: Device | undefined,
  onProgress?: (progress: Progress) => void,
  signal?: AbortSignal,
  gaveUp?: () => ResNeXtError,
): Promise<Device> {
  return connection.until(
    () => connection.send({ Use: { network, backend: device ?? null } }),
    (report) => {
      if (onProgress) tell(report, onProgress);
      if (report.Failed) throw errorOf(report.Failed);
      return report.On;
    },
    signal,
    gaveUp,
  );
}

function originOf(source: unknown): { readonly Named: string } | { readonly Url: string } | { readonly File: string } {
  if (source instanceof Blob) return { File: source instanceof File ? source.name : "weights" };
  if (source instanceof URL) return { Url: source.href };
  if (typeof source === "string" && PRESETS.includes(source)) return { Named: source };
  const expected = `a URL, a File, or one of ${PRESETS.join(", ")}`;
  throw new ResNeXtError("argument", "there is no such network", { expected, got: String(source) });
}

function errorOf({ problem, reason, expected, got }: Failure): ResNeXtError {
  const code = ({ Fetch: "network", File: "format", Device: "device" } as const)[problem];
  return new ResNeXtError(code, reason, { expected, got });
}

function tell({ Downloading, Building }: Report, onProgress: (progress: Progress) => void): void {
  if (Downloading) onProgress({ step: "download", loaded: Downloading.done, total: Downloading.total ?? undefined });
  if (Building) step(Building, onProgress);
}

function step(building: Step, onProgress: (progress: Progress) => void): void {
  if (typeof building === "string") return;
  if ("Pipelines" in building) onProgress({ step: "compile", loaded: building.Pipelines.done, total: building.Pipelines.total });
  if ("Weights" in building) onProgress({ step: "upload", loaded: building.Weights.done, total: building.Weights.total });
}

function counted(number: number, name: string): number {
  if (Number.isInteger(number) && number > 0) return number;
  throw new ResNeXtError("argument", `${name} is no count`, { expected: "a whole number from 1", got: String(number) });
}
