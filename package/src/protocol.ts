// The messages of the worker, as far as this client uses them: `src/protocol` of Cardinal has all of them. A message is an array of
// JSON, bytes, a file and pixels. An enum of Rust is a string, or an object with one key.

export type Config = { readonly num_classes: number };

export type Network = {
  readonly title: string;
  readonly config: Config;
  readonly side: number;
  readonly labels: string[] | null;
};

export type LoadFailure = {
  readonly problem: "Fetch" | "File" | "Device";
  readonly reason: string;
  readonly expected: string | null;
  readonly got: string | null;
};

export type LoadStep =
  | "WarmUp"
  | { readonly Planned: unknown }
  | { readonly Pipelines: { readonly done: number; readonly total: number } }
  | { readonly Weights: { readonly done: number; readonly total: number } };

export type LoadStatus =
  | "Asking"
  | "Waiting"
  | { readonly Downloading: { readonly done: number; readonly total: number | null } }
  | { readonly Building: LoadStep }
  | { readonly Failed: LoadFailure };

export type Setting = { readonly backend: "webgpu" | "cpu" };

export type Seen = {
  readonly setting: Setting;
  readonly top: [number, string, number][];
  readonly maps: { readonly classes: [number, string][]; readonly width: number; readonly maps: number[][] } | null;
  readonly features: number[];
  readonly wall_ms: number;
  readonly gpu_ms: number | null;
};

export type Outcome =
  | { readonly Seen: Seen }
  | { readonly Picture: string }
  | { readonly NoSuchClass: { readonly classes: number } }
  | { readonly Failed: string };

export type KernelCheck = { readonly layers: string[]; readonly kernel: string; readonly error: number | null; readonly limit: number };

export type Work = "Ready" | { readonly Building: LoadStep } | { readonly Failed: string } | string | Record<string, unknown>;

export type Event = {
  readonly Gpu?: "Asking" | { readonly Ready: { readonly adapter: { readonly name: string } } } | { readonly Missing: { readonly text: string } };
  readonly Work?: Work;
  readonly Memory?: { readonly setting: Setting };
  readonly Network?: { readonly index: number; readonly network: Network };
  readonly Load?: { readonly status: LoadStatus } | null;
  readonly Loaded?: { readonly network: number };
  readonly Reply?: { readonly id: number; readonly outcome: Outcome };
  readonly SelfCheck?: { readonly setting: Setting; readonly kernels: KernelCheck[]; readonly ms: number };
  readonly Teaching?: {
    readonly Refused?: { readonly picture: number; readonly reason: string };
    readonly Failed?: { readonly lesson: number; readonly reason: string };
    readonly Learned?: Learned;
  };
  readonly Notice?: {
    readonly File?: { readonly failure: LoadFailure };
    readonly WrongResults?: unknown;
  };
};

export type Learned = {
  readonly lesson: number;
  readonly network: number;
  readonly l2: number;
  readonly left_out: { readonly picture: number; readonly answer: number; readonly probability: number; readonly is_right: boolean }[];
};

export type Question = {
  readonly id: number;
  readonly top: number;
  readonly maps: readonly number[] | null;
  readonly features: boolean;
};

export type Command =
  | { readonly Start: { readonly tunings: []; readonly hub: string; readonly labels: string; readonly page_has_webgpu: boolean; readonly brought: [] } }
  | "Drawn"
  | "TryAgain"
  | "CancelLoad"
  | "SelfCheck"
  | { readonly Load: { readonly Named: string } | { readonly Url: string } | { readonly File: string } }
  | { readonly Choose: Record<string, unknown> }
  | { readonly Ask: Question }
  | { readonly TeachPicture: number }
  | { readonly Teach: { readonly id: number; readonly classes: { readonly name: string; readonly pictures: number[] }[] } };
