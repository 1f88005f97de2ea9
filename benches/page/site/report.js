// Medians, tables and messages to the command that opened this page.

/** The median and half the range from the 10th to the 90th percentile, as the library computes them. */
export function stats(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share) => {
    const position = share * (sorted.length - 1);
    const [below, above] = [Math.floor(position), Math.ceil(position)];
    return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
  };
  return { median: at(0.5), spread: (at(0.9) - at(0.1)) / 2, samples };
}

/** A Markdown table whose columns line up; numbers to the right. */
export function table(head, rows) {
  const all = [head, ...rows].map((row) => row.map(String));
  const width = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, at) => (at === 0 ? cell.padEnd(width[at]) : cell.padStart(width[at]))).join(" | ")} |`;
  const rule = `| ${width.map((n, at) => (at === 0 ? "-".repeat(n) : `${"-".repeat(n - 1)}:`)).join(" | ")} |`;
  return [line(all[0]), rule, ...all.slice(1).map(line)].join("\n");
}

/** Milliseconds with as many digits as they deserve. */
export const ms = (value) => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
export const mb = (bytes) => (bytes / 1e6).toFixed(0);
export const times = (ratio) => `${ratio.toFixed(ratio < 10 ? 2 : 1)}×`;

export async function post(kind, text) {
  document.getElementById("log").append(`${text}\n`);
  await fetch(`post/${kind}`, { method: "POST", body: text });
}

/** The largest difference, as a share of the largest value expected. NaN differs from everything. */
export function deviation(actual, expected) {
  if (actual.length !== expected.length) return Infinity;
  let [peak, worst] = [0, 0];
  for (let at = 0; at < expected.length; at++) {
    const difference = Math.abs(actual[at] - expected[at]);
    if (!(difference <= worst)) worst = Number.isNaN(difference) ? Infinity : difference;
    peak = Math.max(peak, Math.abs(expected[at]));
  }
  return worst / peak;
}
