// Asks the module about addresses.

import {
  Map,
  URL,
  apply,
  baseOf,
  clearKeys,
  console,
  edit,
  hasKey,
  hrefOf,
  read,
  setKey,
  slice,
} from './saved.js';

/**
 * Whether a request may leave: its whole address, and the way it would take; for the way `look`, if
 * it did. For `cookie` or `storage`: whether something of that name may be kept.
 * @typedef {(address: string, way: string) => boolean} Permits
 */

/** @type {Permits | null} Without it, everything passes. */
let permits = null;
/** What was asked about with this base and permitted. Some markup is looked through twice. */
const known = new Map();
let size = 0;
let base = '';
/** What was denied in the markup that is being looked through. @type {Map<string, boolean> | null} */
let stopped = null;

/** @param {Permits | null} ask */
export function answer(ask) {
  permits = ask;
  forget();
}

export const isUp = () => permits !== null;

function forget() {
  apply(clearKeys, known, []);
  size = 0;
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

/**
 * @param {any} value an address, as a page may write it
 * @param {string} way
 * @param {unknown} [node] what it is resolved against
 */
export function denied(value, way, node) {
  if (!permits) return false;
  const text = `${value}`;
  const start = apply(slice, text, [0, 5]);
  if (start === 'data:' || start === 'blob:' || text === '') return false;
  let here = node && read(baseOf, node);
  // A document of its own without an address, which the page's elements leave sooner or later.
  if (!here || here[0] !== 'h') here = apply(baseOf, document, []);
  if (here !== base || size > 5000) {
    forget();
    base = here;
  }
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
  if (text.length < 500) {
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
  edit(`${list}`, parts ? PARTS : WORDS, (found) => {
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
