// The package: nosale for pages that are made by a bundler, or that load it as a module.

import * as glue from 'nosale:glue';

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
  // An element with the id "nosale" is a property of the window too, but not one of its own.
  const there = Object.getOwnPropertyDescriptor(window, 'nosale')?.value;
  if (typeof there?.status === 'function') return there;
  const module = await compiled();
  glue.begin((imports) => new WebAssembly.Instance(module, imports).exports);
  glue.start(undefined, false, undefined);
  /** @type {Nosale} */
  const api = {
    version: glue.version(),
    status: glue.status,
    allows: glue.allows,
    optOut: glue.optOut,
    optIn: glue.optIn,
    setContext: glue.setContext,
    identify: glue.identify,
    open: glue.open,
    receipt: glue.receipt,
    audit: glue.audit,
    on: glue.on,
  };
  for (const call of Object.values(api)) Object.freeze(call);
  Object.defineProperty(window, 'nosale', { value: Object.freeze(api), enumerable: true });
  return api;
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
