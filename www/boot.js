// The start of nosale.js: brings the module to life before the parser reaches the next tag, and puts
// its calls on `window.nosale`.

import { replay } from './inlined.js';
import * as glue from 'nosale:glue';
import { unpacked } from './unpack.js';

/** @typedef {import('./nosale').Nosale} Nosale */

const script = document.currentScript;

// An element with the id "nosale" is a property of the window too, but not one of its own.
if (typeof Object.getOwnPropertyDescriptor(window, 'nosale')?.value?.status === 'function') {
  console.warn('nosale: loaded twice; this copy does nothing. Remove one of the two script tags.');
} else {
  boot();
}

function boot() {
  try {
    glue.initSync({ module: unpacked() });
  } catch (error) {
    // Compiling or instantiating failed: no WebAssembly here, or a policy forbids it.
    console.error(
      "nosale: WebAssembly cannot start, so marked tags stay off and nothing else is held. If this page has a " +
        "Content-Security-Policy, add 'wasm-unsafe-eval' to its script-src.",
      error,
    );
    plainLink();
    return;
  }
  // A trap in something that the browser calls shows here only. The gate denies what it cannot ask.
  window.addEventListener('error', ({ error, filename }) => {
    if (error instanceof WebAssembly.RuntimeError && script instanceof HTMLScriptElement && filename === script.src) {
      console.error('nosale: the module has failed; marked tags that did not run yet stay off', error);
      silence();
      plainLink();
    }
  });
  try {
    glue.start(script instanceof HTMLScriptElement ? script : undefined);
  } catch (error) {
    console.error('nosale: the module failed at its start; marked tags stay off', error);
    silence();
    plainLink();
    return;
  }
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
  replay();
}

/** Where the module has failed, `__gpp` says so and nothing else (GPP CMP API, `cmpStatus`). */
function silence() {
  /** @type {(command: string, callback?: unknown) => void} */
  const gpp = (command, callback) => {
    if (command !== 'ping' || typeof callback !== 'function') return;
    const ping = {
      gppVersion: '1.1',
      cmpStatus: 'error',
      cmpDisplayStatus: 'hidden',
      signalStatus: 'not ready',
      supportedAPIs: [],
      cmpId: 0,
      sectionList: [],
      applicableSections: [],
      gppString: '',
      parsedSections: {},
    };
    callback(ping, true);
  };
  for (const [name, value] of Object.entries({ __gpp: gpp, __uspapi: () => {} })) {
    // Another tool's function, or a stub, stays.
    if (Object.getOwnPropertyDescriptor(window, name)?.get) Object.defineProperty(window, name, { value, writable: true });
  }
}

/** Where the module cannot run, the visitor still gets a way to the publisher's own opt-out page. */
function plainLink() {
  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', plainLink, { once: true });
    return;
  }
  let address;
  try {
    const config = JSON.parse(document.querySelector('script#nosale-config')?.textContent ?? '{}');
    address = new URL(config.notice.optOutUrl, document.baseURI);
  } catch {
    return;
  }
  if (!/^https?:$/.test(address.protocol) || document.querySelector('[data-nosale-plain]')) return;
  const link = document.createElement('a');
  link.href = address.href;
  link.textContent = 'Your Privacy Choices';
  link.setAttribute('data-nosale-plain', '');
  const footers = document.querySelectorAll('footer');
  (footers[footers.length - 1] ?? document.body).append(' ', link);
}
