// Puts functions in place of the browser's own. A proxy keeps a function's name, length, prototype
// and identity with itself; its text is the original's, and nothing of it leads back there.

import {
  Proxy,
  apply,
  defineProperty,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  note,
  noted,
  setPrototypeOf,
} from './saved.js';

/** @type {WeakMap<object, Function>} */
const originals = new WeakMap();
/** The names of functions that have no original. @type {WeakMap<object, string>} */
const named = new WeakMap();

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
 * Gives a function that is not a proxy what it must have of the original.
 * @param {any} made
 * @param {Function} original
 */
function like(made, original) {
  setPrototypeOf(made, getPrototypeOf(original));
  note(originals, made, original);
  return made;
}

/**
 * A property's setter. Browsers are slow at proxies there; a setter of our own has the same name,
 * length and keys.
 * @param {any} owner
 * @param {string} name
 * @param {Instead} instead
 */
export function setter(owner, name, instead) {
  const found = owner && getOwnPropertyDescriptor(owner, name);
  const original = found?.set;
  if (!original) return false;
  const made = {
    set [name](/** @type {unknown} */ value) {
      instead(original, this, [value]);
    },
  };
  put(owner, name, found, { set: like(getOwnPropertyDescriptor(made, name)?.set, original) });
  return true;
}

/**
 * A property's getter.
 * @param {any} owner
 * @param {string} name
 * @param {Instead} instead
 */
export function getter(owner, name, instead) {
  const found = owner && getOwnPropertyDescriptor(owner, name);
  const original = found?.get;
  if (!original) return;
  const made = {
    /** @returns {unknown} */
    get [name]() {
      return instead(original, this, []);
    },
  };
  put(owner, name, found, { get: like(getOwnPropertyDescriptor(made, name)?.get, original) });
}

/**
 * A property that the browser does not have in that place.
 * @param {any} owner
 * @param {string} name
 * @param {object} made with its getter and setter
 */
export function added(owner, name, made) {
  const found = /** @type {PropertyDescriptor} */ (getOwnPropertyDescriptor(made, name));
  note(named, /** @type {object} */ (found.get), `get ${name}`);
  note(named, /** @type {object} */ (found.set), `set ${name}`);
  put(owner, name, found, {});
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
  method(realm.Function.prototype, 'toString', (original, self) => {
    const name = noted(named, self);
    return name ? `function ${name}() { [native code] }` : apply(original, noted(originals, self) ?? self, []);
  });
}
