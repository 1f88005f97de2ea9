// Latency over cardinality at equal cost: Cardinal alone, one device, untrained weights.

import { open, rounds } from "./engine.js";
import { ms, post, stats, table } from "./report.js";

export async function family({ members, runs, backend }) {
  const engine = await open({ engine: "cardinal", backend });
  const entries = [];
  for (const name of members.split(",")) {
    await engine.load("network", name, name, null, true);
    await post("log", `${name} is loaded`);
    entries.push({ name, samples: [] });
  }
  await rounds(runs, entries, async (entry) => entry.samples.push((await engine.run(entry.name)).ms));
  const results = entries.map(({ name, samples }) => ({ name, ...stats(samples) }));
  const text = table(["network", "median ms", "±"], results.map((one) => [one.name, ms(one.median), ms(one.spread)]));
  const adapter = await engine.adapter();
  return { text: `${adapter}, ${backend}\n${text}`, json: { adapter, backend, results } };
}
