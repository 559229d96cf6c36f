// Bundles the peers: `node build.mjs <output folder>` writes what a page loads of each, with its brotli
// beside it, and versions.json.

import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

import { build } from "esbuild";

const [to] = process.argv.slice(2);
if (!to) {
  console.error("usage: node build.mjs <output folder>");
  process.exit(2);
}
const out = resolve(to);
const here = fileURLToPath(new URL(".", import.meta.url));

// These publish modules only.
await build({
  absWorkingDir: here,
  entryPoints: ["src/c15t.js", "src/cookieyes.js", "src/iabgpp.js"],
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "none",
  logLevel: "warning",
});

// And these a script.
for (const [name, file] of [
  ["yett.js", "yett/dist/yett.min.js"],
  ["klaro.js", "klaro/dist/klaro.js"],
  ["cookieconsent.js", "vanilla-cookieconsent/dist/cookieconsent.umd.js"],
  ["cookieconsent.css", "vanilla-cookieconsent/dist/cookieconsent.css"],
]) {
  await copyFile(join(here, "node_modules", file), join(out, name));
}

for (const name of await readdir(out)) {
  const content = await readFile(join(out, name));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  await writeFile(join(out, `${name}.br`), brotliCompressSync(content, { params }));
}

const { devDependencies } = JSON.parse(await readFile(join(here, "package.json"), "utf8"));
await writeFile(join(out, "versions.json"), JSON.stringify(devDependencies));
