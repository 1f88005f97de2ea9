import { ResNeXtError } from "./error.js";
import type { Report, Request } from "./protocol.js";
import type { Sent } from "./picture.js";

/** The worker. It ends with `close`, or when it fails; what waits then is told. */
export class Connection {
  #worker: Worker;
  #ended: ResNeXtError | undefined;
  #listeners = new Set<(report: Report) => void>();
  #ends = new Set<(error: ResNeXtError) => void>();

  constructor() {
    try {
      this.#worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    } catch (cause) {
      throw new ResNeXtError("worker", "the browser does not start the worker; see that the page's policy allows its script", { cause });
    }
    this.#worker.onmessage = ({ data }: MessageEvent<[string, unknown]>) => {
      if (data[0] === "died") this.#died(String(data[1]));
      else this.#heard(JSON.parse(data[0]) as Report);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#died(event.message || "its script did not load");
    };
  }

  /** Why there is no worker any more. */
  get ended(): ResNeXtError | undefined {
    return this.#ended;
  }

  send(request: Request, sent?: Sent): void {
    const message = [JSON.stringify(request), null, sent?.file ?? null, sent?.frame ?? null];
    this.#worker.postMessage(message, sent?.frame ? [sent.frame] : []);
  }

  /** Listens for all reports from now on. */
  watch(hear: (report: Report) => void): void {
    this.#listeners.add(hear);
  }

  /** Listens for reports until `hear` returns something or throws, or the worker ends. `begin` sends what they are awaited for. */
  until<T>(begin: () => void, hear: (report: Report) => T | undefined, signal?: AbortSignal | null, abort?: () => ResNeXtError): Promise<T> {
    return new Promise((resolve, reject) => {
      const over = (): void => {
        this.#listeners.delete(listener);
        this.#ends.delete(ended);
        signal?.removeEventListener("abort", gaveUp);
      };
      const ended = (error: ResNeXtError): void => {
        over();
        reject(error);
      };
      const gaveUp = (): void => {
        if (abort) ended(abort());
      };
      const listener = (report: Report): void => {
        try {
          const found = hear(report);
          if (found === undefined) return;
          over();
          resolve(found);
        } catch (error) {
          over();
          reject(error);
        }
      };
      if (this.#ended) return reject(this.#ended);
      this.#listeners.add(listener);
      this.#ends.add(ended);
      signal?.addEventListener("abort", gaveUp);
      try {
        begin();
      } catch (error) {
        over();
        reject(error);
      }
    });
  }

  close(): void {
    this.#end(new ResNeXtError("closed", "this network was closed; load it again"));
  }

  #heard(report: Report): void {
    for (const listener of [...this.#listeners]) listener(report);
  }

  #died(reason: string): void {
    this.#end(new ResNeXtError("worker", `the worker has ended: ${reason}. Load the network again.`));
  }

  #end(error: ResNeXtError): void {
    if (this.#ended) return;
    this.#ended = error;
    this.#worker.terminate();
    for (const end of [...this.#ends]) end(error);
  }
}
