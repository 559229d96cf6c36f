// The package: nosale for pages that are made by a bundler, or that load it as a module.

import * as glue from 'nosale:glue';
import { calls, publish, there } from '../api.js';

/** @typedef {import('../nosale').Nosale} Nosale */

/** @type {Promise<Nosale> | undefined} */
let started;

/**
 * Starts nosale, once: calling again gives the same promise.
 * @returns {Promise<Nosale>}
 */
export function start() {
  return (started ??= begin());
}

async function begin() {
  const other = there();
  if (other) return other;
  const module = await compiled();
  glue.begin((imports) => new WebAssembly.Instance(module, imports).exports);
  glue.start(undefined, false, undefined);
  return publish(calls(glue.version()));
}

/** Compiles the module while it comes. */
async function compiled() {
  const address = new URL('./nosale_bg.wasm', import.meta.url);
  try {
    return await WebAssembly.compileStreaming(fetch(address));
  } catch {
    // A server that does not call it `application/wasm`.
    const response = await fetch(address);
    return WebAssembly.compile(await response.arrayBuffer());
  }
}
