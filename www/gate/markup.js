// What of an element makes a request, and how it is kept from that. Nothing is ever written out and
// read again: what a page wrote stays as it is, without the denied addresses.

import { denied, deniedAny, isUp } from './ask.js';
import { madeBy, textOf, normal } from './blobs.js';
import { sheet, styled } from './css.js';
import { arrive, keep } from './held.js';
import {
  apply,
  attributeName,
  attributesOf,
  attributeValue,
  contentOf,
  decodeURIComponent,
  dispatchEvent,
  documentOf,
  edit,
  exec,
  Event,
  findInFragment,
  finds,
  firstChildOf,
  fromCodePoint,
  firstElementOf,
  getAttribute,
  hasAttributes,
  isConnectedOf,
  lengthOf,
  localNameOf,
  matches,
  nextSiblingOf,
  parentOf,
  parseInt,
  nodeNameOf,
  normalize,
  nodeTypeOf,
  note,
  noted,
  querySelector,
  querySelectorAll,
  read,
  removeAttribute,
  removeAttributeNode,
  selectInFragment,
  setAttribute,
  setAttributeNode,
  setText,
  setTimeout,
  setValue,
  shadowOf,
  dataOf,
  toLowerCase,
  worded,
} from './saved.js';
import { INSERTED, LOADING, MOVED, isCalm, isSource, kindOf } from './table.js';
import { NOWHERE } from './workers.js';
import { mustStop, written } from './written.js';

/** Whether there may be elements that are older than what is denied now. */
let late = false;

/** From here on, single elements that are inserted are looked at. */
export function age() {
  late = true;
}

const REFRESH = /^\s*\d[^;,]*[;,]\s*(?:url\s*=\s*)?["']?([^"']*)/i;
const FRAMES = /^(?:i?frame|object|embed)$/;
const CARRIES = /^(?:javascript:([^]*)|data:[^,]*(?:html|xml)|blob:)/i;
const DOCUMENTS = /html|xml/i;

/**
 * Whether an address is itself a document, or a script that makes one, that names what is denied.
 * @param {any} address
 */
function namesDenied(address) {
  const found = /** @type {RegExpExecArray | null} */ (apply(exec, CARRIES, [(address = normal(address))]));
  if (!found) return false;
  try {
    return mustStop(found[1] ? decodeURIComponent(found[1]) : textOf(madeBy(address), DOCUMENTS));
  } catch {
    return false;
  }
}

/**
 * Whether an address is itself a module that imports what is denied.
 * @param {any} address
 * @param {unknown} node
 */
function namesModule(address, node) {
  const text = textOf(madeBy(address));
  return imported(text, node) !== text;
}

/**
 * What an element of that tag may have in an attribute: the value, the value without denied
 * addresses, or null if nothing of it.
 * @param {string} tag
 * @param {string} name in lower case
 * @param {any} value
 * @param {unknown} node what addresses are resolved against
 */
export function judged(tag, name, value, node) {
  const kind = kindOf(tag, name);
  if (!kind || kind === 7) return value;
  if (kind === 4) return styled(worded(value), node);
  if ((tag === 'set' || tag === 'animate') && styled(worded(value), node) !== worded(value)) return null;
  if (kind === 5) return written(value);
  if (kind === 6) return denied(/** @type {any} */ (apply(exec, REFRESH, [worded(value)]))?.[1] ?? '', tag, node) ? null : value;
  if (kind === 1 && finds(FRAMES, tag) && namesDenied(value)) return null;
  if (tag === 'script' && kind === 1 && isModule(node) && namesModule(value, node)) return null;
  if (tag === 'link' && kind === 1 && madeBy(value)) return sheet(value, node);
  return (kind === 1 ? denied(value, tag, node) : deniedAny(value, tag, node, kind === 3)) ? null : value;
}

/**
 * The same for an element that asks now; if it may not, it fails as the network would.
 * @param {unknown} element
 * @param {string} name in lower case
 * @param {any} value
 */
export function admitted(element, name, value) {
  if (!isUp() || !isSource(name)) return value;
  const tag = read(localNameOf, element);
  if (tag === 'link') relate(element, name);
  let other = judged(tag, name, value, element);
  // Without an address a player would wait, and so would those who play it.
  if (other === null && name === 'src' && finds(PLAYERS, tag)) other = NOWHERE;
  if (other !== value) keep(element, tag, name, value, other);
  if (other === null) fail(element, tag);
  return other;
}

/**
 * A link that is made another may ask for what it has not asked for: also one of the page's markup.
 * @param {unknown} element
 * @param {string} name of the attribute that is set
 */
export function relate(element, name) {
  // One that is not in the document is judged when it gets there.
  if (!isUp() || kindOf('link', name) !== 7 || !read(isConnectedOf, element)) return;
  const address = apply(getAttribute, element, ['href']);
  if (address !== null && admitted(element, 'href', address) === null) apply(removeAttribute, element, ['href']);
}

const PLAYERS = /^(?:video|audio)$/;
/** What asks for nothing before it is in a document. */
const PATIENT = /^(?:script|link)$/;
/** What has failed, and is not in a document yet. @type {WeakMap<object, boolean>} */
const failed = new WeakMap();
/** What the browser says nothing about when it does not come. */
const SILENT = /^(?:a|area|iframe|frame|body|t.*|set|animate)$/;

/**
 * What the browser does for a request that fails.
 * @param {any} target
 * @param {string} tag
 */
export function fail(target, tag) {
  if (finds(SILENT, tag)) return;
  setTimeout(() => {
    const early = finds(PATIENT, tag) && !apply(isConnectedOf, target, []);
    note(failed, target, early);
    if (!early) apply(dispatchEvent, target, [new Event('error')]);
  });
}

/**
 * Takes denied addresses off what is about to be inserted. Says whether it may bring a frame.
 * @param {any} node
 * @param {unknown} [place] where to
 * @param {boolean} [inside] into it, not beside it
 */
export function strip(node, place, inside) {
  const name = isUp() && read(nodeNameOf, node);
  if (!name) return false;
  const calm = isCalm(name);
  const type = calm ? 1 : apply(nodeTypeOf, node, []);
  if (type === 3 || type === 11) {
    const parent = inside ? place : read(parentOf, place);
    const tag = read(localNameOf, parent);
    if (tag === 'style' || tag === 'script') {
      // What stands together in a fragment comes together.
      if (type === 11) apply(normalize, node, []);
      for (let text = type === 3 ? node : apply(firstChildOf, node, []); text; text = type === 3 ? null : apply(nextSiblingOf, text, []))
        stripText(text, parent, tag);
    }
  }
  if (type !== 1 && type !== 11) return false;
  // What is of this document was made under the wrappers, and what is in it has asked already.
  let known = apply(documentOf, node, []) === document;
  const full = apply(firstElementOf[type], node, []) !== null;
  if (known && late && !full && type === 1 && apply(matches, node, [LOADING])) known = false;
  if (known) {
    const brings = !calm || (full && apply(type === 1 ? querySelector : findInFragment, node, [INSERTED]));
    if (!brings) return false;
  }
  // A script that was not one, or a link that asked for nothing, may ask now.
  const which = !known ? LOADING : apply(isConnectedOf, node, []) ? MOVED : INSERTED;
  if (type === 1 && (!known || apply(matches, node, [which]))) stripOne(node);
  if (full || !known) stripTree(node, which, !known);
  return true;
}

/**
 * Takes denied addresses off everything in a node. Says whether there were any.
 * @param {any} node an element or a fragment
 * @param {string} which
 * @param {boolean} [shadows] into shadow roots, and templates that become such, too
 */
export function stripTree(node, which, shadows) {
  let any = false;
  const select = read(nodeTypeOf, node) === 1 ? querySelectorAll : selectInFragment;
  const inside = apply(select, node, [which]);
  for (let place = 0; inside[place]; place++) any = stripOne(inside[place]) || any;
  if (!shadows) return any;
  const every = apply(select, node, ['*']);
  for (let place = -1, one = node; one; one = every[++place]) {
    const root = read(shadowOf, one) ?? read(contentOf, one);
    if (root) any = stripTree(root, which, true) || any;
  }
  return any;
}

/**
 * @param {any} element
 * @returns {boolean} whether there was something
 */
export function stripOne(element) {
  const tag = read(localNameOf, element);
  let any = false;
  if (apply(hasAttributes, element, [])) {
    const attributes = apply(attributesOf, element, []);
    for (let place = apply(lengthOf, attributes, []) - 1; place >= 0; place--) {
      const attribute = attributes[place];
      const value = apply(attributeValue, attribute, []);
      const other = admitted(element, apply(attributeName, attribute, []), value);
      if (other === value) continue;
      any = true;
      apply(removeAttributeNode, element, [attribute]);
      if (other !== null && tag !== 'iframe') {
        apply(setValue, attribute, [other]);
        apply(setAttributeNode, element, [attribute]);
      }
    }
  }
  if (finds(PATIENT, tag) && arrive(element) && noted(failed, element)) fail(element, tag);
  if (tag === 'style') {
    for (let child = apply(firstChildOf, element, []); child; child = apply(nextSiblingOf, child, []))
      any = stripText(child, element, tag) || any;
  } else if (tag === 'script' && isDeniedScript(element)) {
    any = true;
    apply(setAttribute, element, ['type', 'text/plain']);
    fail(element, tag);
  }
  return any;
}

/**
 * A text that is about to be a child's, without what is denied in it, or in all texts of the parent together: then it
 * is all that is left of them, and the others are empty.
 * @param {any} parent
 * @param {any} node the child; a new one comes last
 * @param {string} text
 * @param {(text: string, node: unknown) => string} judge
 */
export function whole(parent, node, text, judge) {
  const own = judge(text, parent);
  let head = '';
  let tail = '';
  let found = false;
  for (let child = apply(firstChildOf, parent, []); child; child = apply(nextSiblingOf, child, [])) {
    const data = child === node ? ((found = true), '') : (read(dataOf, child) ?? '');
    if (found) tail += data;
    else head += data;
  }
  const all = head + own + tail;
  const other = head || tail ? judge(all, parent) : all;
  if (other === all) return own;
  for (let child = apply(firstChildOf, parent, []); child; child = apply(nextSiblingOf, child, []))
    if (child !== node && read(dataOf, child)) apply(setText, child, ['']);
  return other;
}

/**
 * @param {any} node
 * @param {unknown} parent
 * @param {string} tag
 */
function stripText(node, parent, tag) {
  const text = read(dataOf, node);
  const other = text && (tag === 'style' || isModule(parent) ? whole(parent, node, text, tag === 'style' ? styled : imported) : text);
  if (other === text) return false;
  apply(setText, node, [other]);
  return true;
}

const ESCAPED = /\\(.)/g;
const IMPORTS = /(\b(?:import(?:\s|\/\*[^]*?\*\/)*\(?|from)(?:\s|\/\*[^]*?\*\/)*)(["'])([^"']*)\2/g;
const LETTERS = /\\(?:x([\da-f]{2})|u([\da-f]{4})|u\{([\da-f]+)\}|([^]))/gi;
const STRINGS = /"((?:[^"\\]|\\[^])*)"/g;
/** An address that nothing is at. */
const NOTHING = 'blob:nosale';

/** @param {string} text of a script */
const unescaped = (text) =>
  edit(text, LETTERS, (found) => {
    const code = found[1] ?? found[2] ?? found[3];
    return code ? fromCodePoint(parseInt(code, 16) % 0x110000) : found[4];
  });

/**
 * A module's text, in which denied addresses are not imported. One that is worked out stays.
 * @param {string} text
 * @param {unknown} node
 */
export const imported = (text, node) =>
  edit(text, IMPORTS, (found) =>
    denied(unescaped(found[3] ?? ''), 'module', node) ? `${found[1]}${found[2]}${NOTHING}${found[2]}` : undefined,
  );

/** @param {any} script */
function typeOfScript(script) {
  const type = read(nodeTypeOf, script) === 1 ? apply(getAttribute, script, ['type']) : '';
  return type ? apply(toLowerCase, type, []) : '';
}

/** @param {any} script */
export const isModule = (script) => typeOfScript(script) === 'module';

/**
 * Takes denied addresses off a script's text: rules by which the browser fetches, or imports. Says
 * whether the script must not be.
 * @param {any} script
 */
export function isDeniedScript(script) {
  const kind = typeOfScript(script);
  const map = kind === 'importmap';
  const module = kind === 'module';
  if (!map && !module && kind !== 'speculationrules') return false;
  let any = false;
  for (let child = apply(firstChildOf, script, []); child; child = apply(nextSiblingOf, child, [])) {
    const text = read(dataOf, child) ?? '';
    const other = module
      ? imported(text, script)
      : edit(text, STRINGS, (found) => {
          const stopped = denied(edit(found[1] ?? '', ESCAPED, (slash) => slash[1]), kind, script);
          any ||= stopped && !map;
          // A map is the whole page's: only the one import fails.
          return stopped && map ? `"${NOTHING}"` : undefined;
        });
    if (other !== text) apply(setText, child, [other]);
  }
  return any;
}
