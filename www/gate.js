// The gate's wrappers around what a page's scripts can make requests with. They exist in JavaScript
// because a page calls them as JavaScript; each asks the module about the address and does nothing
// else. What they call is saved when this file runs, before any later script can change it: no
// method is looked up on a value later, no iterator is used, and what a page passes in is turned
// into text once.

/**
 * Whether a request may leave: its whole address, and the way it would take.
 * @typedef {(address: string, way: string) => boolean} Permits
 */

const { apply, defineProperty, getOwnPropertyDescriptor } = Reflect;
const { URL, TypeError, Event, Promise, Proxy, setTimeout, fetch, console } = window;
const { getAttribute, removeAttribute } = Element.prototype;
const { dispatchEvent } = EventTarget.prototype;
const { toLowerCase } = String.prototype;
const selectIn = { 1: Element.prototype.querySelectorAll, 11: DocumentFragment.prototype.querySelectorAll };
/** Not in every browser, nor in TypeScript's library. @type {any} */
const trustedTypes = Reflect.get(window, 'trustedTypes');
const isTrustedAddress = trustedTypes?.isScriptURL;

/**
 * The getter of a property.
 * @param {object} owner
 * @param {string} name
 */
const getter = (owner, name) => /** @type {() => any} */ (getOwnPropertyDescriptor(owner, name)?.get);
const baseOf = getter(Node.prototype, 'baseURI');
const firstChildOf = getter(Node.prototype, 'firstChild');
const isConnectedOf = getter(Node.prototype, 'isConnected');
const nodeTypeOf = getter(Node.prototype, 'nodeType');
const localNameOf = getter(Element.prototype, 'localName');
const hrefOf = getter(URL.prototype, 'href');
const urlOfRequest = getter(Request.prototype, 'url');
const attributeName = getter(Attr.prototype, 'name');
const attributeValue = getter(Attr.prototype, 'value');
const ownerOf = getter(Attr.prototype, 'ownerElement');

/** An address that no request reaches: what is sent there fails as a lost network does. */
const NOWHERE = 'blob:';

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
 * What a getter gives, or undefined on an object that it is not for.
 * @param {() => any} get
 * @param {unknown} object
 */
function read(get, object) {
  try {
    return apply(get, object, []);
  } catch {
    return undefined;
  }
}

/**
 * What a page passed in, as a text that stays the same; Trusted Types stay what they are.
 * @param {any} value
 */
function settled(value) {
  const keep = typeof value === 'string' || (isTrustedAddress && apply(isTrustedAddress, trustedTypes, [value]));
  return keep ? value : `${value}`;
}

/**
 * @param {string} value an address, as a page may write it
 * @param {string} way
 */
function denied(value, way) {
  if (!permits) return false;
  let address;
  try {
    address = apply(hrefOf, new URL(value, apply(baseOf, document, [])), []);
  } catch {
    return false; // The browser refuses it, too.
  }
  try {
    return !permits(address, way);
  } catch (error) {
    // The module has failed. What cannot be asked about does not leave.
    console.error('nosale: the module has failed; requests from scripts are held', error);
    return true;
  }
}

/**
 * Whether an element may not have this value in this attribute; then it fails as the network would.
 * @param {unknown} element
 * @param {string} name in lower case
 * @param {string} value
 */
function deniedSource(element, name, value) {
  if (!permits || !isSource(name)) return false;
  const tag = read(localNameOf, element);
  if (name === 'href' || name === 'xlink:href') {
    // Of SVG's script; of a link or an anchor it is another matter.
    if (tag !== 'script' || !denied(value, tag)) return false;
    fail(/** @type {Element} */ (element));
    return true;
  }
  if (tag !== 'img' && (name === 'srcset' || (tag !== 'script' && tag !== 'iframe'))) return false;
  if (!(name === 'src' ? denied(value, tag) : deniedSet(value, tag))) return false;
  fail(/** @type {Element} */ (element));
  return true;
}

/**
 * Whether an attribute can make an element ask for something.
 * @param {string} name in lower case
 */
function isSource(name) {
  return name === 'src' || name === 'srcset' || name === 'href' || name === 'xlink:href';
}

/**
 * Whether any address of a srcset is denied. It may be cut too often, as in a data: address; the
 * pieces are then addresses of the page's own.
 * @param {string} set
 * @param {string} way
 */
function deniedSet(set, way) {
  set = `${set}`;
  let address = '';
  let whole = false;
  for (let place = 0; place <= set.length; place++) {
    const letter = place < set.length ? set[place] : ',';
    const blank = letter === ' ' || letter === '\t' || letter === '\n' || letter === '\r' || letter === '\f';
    if (letter === ',') {
      if (address && denied(address, way)) return true;
      address = '';
      whole = false;
    } else if (blank) {
      whole = address !== '';
    } else if (!whole) {
      address += letter;
    }
  }
  return false;
}

/**
 * What the browser does for a request that fails.
 * @param {EventTarget} target
 */
function fail(target) {
  setTimeout(() => apply(dispatchEvent, target, [new Event('error')]));
}

/**
 * Takes denied addresses off scripts and frames that are about to be inserted.
 * @param {unknown} node
 */
function strip(node) {
  if (!permits) return;
  const type = read(nodeTypeOf, node);
  if ((type !== 1 && type !== 11) || apply(isConnectedOf, node, [])) return;
  if (type === 1) stripOne(/** @type {Element} */ (node));
  if (!apply(firstChildOf, node, [])) return;
  const inside = apply(selectIn[/** @type {1 | 11} */ (type)], node, ['script,iframe[src]']);
  for (let place = 0; inside[place]; place++) stripOne(inside[place]);
}

/** @param {Element} element */
function stripOne(element) {
  const tag = read(localNameOf, element);
  if (tag !== 'script' && tag !== 'iframe') return;
  for (let place = 0; place < 3; place++) {
    const name = place === 0 ? 'src' : place === 1 ? 'href' : 'xlink:href';
    const value = apply(getAttribute, element, [name]);
    if (value && deniedSource(element, name, value)) apply(removeAttribute, element, [name]);
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
  defineProperty(owner, name, /** @type {PropertyDescriptor} */ ({ __proto__: null, ...found, value }));
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
    apply(original, self, values) {
      const value = settled(values[0]);
      if (!deniedSource(self, name, value)) apply(original, self, [value]);
    },
  });
  defineProperty(owner, name, /** @type {PropertyDescriptor} */ ({ __proto__: null, ...found, set }));
}

/**
 * Puts a function in place of a setter through which an attribute node gets its value.
 * @param {any} owner
 * @param {string} name
 */
function attributeSetter(owner, name) {
  const found = getOwnPropertyDescriptor(owner, name);
  if (!found?.set) return;
  const set = new Proxy(found.set, {
    apply(original, self, values) {
      const element = read(ownerOf, self);
      if (!element) return apply(original, self, values);
      const value = settled(values[0]);
      if (!deniedSource(element, apply(attributeName, self, []), value)) apply(original, self, [value]);
    },
  });
  defineProperty(owner, name, /** @type {PropertyDescriptor} */ ({ __proto__: null, ...found, set }));
}

/**
 * Puts functions in place of methods that insert nodes.
 * @param {any} owner
 * @param {string[]} names
 */
function inserting(owner, names) {
  for (let place = 0; place < names.length; place++) {
    method(owner, names[place], (original, self, values) => {
      for (let at = 0; at < values.length; at++) strip(values[at]);
      return apply(original, self, values);
    });
  }
}

function wrap() {
  setter(HTMLScriptElement.prototype, 'src');
  setter(HTMLIFrameElement.prototype, 'src');
  setter(HTMLImageElement.prototype, 'src');
  setter(HTMLImageElement.prototype, 'srcset');

  method(Element.prototype, 'setAttribute', (original, self, values) => {
    if (values.length < 2) return apply(original, self, values);
    const name = `${values[0]}`;
    const lower = apply(toLowerCase, name, []);
    const value = isSource(lower) ? settled(values[1]) : values[1];
    if (!deniedSource(self, lower, value)) apply(original, self, [name, value]);
  });
  method(Element.prototype, 'setAttributeNS', (original, self, values) => {
    if (values.length < 3) return apply(original, self, values);
    const name = `${values[1]}`;
    const source = isSource(name) || name === 'xlink:href';
    const value = source ? settled(values[2]) : values[2];
    if (!deniedSource(self, name, value)) apply(original, self, [values[0], name, value]);
  });
  const setNode = (/** @type {Function} */ original, /** @type {any} */ self, /** @type {any[]} */ values) =>
    deniedSource(self, read(attributeName, values[0]), read(attributeValue, values[0]))
      ? null
      : apply(original, self, values);
  method(Element.prototype, 'setAttributeNode', setNode);
  method(Element.prototype, 'setAttributeNodeNS', setNode);
  const ownerOfMap = new WeakMap();
  const setOwner = WeakMap.prototype.set;
  const getOwner = WeakMap.prototype.get;
  const attributes = getOwnPropertyDescriptor(Element.prototype, 'attributes');
  if (attributes?.get) {
    const get = new Proxy(attributes.get, {
      apply(original, self) {
        const map = apply(original, self, []);
        apply(setOwner, ownerOfMap, [map, self]);
        return map;
      },
    });
    defineProperty(Element.prototype, 'attributes', /** @type {PropertyDescriptor} */ ({ __proto__: null, ...attributes, get }));
  }
  for (let place = 0; place < 2; place++) {
    method(NamedNodeMap.prototype, place ? 'setNamedItemNS' : 'setNamedItem', (original, self, values) => {
      const owner = apply(getOwner, ownerOfMap, [self]);
      return deniedSource(owner, read(attributeName, values[0]), read(attributeValue, values[0]))
        ? null
        : apply(original, self, values);
    });
  }
  attributeSetter(Attr.prototype, 'value');
  attributeSetter(Node.prototype, 'nodeValue');
  attributeSetter(Node.prototype, 'textContent');

  inserting(Node.prototype, ['appendChild', 'insertBefore', 'replaceChild']);
  inserting(Element.prototype, [
    'append',
    'prepend',
    'before',
    'after',
    'replaceWith',
    'replaceChildren',
    'insertAdjacentElement',
  ]);
  inserting(CharacterData.prototype, ['before', 'after', 'replaceWith']);
  inserting(Range.prototype, ['insertNode', 'surroundContents']);
  inserting(DocumentFragment.prototype, ['append', 'prepend', 'replaceChildren']);
  inserting(Document.prototype, ['append', 'prepend', 'replaceChildren']);

  method(window, 'fetch', (original, self, values) => {
    if (values.length === 0) return apply(original, self, values);
    const requested = read(urlOfRequest, values[0]);
    let target = values[0];
    try {
      if (requested === undefined) target = settled(target);
    } catch (error) {
      return Promise.reject(error);
    }
    if (denied(requested ?? target, 'fetch')) return Promise.reject(new TypeError('Failed to fetch'));
    return apply(original, self, [target, values[1]]);
  });

  method(XMLHttpRequest.prototype, 'open', (original, self, values) => {
    if (values.length < 2) return apply(original, self, values);
    const target = settled(values[1]);
    const address = denied(target, 'xhr') ? NOWHERE : target;
    if (values.length < 3) return apply(original, self, [values[0], address]);
    return apply(original, self, [values[0], address, values[2], values[3], values[4]]);
  });

  method(Navigator.prototype, 'sendBeacon', (original, self, values) => {
    if (values.length === 0) return apply(original, self, values);
    const target = settled(values[0]);
    return denied(target, 'beacon') ? false : apply(original, self, [target, values[1]]);
  });
}
