// The messages of the worker: `src/protocol/package` of Cardinal. A message is an array of JSON, bytes, a file and pixels. An enum of
// Rust is a string, or an object with one key.

export type Backend = "webgpu" | "cpu";

export type Network = {
  readonly index: number;
  readonly title: string;
  readonly side: number;
  readonly classes: number;
  readonly labels: string[] | null;
};

export type Failure = {
  readonly problem: "Fetch" | "File" | "Device";
  readonly reason: string;
  readonly expected: string | null;
  readonly got: string | null;
};

export type Step =
  | "WarmUp"
  | { readonly Planned: unknown }
  | { readonly Pipelines: { readonly done: number; readonly total: number } }
  | { readonly Weights: { readonly done: number; readonly total: number } };

export type Seen = {
  readonly backend: Backend;
  readonly top: [number, string, number][];
  readonly maps: { readonly classes: [number, string][]; readonly width: number; readonly maps: number[][] } | null;
  readonly features: number[];
};

export type Outcome =
  | { readonly Seen: Seen }
  | { readonly Picture: string }
  | { readonly NoSuchClass: { readonly classes: number } }
  | { readonly Failed: Failure };

export type KernelCheck = { readonly layers: string[]; readonly kernel: string; readonly error: number | null; readonly limit: number };

export type Report = {
  readonly Downloading?: { readonly done: number; readonly total: number | null };
  readonly Building?: Step;
  readonly Network?: Network;
  readonly Loaded?: { readonly network: number };
  readonly On?: Backend;
  readonly Failed?: Failure;
  readonly Reply?: { readonly id: number; readonly outcome: Outcome };
  readonly SelfCheck?: KernelCheck[];
  readonly Teaching?: {
    readonly Refused?: { readonly picture: number; readonly reason: string };
    readonly Failed?: { readonly lesson: number; readonly reason: string };
    readonly Learned?: Learned;
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

export type Request =
  | { readonly Start: { readonly hub: string; readonly labels: string; readonly page_has_webgpu: boolean } }
  | { readonly Load: { readonly Named: string } | { readonly Url: string } | { readonly File: string } }
  | { readonly Use: { readonly network: number; readonly backend: Backend | null } }
  | { readonly Ask: Question }
  | { readonly TeachPicture: number }
  | { readonly Teach: { readonly id: number; readonly classes: { readonly name: string; readonly pictures: number[] }[] } }
  | "StopTeaching"
  | "SelfCheck"
  | "TryAgain";
