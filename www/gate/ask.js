// Asks the module about addresses.

import {
  Map,
  URL,
  apply,
  baseOf,
  clearKeys,
  console,
  edit,
  exec,
  finds,
  getKey,
  hasKey,
  hrefOf,
  read,
  setKey,
  slice,
  worded,
} from './saved.js';

/**
 * Whether a request may leave: its whole address, and the way it would take; for the way `look`, if
 * it did; for the way `host`, whether all requests to that host may. For `cookie` or `storage`:
 * whether something of that name may be kept.
 * @typedef {(address: string, way: string) => boolean} Permits
 */

/** @type {Permits | null} Without it, everything passes. */
let permits = null;
/** What was asked about with this base and permitted. Some markup is looked through twice. */
const known = new Map();
let size = 0;
let base = '';
/** Whether nothing is denied on the base's host. */
let free = false;
/** Origins, as pages write them, and whether nothing is denied there. @type {Map<string, boolean>} */
const origins = new Map();
let written = 0;
/** What was denied in the markup that is being looked through. @type {Map<string, boolean> | null} */
let stopped = null;

/** @param {Permits | null} ask */
export function answer(ask) {
  permits = ask;
  forget();
  apply(clearKeys, origins, []);
  written = 0;
}

export const isUp = () => permits !== null;

function forget() {
  apply(clearKeys, known, []);
  size = 0;
  base = '';
}

/**
 * @param {string} name
 * @param {string} way
 */
function ask(name, way) {
  try {
    return !(/** @type {Permits} */ (permits)(name, way));
  } catch (error) {
    // The module has failed. What cannot be asked about does not leave.
    console.error('nosale: the module has failed; requests from scripts are held', error);
    return true;
  }
}

/** The origin of an absolute address: neither a path nor a user can be in it. */
const ORIGIN = /^(?:http|ws)s?:\/\/[^\s/?#\\@]+(?=[/?#]|$)/;
/** An address that stays on its base's host, whatever follows. */
const NEAR = /^\/[\w.?#%-]|^[?#]|^[\w.-]+(?:[/?#]|$)/;

/**
 * Whether nothing is denied on the host of an address that begins with an origin. Most requests go
 * to few hosts: with these, an address need not be read to its end.
 * @param {string} text
 */
function isFree(text) {
  const found = /** @type {RegExpExecArray | null} */ (apply(exec, ORIGIN, [text]));
  if (!found) return false;
  const origin = found[0];
  const before = apply(getKey, origins, [origin]);
  if (before !== undefined) return before;
  let is = false;
  try {
    is = !ask(apply(hrefOf, new URL(origin), []), 'host');
  } catch {
    // No host.
  }
  if (written++ > 1000) {
    apply(clearKeys, origins, []);
    written = 0;
  }
  apply(setKey, origins, [origin, is]);
  return is;
}

/**
 * @param {any} value an address, as a page may write it
 * @param {string} way
 * @param {unknown} [node] what it is resolved against
 */
export function denied(value, way, node) {
  if (!permits) return false;
  const text = worded(value);
  if (text === '' || isFree(text)) return false;
  const start = apply(slice, text, [0, 5]);
  if (start === 'data:' || start === 'blob:') return false;
  let here = node && read(baseOf, node);
  // A document of its own without an address, which the page's elements leave sooner or later.
  if (!here || here[0] !== 'h') here = apply(baseOf, document, []);
  if (here !== base || size > 5000) {
    forget();
    base = here;
    free = isFree(here);
  }
  if (free && finds(NEAR, text)) return false;
  if (apply(hasKey, known, [text])) return false;
  if (stopped && apply(hasKey, stopped, [text])) return true;
  let address;
  try {
    address = apply(hrefOf, new URL(text, here), []);
  } catch {
    return false; // The browser refuses it, too.
  }
  if (ask(address, way)) {
    if (stopped && way !== 'look') apply(setKey, stopped, [text, true]);
    return true;
  }
  // A vendor may be denied but for its sockets.
  if (text.length < 500 && way !== 'websocket') {
    size++;
    apply(setKey, known, [text, true]);
  }
  return false;
}

const WORDS = /[^\s,]+/g;
const PARTS = /[^\s;]+/g;

/**
 * Whether any address of a list is denied. It may be cut too often, as in a data: address; the
 * pieces are then addresses of the page's own.
 * @param {any} list
 * @param {string} way
 * @param {unknown} node
 * @param {boolean} [parts] whether semicolons are between them
 */
export function deniedAny(list, way, node, parts) {
  let any = false;
  edit(worded(list), parts ? PARTS : WORDS, (found) => {
    any ||= denied(found[0], way, node);
    return undefined;
  });
  return any;
}

/**
 * Whether a vendor's cookie or key in a storage may not be kept.
 * @param {string} name
 * @param {'cookie' | 'storage'} way
 */
export const deniedName = (name, way) => permits !== null && ask(name, way);

/**
 * Asks about the same address once, although the work looks at it twice.
 * @template Result
 * @param {() => Result} work
 */
export function once(work) {
  const before = stopped;
  stopped = new Map();
  try {
    return work();
  } finally {
    stopped = before;
  }
}
