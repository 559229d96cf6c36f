// The gate's wrappers around what a page's scripts can make requests with. They exist in JavaScript
// because a page calls them as JavaScript; each asks the module about the address and does nothing
// else. What they call is saved when this file runs, before any later script can change it.

/**
 * Whether a request may leave: its whole address, and the way it would take.
 * @typedef {(address: string, way: string) => boolean} Permits
 */

const { apply, defineProperty, getOwnPropertyDescriptor } = Reflect;
const { URL, Request, TypeError, DOMException, Event, ProgressEvent, Promise, Proxy, setTimeout, fetch } = window;
const baseOf = /** @type {() => string} */ (getOwnPropertyDescriptor(Node.prototype, 'baseURI')?.get);
const addressOf = /** @type {() => string} */ (getOwnPropertyDescriptor(Request.prototype, 'url')?.get);
const { getAttribute, removeAttribute, querySelectorAll } = Element.prototype;
const { dispatchEvent } = EventTarget.prototype;

/** @type {Permits | null} Without it, everything passes. */
let permits = null;
let wrapped = false;

/**
 * Raises the gate: from here on each request is asked about.
 * @param {Permits} ask
 */
export function raise(ask) {
  permits = ask;
  if (!wrapped) {
    wrapped = true;
    wrap();
  }
}

/** Lowers it: the wrappers stay, and let everything pass. */
export function lower() {
  permits = null;
}

/**
 * `fetch` as it was before any wrapper, for reports.
 * @param {string} url
 * @param {RequestInit} options
 */
export function send(url, options) {
  return apply(fetch, window, [url, options]);
}

/**
 * @param {unknown} value an address, as a page may write it
 * @param {string} way
 */
function denied(value, way) {
  if (!permits) return false;
  let address;
  try {
    address = new URL(/** @type {string} */ (value), apply(baseOf, document, []));
  } catch {
    return false; // The browser will refuse it, too.
  }
  if (!/^(http|ws)s?:$/.test(address.protocol)) return false;
  try {
    return !permits(address.href, way);
  } catch (error) {
    // The module has failed. What cannot be asked about does not leave.
    console.error('nosale: the module has failed; requests from scripts are held', error);
    return true;
  }
}

/** The elements that reach a third party by an attribute, and those attributes. @type {Record<string, string[]>} */
const SOURCES = { script: ['src'], iframe: ['src'], img: ['src', 'srcset'] };

/**
 * @param {unknown} element
 * @param {string} name an attribute, in lower case
 * @param {unknown} value
 */
function deniedSource(element, name, value) {
  if (!permits || !(element instanceof Element) || !SOURCES[element.localName]?.includes(name)) return false;
  const addresses = name === 'srcset' ? String(value).split(',').map((part) => part.trim().split(/\s/)[0]) : [value];
  if (!addresses.some((address) => denied(address, element.localName))) return false;
  fail(element);
  return true;
}

/**
 * What the browser does for a request that fails.
 * @param {EventTarget} target
 */
function fail(target) {
  setTimeout(() => apply(dispatchEvent, target, [new Event('error')]));
}

/**
 * Takes the address off a script or frame that is about to be inserted, and off those inside it.
 * @param {unknown} node
 */
function strip(node) {
  if (!permits || !(node instanceof Element || node instanceof DocumentFragment)) return;
  const inside = node.firstElementChild ? apply(querySelectorAll, node, ['script[src],iframe[src]']) : [];
  for (const element of [node, ...inside]) {
    if (!(element instanceof Element) || !SOURCES[element.localName] || element.isConnected) continue;
    for (const name of SOURCES[element.localName]) {
      const value = apply(getAttribute, element, [name]);
      if (value && deniedSource(element, name, value)) apply(removeAttribute, element, [name]);
    }
  }
}

/**
 * Puts a function in place of a method. A proxy keeps the method's name, length and text.
 * @param {any} owner
 * @param {string} name
 * @param {(original: Function, self: any, values: any[]) => unknown} instead
 */
function method(owner, name, instead) {
  const found = getOwnPropertyDescriptor(owner, name);
  if (typeof found?.value !== 'function') return;
  const value = new Proxy(found.value, { apply: (original, self, values) => instead(original, self, values) });
  defineProperty(owner, name, { ...found, value });
}

/**
 * Puts a function in place of a property's setter.
 * @param {any} owner
 * @param {string} name
 */
function setter(owner, name) {
  const found = getOwnPropertyDescriptor(owner, name);
  if (!found?.set) return;
  const set = new Proxy(found.set, {
    apply: (original, self, [value]) => (deniedSource(self, name, value) ? undefined : apply(original, self, [value])),
  });
  defineProperty(owner, name, { ...found, set });
}

function wrap() {
  setter(HTMLScriptElement.prototype, 'src');
  setter(HTMLIFrameElement.prototype, 'src');
  setter(HTMLImageElement.prototype, 'src');
  setter(HTMLImageElement.prototype, 'srcset');

  method(Element.prototype, 'setAttribute', (original, self, values) =>
    deniedSource(self, String(values[0]).toLowerCase(), values[1]) ? undefined : apply(original, self, values),
  );
  method(Element.prototype, 'setAttributeNS', (original, self, values) =>
    deniedSource(self, String(values[1]), values[2]) ? undefined : apply(original, self, values),
  );
  for (const name of ['setAttributeNode', 'setAttributeNodeNS']) {
    method(Element.prototype, name, (original, self, values) =>
      deniedSource(self, values[0]?.name, values[0]?.value) ? null : apply(original, self, values),
    );
  }

  const inserting = {
    Node: ['appendChild', 'insertBefore', 'replaceChild'],
    Element: ['append', 'prepend', 'before', 'after', 'replaceWith', 'replaceChildren', 'insertAdjacentElement'],
    DocumentFragment: ['append', 'prepend', 'replaceChildren'],
    Document: ['append', 'prepend', 'replaceChildren'],
  };
  for (const [owner, names] of Object.entries(inserting)) {
    for (const name of names) {
      method(/** @type {any} */ (window)[owner].prototype, name, (original, self, values) => {
        values.forEach(strip);
        return apply(original, self, values);
      });
    }
  }

  method(window, 'fetch', (original, self, values) => {
    const address = values[0] instanceof Request ? apply(addressOf, values[0], []) : values[0];
    if (denied(address, 'fetch')) return Promise.reject(new TypeError('Failed to fetch'));
    return apply(original, self, values);
  });

  /** Requests that were opened to a denied address, and whether they are asynchronous. @type {WeakMap<XMLHttpRequest, boolean>} */
  const held = new WeakMap();
  method(XMLHttpRequest.prototype, 'open', (original, self, values) => {
    const result = apply(original, self, values);
    held.delete(self);
    if (denied(values[1], 'xhr')) held.set(self, values.length < 3 || Boolean(values[2]));
    return result;
  });
  method(XMLHttpRequest.prototype, 'send', (original, self, values) => {
    const asynchronous = held.get(self);
    if (asynchronous === undefined) return apply(original, self, values);
    if (!asynchronous) throw new DOMException('The request failed', 'NetworkError');
    setTimeout(() => {
      for (const name of ['error', 'loadend']) apply(dispatchEvent, self, [new ProgressEvent(name)]);
    });
  });

  method(Navigator.prototype, 'sendBeacon', (original, self, values) =>
    denied(values[0], 'beacon') ? false : apply(original, self, values),
  );
}
