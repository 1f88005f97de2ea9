/** What went wrong. */
export type ErrorCode =
  /** The caller's signal. */
  | "aborted"
  /** The network was closed. */
  | "closed"
  /** An argument that makes no sense. */
  | "argument"
  /** A file could not be fetched. */
  | "network"
  /** The weights are damaged, are another network's, have a format that is not read, or have values that are no numbers. */
  | "format"
  /** The picture cannot be used. */
  | "picture"
  /** There is no such device, it was lost, or it does not take the network. */
  | "device"
  /** The pictures do not make up a lesson. */
  | "lesson"
  /** The worker has ended. Load the network again. */
  | "worker";

/** The error of every function of this package. */
export class ResNeXtError extends Error {
  override readonly name = "ResNeXtError";
  readonly code: ErrorCode;
  /** What was expected, where one thing was. */
  readonly expected: string | undefined;
  /** What there was in its place. */
  readonly got: string | undefined;

  constructor(code: ErrorCode, message: string, more: { expected?: string | null; got?: string | null; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.expected = more.expected ?? undefined;
    this.got = more.got ?? undefined;
  }
}

/** The error of a signal that has fired. */
export function aborted(signal: AbortSignal): ResNeXtError {
  return new ResNeXtError("aborted", "the caller has given this up", { cause: signal.reason });
}
