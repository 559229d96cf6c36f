// Bundles the clients: `node build.mjs <output folder>` writes prebid.js and second-tool.js there, and
// axe.js, which is no client but looks for what keeps people from using a page.

import { copyFile } from "node:fs/promises";
import { resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const [outdir] = process.argv.slice(2);
if (!outdir) {
  console.error("usage: node build.mjs <output folder>");
  process.exit(2);
}

await build({
  absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
  entryPoints: ["src/prebid.js", "src/second-tool.js"],
  outdir: resolve(outdir),
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  // Pages of the tests name their character set, and frames of theirs may not.
  charset: "ascii",
  legalComments: "none",
  logLevel: "warning",
});

await copyFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), resolve(outdir, "axe.js"));
