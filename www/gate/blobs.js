// What stands behind addresses that the page made itself: blob: and data:.

import {
  URL,
  XMLHttpRequest,
  apply,
  atob,
  decodeURIComponent,
  deleteKey,
  exec,
  finds,
  getKey,
  hrefOf,
  Map,
  openRequest,
  read,
  responseOf,
  sendRequest,
  setKey,
  typeOf,
  worded,
} from './saved.js';
import { method } from './veil.js';

/** Blobs by their addresses, as long as the browser keeps them. @type {Map<string, any>} */
const blobs = new Map();

/** @param {any} realm */
export function addresses(realm) {
  method(realm.URL, 'createObjectURL', (original, self, values) => {
    const address = apply(original, self, values);
    if (read(typeOf, values[0]) !== undefined) apply(setKey, blobs, [address, values[0]]);
    return address;
  });
  method(realm.URL, 'revokeObjectURL', (original, self, values) => {
    if (values.length) apply(deleteKey, blobs, [(values[0] = `${values[0]}`)]);
    return apply(original, self, values);
  });
}

/**
 * What an address stands for; nothing if it is older than the wrappers.
 * @param {string} address
 * @returns {any}
 */
export const blobOf = (address) => apply(getKey, blobs, [address]);

/** As far as one can tell without reading it: browsers skip line ends, tabs and what stands before. */
const LIKELY = /^[\0-\x20]*[jdb][^:]*:/i;
const MADE = /^(?:blob|data):/;

/**
 * An address of scheme blob:, data: or javascript: as the browser reads it; any other as it is.
 * @param {any} value
 */
export function normal(value) {
  const text = worded(value);
  try {
    return finds(LIKELY, text) ? apply(hrefOf, new URL(text), []) : text;
  } catch {
    return text; // It belongs to a base.
  }
}

/**
 * An address that the page made itself, as the browser reads it; nothing for any other.
 * @param {any} value
 */
export function madeBy(value) {
  const address = normal(value);
  return finds(MADE, address) ? address : '';
}

const DATA = /^data:[^,]*?(;\s*base64\s*)?,([^]*)/i;

/**
 * The text behind an address, at once; nothing if it cannot be read, or is of no such type.
 * @param {string} address as `madeBy` gives it
 * @param {RegExp} [types] those that are worth reading
 */
export function textOf(address, types) {
  const data = /** @type {RegExpExecArray | null} */ (apply(exec, DATA, [address]));
  try {
    if (data) {
      const text = decodeURIComponent(data[2] ?? '');
      return data[1] ? atob(text) : text;
    }
    if (address[0] !== 'b') return '';
    const blob = blobOf(address);
    if (blob && types && !apply(exec, types, [read(typeOf, blob)])) return '';
    const request = new XMLHttpRequest();
    apply(openRequest, request, ['GET', address, false]);
    apply(sendRequest, request, []);
    return apply(responseOf, request, []);
  } catch {
    // A policy of the page's forbids it, or it is revoked.
    return '';
  }
}
