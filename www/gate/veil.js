// Puts functions in place of the browser's own. A proxy keeps a function's name, length, prototype
// and identity with itself; its text is the original's, and nothing of it leads back there.

import { Proxy, apply, defineProperty, getOwnPropertyDescriptor, note, noted } from './saved.js';

/** @type {WeakMap<object, Function>} */
const originals = new WeakMap();

/**
 * @typedef {(original: Function, self: any, values: any[]) => unknown} Instead
 * @typedef {(original: Function, values: any[], target: Function) => object} Making
 */

/**
 * @param {Function} original
 * @param {object} handler
 * @returns {any}
 */
function veil(original, handler) {
  const made = new Proxy(original, /** @type {ProxyHandler<Function>} */ ({ __proto__: null, ...handler }));
  note(originals, made, original);
  return made;
}

/**
 * @param {any} owner
 * @param {string} name
 * @param {object} found
 * @param {object} changes
 */
function put(owner, name, found, changes) {
  try {
    defineProperty(owner, name, /** @type {PropertyDescriptor} */ ({ __proto__: null, ...found, ...changes }));
  } catch {
    // The page has frozen it.
  }
}

/**
 * A method.
 * @param {any} owner
 * @param {string} name
 * @param {Instead} instead
 */
export function method(owner, name, instead) {
  const found = owner && getOwnPropertyDescriptor(owner, name);
  if (typeof found?.value === 'function') put(owner, name, found, { value: veil(found.value, { apply: instead }) });
}

/**
 * A property's setter.
 * @param {any} owner
 * @param {string} name
 * @param {Instead} instead
 */
export function setter(owner, name, instead) {
  const found = owner && getOwnPropertyDescriptor(owner, name);
  if (found?.set) put(owner, name, found, { set: veil(found.set, { apply: instead }) });
  return !!found?.set;
}

/**
 * A property's getter.
 * @param {any} owner
 * @param {string} name
 * @param {Instead} instead
 */
export function getter(owner, name, instead) {
  const found = owner && getOwnPropertyDescriptor(owner, name);
  if (found?.get) put(owner, name, found, { get: veil(found.get, { apply: instead }) });
}

/**
 * A constructor; `class … extends` and `instanceof` go on working.
 * @param {any} realm
 * @param {string} name
 * @param {Making} instead
 */
export function maker(realm, name, instead) {
  const found = getOwnPropertyDescriptor(realm, name);
  if (typeof found?.value !== 'function') return;
  const value = veil(found.value, { construct: instead });
  put(realm, name, found, { value });
  const { prototype } = found.value;
  const link = getOwnPropertyDescriptor(prototype, 'constructor');
  if (link && link.value === found.value) put(prototype, 'constructor', link, { value });
}

/**
 * Lets wrapped functions give the text of the browser's own.
 * @param {any} realm
 */
export function texts(realm) {
  method(realm.Function.prototype, 'toString', (original, self) => apply(original, noted(originals, self) ?? self, []));
}
