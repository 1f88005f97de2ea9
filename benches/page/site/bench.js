// What `cargo xtask bench` opens in the browser: `?task=NAME` and the task's parameters. Results are posted back.

import { family } from "./family.js";
import { peers } from "./peers.js";
import { post } from "./report.js";
import { wasm } from "./wasm.js";

const TASKS = { family, peers, wasm };
const query = Object.fromEntries(new URLSearchParams(location.search));
const settings = { ...query, runs: Number(query.runs) };

try {
  const { text, json, wrong } = await TASKS[query.task](settings);
  await post("table", text);
  await post("json", JSON.stringify({ task: query.task, browser: navigator.userAgent, ...json }, null, 1));
  await post("end", wrong ?? "");
} catch (error) {
  await post("end", String(error?.stack ?? error) || "an error without words");
}
