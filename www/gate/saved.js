// What the gate calls, saved when this file runs, before any later script can change it: no method
// is looked up on a value later, and no iterator is used.

export const { apply, construct, defineProperty, getOwnPropertyDescriptor, getPrototypeOf, setPrototypeOf } = Reflect;
export const { URL, Event, Proxy, Map, AbortController, setTimeout, console, fetch, parseInt, WeakRef } = window;
export const { Blob, XMLHttpRequest, atob, btoa, decodeURIComponent, encodeURIComponent } = window;
export const { createObjectURL, revokeObjectURL } = URL;
export const { open: openRequest, send: sendRequest } = XMLHttpRequest.prototype;
export const { stringify } = JSON;
export const { from: listFrom } = Array;
export const { isView } = ArrayBuffer;

export const { abort } = AbortController.prototype;
export const { getAttribute, setAttribute, setAttributeNode, removeAttribute, removeAttributeNode, hasAttributes } = Element.prototype;
export const { querySelector, querySelectorAll, matches, attachShadow, append, before, after, prepend, replaceWith, remove } = Element.prototype;
export const replaceChildren = { 1: Element.prototype.replaceChildren, 11: DocumentFragment.prototype.replaceChildren };
export const { addEventListener, dispatchEvent } = EventTarget.prototype;
export const { composedPath, preventDefault } = Event.prototype;
export const { toLowerCase, toUpperCase, slice, indexOf, trim } = String.prototype;
export const { fromCodePoint } = String;
export const { getPropertyValue, setProperty } = CSSStyleDeclaration.prototype;
export const { exec } = RegExp.prototype;
export const { get: getKey, has: hasKey, set: setKey, delete: deleteKey, clear: clearKeys } = Map.prototype;
/** Not in older browsers. */
export const deref = WeakRef?.prototype.deref;
const { get: weakGet, set: weakSet } = WeakMap.prototype;
/** Not in every browser, nor in TypeScript's library. @type {any} */
const trustedTypes = Reflect.get(window, 'trustedTypes');
const isTrustedAddress = trustedTypes?.isScriptURL;
const isTrustedMarkup = trustedTypes?.isHTML;

/**
 * The getter of a property.
 * @param {object} owner
 * @param {string} name
 */
const getter = (owner, name) => /** @type {() => any} */ (getOwnPropertyDescriptor(owner, name)?.get);
/**
 * The same of an interface that not every browser has.
 * @param {string} owner
 * @param {string} name
 */
function getterOf(owner, name) {
  const found = Reflect.get(window, owner);
  return found ? getter(found.prototype, name) : () => undefined;
}
export const baseOf = getter(Node.prototype, 'baseURI');
export const firstChildOf = getter(Node.prototype, 'firstChild');
export const nextSiblingOf = getter(Node.prototype, 'nextSibling');
export const parentOf = getter(Node.prototype, 'parentNode');
export const documentOf = getter(Node.prototype, 'ownerDocument');
export const isConnectedOf = getter(Node.prototype, 'isConnected');
export const nodeNameOf = getter(Node.prototype, 'nodeName');
export const nodeTypeOf = getter(Node.prototype, 'nodeType');
export const localNameOf = getter(Element.prototype, 'localName');
export const namespaceOf = getter(Element.prototype, 'namespaceURI');
export const shadowOf = getter(Element.prototype, 'shadowRoot');
export const attributesOf = getter(Element.prototype, 'attributes');
export const lengthOf = getter(NamedNodeMap.prototype, 'length');
export const contentOf = getter(HTMLTemplateElement.prototype, 'content');
export const cssTextOf = getter(CSSStyleDeclaration.prototype, 'cssText');
export const sizeOf = getter(ArrayBuffer.prototype, 'byteLength');
export const typeOf = getter(Blob.prototype, 'type');
export const responseOf = getter(XMLHttpRequest.prototype, 'responseText');
export const targetOf = getter(Event.prototype, 'target');
export const targetOfBase = getter(HTMLBaseElement.prototype, 'target');
export const submitterOf = getterOf('SubmitEvent', 'submitter');
export const destinationOf = getterOf('NavigateEvent', 'destination');
export const destinationUrl = getterOf('NavigationDestination', 'url');
export const hrefOf = getter(URL.prototype, 'href');
export const signalOf = getter(AbortController.prototype, 'signal');
export const eventType = getter(Event.prototype, 'type');
export const urlOfRequest = getter(Request.prototype, 'url');
export const attributeName = getter(Attr.prototype, 'localName');
export const attributeValue = getter(Attr.prototype, 'value');
export const ownerOf = getter(Attr.prototype, 'ownerElement');
export const dataOf = getter(CharacterData.prototype, 'data');
export const elementOf = getter(Document.prototype, 'documentElement');
export const headOf = getter(Document.prototype, 'head');
export const viewOf = getter(Document.prototype, 'defaultView');
export const frameOf = getter(HTMLIFrameElement.prototype, 'contentWindow');
export const hostOf = getter(ShadowRoot.prototype, 'host');
/** @type {Record<number, () => any>} */
export const firstElementOf = {
  1: getter(Element.prototype, 'firstElementChild'),
  11: getter(DocumentFragment.prototype, 'firstElementChild'),
};
export const framesOf = getter(window, 'length');
export const setText = /** @type {Function} */ (getOwnPropertyDescriptor(CharacterData.prototype, 'data')?.set);
export const setValue = /** @type {Function} */ (getOwnPropertyDescriptor(Attr.prototype, 'value')?.set);
export const setMarkup = /** @type {Function} */ (getOwnPropertyDescriptor(Element.prototype, 'innerHTML')?.set);
export const markupOf = getter(Element.prototype, 'innerHTML');
export const setContent = /** @type {Function} */ (getOwnPropertyDescriptor(Node.prototype, 'textContent')?.set);
export const { querySelectorAll: selectInDocument } = Document.prototype;
export const { createElement, createDocumentFragment, importNode, adoptNode, createRange } = Document.prototype;
export const { setStart } = Range.prototype;
export const startOf = getter(Range.prototype, 'startContainer');
export const { querySelector: findInFragment, querySelectorAll: selectInFragment } = DocumentFragment.prototype;
export const { appendChild, normalize } = Node.prototype;
export const { upgrade } = CustomElementRegistry.prototype;
export const { customElements } = window;

/** A document in which nothing loads and no script runs. */
export const apart = document.implementation.createHTMLDocument('');

/**
 * What was noted of an object.
 * @template Value
 * @param {WeakMap<any, Value>} notes
 * @param {unknown} object
 * @returns {Value | undefined}
 */
export const noted = (notes, object) => apply(weakGet, notes, [object]);

/**
 * @template Value
 * @param {WeakMap<any, Value>} notes
 * @param {object} object
 * @param {Value} value
 */
export function note(notes, object, value) {
  // A method may have been called on anything.
  if ((typeof object === 'object' && object) || typeof object === 'function') apply(weakSet, notes, [object, value]);
}

/**
 * What a getter gives, or undefined on an object that it is not for.
 * @param {() => any} get
 * @param {unknown} object
 */
export function read(get, object) {
  if (!object) return undefined;
  try {
    return apply(get, object, []);
  } catch {
    return undefined;
  }
}

/**
 * Whether a value is markup that a policy of the page's has vouched for.
 * @param {unknown} value
 */
export const isTrusted = (value) => !!isTrustedMarkup && apply(isTrustedMarkup, trustedTypes, [value]);

const isTrustedScript = trustedTypes?.isScript;
const trustedTexts = ['ScriptURL', 'HTML', 'Script'].map((name) => Reflect.get(window, `Trusted${name}`)?.prototype.toString);

/**
 * What the browser reads of a value; of one that a policy has vouched for, whatever its own `toString` says.
 * @param {any} value
 * @returns {string}
 */
export function worded(value) {
  if (typeof value === 'object' && value && trustedTypes) {
    if (apply(isTrustedAddress, trustedTypes, [value])) return apply(trustedTexts[0], value, []);
    if (isTrusted(value)) return apply(trustedTexts[1], value, []);
    if (apply(isTrustedScript, trustedTypes, [value])) return apply(trustedTexts[2], value, []);
  }
  return `${value}`;
}

/**
 * What a page passed in, as a text that stays the same; Trusted Types stay what they are.
 * @param {any} value
 */
export function settled(value) {
  const keep =
    typeof value === 'string' ||
    (isTrustedAddress &&
      (apply(isTrustedAddress, trustedTypes, [value]) || apply(isTrustedScript, trustedTypes, [value]))) ||
    isTrusted(value);
  return keep ? value : `${value}`;
}

/**
 * A text with some of what a pattern finds in it changed.
 * @param {string} text
 * @param {RegExp} pattern global
 * @param {(found: RegExpExecArray) => string | undefined} change undefined leaves it as it is
 */
export function edit(text, pattern, change) {
  let made = '';
  let from = 0;
  let at = 0;
  for (;;) {
    // A change may ask the page, which may come here again.
    pattern.lastIndex = at;
    const found = /** @type {RegExpExecArray | null} */ (apply(exec, pattern, [text]));
    if (!found) break;
    at = pattern.lastIndex + (found[0] ? 0 : 1);
    const other = change(found);
    if (other === undefined) continue;
    made += apply(slice, text, [from, found.index]) + other;
    from = found.index + found[0].length;
  }
  return from ? made + apply(slice, text, [from]) : text;
}

/**
 * Does something with each part of a list. Not by a pattern, which takes longer the first times.
 * @param {string} list
 * @param {(part: string) => unknown} act
 * @param {string} [between]
 */
export function each(list, act, between = ' ') {
  for (let from = 0, to = 0; to < list.length; from = to + 1) {
    to = apply(indexOf, list, [between, from]);
    if (to < 0) to = list.length;
    act(apply(slice, list, [from, to]));
  }
}

/**
 * Hears of an event first.
 * @param {any} target
 * @param {string} name
 * @param {(event: any) => void} act
 */
export const listen = (target, name, act) => apply(addEventListener, target, [name, act, true]);

/**
 * Whether a pattern finds anything.
 * @param {RegExp} pattern not global
 * @param {string} text
 */
export const finds = (pattern, text) => apply(exec, pattern, [text]) !== null;
