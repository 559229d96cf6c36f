// The start of nosale.js: brings the module to life before the parser reaches the next tag, and puts
// its calls on `window.nosale`.

import { inlined, replay as handOver } from './inlined.js';
import * as glue from 'nosale:glue';
import { calls, publish, there } from './api.js';
import { unpacked } from './unpack.js';
import { silence, stub } from './fallback/stubs.js';
import { catchUp, wait } from './fallback/waiting.js';
import { hold, isOwn } from './hold.js';

const script = document.currentScript;
const own = script instanceof HTMLScriptElement ? script : undefined;

if (there()) {
  console.warn('nosale: loaded twice; this copy does nothing. Remove one of the two script tags.');
} else {
  boot();
}

function boot() {
  try {
    glue.begin((imports) => new WebAssembly.Instance(new WebAssembly.Module(unpacked()), imports).exports);
  } catch (error) {
    // Compiling or instantiating failed: no WebAssembly here, or a policy forbids it.
    fallBack(error);
    return;
  }
  if (!start()) return;
  publish(calls(VERSION));
  catchUp();
  handOver();
}

/**
 * Starts the module, on whichever engine, and says whether it has started.
 * @param {string} [plain] the address of its plain form, if that runs
 * @param {number} [since] when requests began to be held for it, if the page was at its start then
 */
function start(plain, since) {
  // A trap in something that the browser calls shows here only. The gate denies what it cannot ask.
  window.addEventListener('error', ({ error, filename }) => {
    if (plain ? filename === plain : error instanceof WebAssembly.RuntimeError && own && filename === own.src) {
      console.error('nosale: the module has failed; marked tags that did not run yet stay off', error);
      silence();
      plainLink();
    }
  });
  try {
    glue.start(own, !!plain, inlined ? 0 : since);
    return true;
  } catch (error) {
    console.error('nosale: the module failed at its start; marked tags stay off', error);
    silence();
    plainLink();
    // Nothing is decided, and nothing will be.
    hold(rule());
    return false;
  }
}

/**
 * Starts the module in its plain form, which comes in a file of its own. Until then nothing is decided:
 * what scripts send to other sites waits, and where the file cannot be had it waits for good.
 * @param {unknown} cause
 */
async function fallBack(cause) {
  const permitted = rule();
  const since = document.readyState === 'loading' ? performance.now() : undefined;
  const release = hold(permitted);
  const waiting = wait(permitted);
  publish(waiting.api);
  const unstub = stub();
  try {
    // With the mark, so that no cache gives the file of another build.
    const address = new URL(`nosale.fallback.js?${MARK}`, own?.src || document.baseURI).href;
    console.warn(
      `nosale: WebAssembly cannot start, so ${address} takes its place; until it is here, what scripts send to other sites waits. ` +
        "If this page has a Content-Security-Policy, add 'wasm-unsafe-eval' to its script-src.",
      cause,
    );
    const { mark, instantiate } = await import(address);
    if (mark !== MARK) throw new Error('nosale.fallback.js is of another build than nosale.js');
    glue.begin(instantiate);
    unstub();
    const replay = release();
    waiting.begin();
    if (start(address, since)) {
      waiting.done();
      handOver();
      replay();
      return;
    }
    waiting.done(cause);
  } catch (error) {
    console.error(
      'nosale: cannot start without WebAssembly either, so marked tags stay off and what scripts send to other sites is held. ' +
        'Serve nosale.fallback.js beside nosale.js, and permit it in script-src.',
      error,
    );
    silence();
    plainLink();
    waiting.done(error);
  }
}

/** What need not wait for the decision: the page's own site, and what the config allows. */
function rule() {
  const allowed = setting((config) => config.gate.allow);
  return (/** @type {URL} */ address) =>
    isOwn(address) || (Array.isArray(allowed) && allowed.some((host) => `.${address.hostname}`.endsWith(`.${host}`)));
}

/**
 * A part of the config, if it is there.
 * @param {(config: any) => unknown} part
 */
function setting(part) {
  try {
    return part(JSON.parse(document.querySelector('script#nosale-config')?.textContent ?? '{}'));
  } catch {
    return undefined;
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
    address = new URL(/** @type {string} */ (setting((config) => config.notice.optOutUrl)), document.baseURI);
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
