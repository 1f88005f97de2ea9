// The processor's work in WebAssembly: a picture of 12 megapixels to 224 × 224, and the largest network's plan; and the most that a
// thread can do.

import init, { peak_gflops, plan_ms, preprocess_ms, relaxed_peak_gflops } from "./pkg/cardinal_bench_page.js";
import { ms, stats, table } from "./report.js";

const WORK = [
  { what: "4000 × 3000 pixels to 224 × 224", limit: 60, run: () => preprocess_ms(4000, 3000) },
  { what: "3000 × 4000 pixels to 224 × 224", limit: 60, run: () => preprocess_ms(3000, 4000) },
  { what: "plan of resnext101_64x4d", limit: 5, run: () => plan_ms("resnext101_64x4d") },
];

const PEAKS = [
  { what: "SIMD, 128 bits", run: peak_gflops },
  { what: "relaxed SIMD, 128 bits", run: relaxed_peak_gflops },
];

export async function wasm({ runs }) {
  await init();
  const results = WORK.map(({ what, limit, run }) => {
    const first = run();
    return { what, limit, first, ...stats(Array.from({ length: runs }, run)) };
  });
  const row = (one) => [one.what, ms(one.median), ms(one.spread), ms(Math.min(...one.samples)), ms(one.first), one.limit];
  const peaks = PEAKS.map(({ what, run }) => ({ what, ...stats(Array.from({ length: runs + 1 }, run).slice(1)) }));
  const rate = (one) => [one.what, one.median.toFixed(1), one.spread.toFixed(1)];
  const rates = table(["multiply-adds in registers, one thread", "median GFLOP/s", "±"], peaks.map(rate));
  const text = table(["in WebAssembly", "median ms", "±", "fastest ms", "first ms", "at most ms"], results.map(row));
  const slow = results.filter((one) => one.median > one.limit).map((one) => one.what);
  return { text: `${text}\n${rates}`, json: { results, peaks }, wrong: slow.length ? `over the limit: ${slow.join(", ")}` : "" };
}
