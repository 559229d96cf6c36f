// Builds one site with each bundler: `node build.mjs <package> <output folder>` copies the package to
// where npm would put it, and writes the sites to vite/ and webpack/.

import { cp, mkdir, writeFile, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

import { build } from "vite";
import webpack from "webpack";

const [from, to] = process.argv.slice(2);
if (!to) {
  console.error("usage: node build.mjs <package> <output folder>");
  process.exit(2);
}
const out = resolve(to);
const site = join(out, "site");
await cp(fileURLToPath(new URL("src", import.meta.url)), site, { recursive: true });
await cp(resolve(from), join(site, "node_modules/nosale"), { recursive: true });
await writeFile(join(site, "package.json"), JSON.stringify({ private: true, type: "module" }));

await build({ root: site, configFile: false, logLevel: "warn", build: { outDir: join(out, "vite"), emptyOutDir: true } });

const folder = join(out, "webpack");
await mkdir(folder);
const page = await readFile(join(site, "index.html"), "utf8");
await writeFile(join(folder, "index.html"), page.replace('type="module" src="/main.js"', 'defer src="/main.js"'));
const stats = await new Promise((done, failed) => {
  const options = {
    mode: "production",
    context: site,
    entry: "./main.js",
    output: { path: folder, filename: "main.js" },
    performance: { hints: false },
  };
  webpack(options, (error, stats) => (error ? failed(error) : done(stats)));
});
// A warning is what a site's owner would have to explain away.
if (stats.hasErrors() || stats.hasWarnings()) {
  console.error(stats.toString({ all: false, errors: true, warnings: true }));
  process.exit(1);
}
