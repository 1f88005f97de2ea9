// Minifies the JavaScript of a folder: `node minify.js FOLDER`.

import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { minify } from "vite";

const [folder] = process.argv.slice(2);
for (const name of await readdir(folder)) {
  if (!name.endsWith(".js")) continue;
  const path = join(folder, name);
  const { code, errors } = await minify(name, await readFile(path, "utf8"), { module: true });
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
  await writeFile(path, code);
}
