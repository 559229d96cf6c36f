// Attributes: the properties, methods and nodes by which a script sets one.

import { isUp } from './ask.js';
import { admitted, relate } from './markup.js';
import {
  apply,
  attributeName,
  attributeValue,
  each,
  hasKey,
  Map,
  nodeNameOf,
  nodeTypeOf,
  note,
  noted,
  ownerOf,
  read,
  setKey,
  settled,
  setValue,
  toLowerCase,
} from './saved.js';
import { ofStyle } from './sheets.js';
import { isCalm, isSource } from './table.js';
import { getter, method, setter } from './veil.js';

/** Properties that say an attribute, and the elements that have them. @type {[string, string][]} */
const PROPERTIES = [
  ['src', 'Script IFrame Frame Image Source Media Track Embed Input'],
  ['srcset', 'Image Source'],
  ['href', 'Link'],
  ['rel', 'Link'],
  ['as', 'Link'],
  ['imageSrcset', 'Link'],
  ['poster', 'Video'],
  ['data', 'Object'],
  ['background', 'Body'],
  ['srcdoc', 'IFrame'],
  ['ping', 'Anchor Area'],
  ['content', 'Meta'],
  ['attributionSrc', 'Anchor Area Image Script'],
];

/** The elements of attribute lists that a page has got hold of. @type {WeakMap<object, any>} */
const owners = new WeakMap();

/** Names that were seen to make no request, as pages write them. @type {Map<string, boolean>} */
const plain = new Map();
let names = 0;

/** @param {any} name */
function isPlain(name) {
  if (typeof name !== 'string') return false;
  if (apply(hasKey, plain, [name])) return true;
  if (isSource(apply(toLowerCase, name, []))) return false;
  if (names++ < 1000) apply(setKey, plain, [name, true]);
  return true;
}

/** @param {any} realm */
export function attributes(realm) {
  const prototype = (/** @type {string} */ name) => realm[name]?.prototype;
  for (let place = 0; place < PROPERTIES.length; place++) {
    const [name, interfaces] = /** @type {[string, string]} */ (PROPERTIES[place]);
    const attribute = apply(toLowerCase, name, []);
    each(interfaces, (part) =>
      setter(prototype(`HTML${part}Element`), name, (original, self, values) => {
        const value = admitted(self, attribute, settled(values[0]));
        if (value !== null) apply(original, self, [value]);
      }),
    );
  }
  // Who has the list may add to it.
  getter(prototype('HTMLLinkElement'), 'relList', (original, self) => {
    const list = apply(original, self, []);
    relate(self, 'rel');
    return list;
  });
  method(prototype('Element'), 'setAttribute', (original, self, values) => {
    if (!isUp() || values.length < 2 || isPlain(values[0])) return apply(original, self, values);
    const name = `${values[0]}`;
    const lower = apply(toLowerCase, name, []);
    const value = isSource(lower) ? admitted(self, lower, settled(values[1])) : values[1];
    if (value !== null || values[1] === null) apply(original, self, [name, value]);
  });
  method(prototype('Element'), 'setAttributeNS', (original, self, values) => {
    if (!isUp() || values.length < 3) return apply(original, self, values);
    const name = `${values[1]}`;
    const value = isSource(name) ? admitted(self, name, settled(values[2])) : values[2];
    if (value !== null || values[2] === null) apply(original, self, [values[0], name, value]);
  });
  /**
   * @param {Function} original
   * @param {any} self
   * @param {any[]} values
   * @param {unknown} element
   */
  const setNode = (original, self, values, element) => {
    const name = element && read(attributeName, values[0]);
    if (!name) return apply(original, self, values);
    const value = read(attributeValue, values[0]);
    const other = admitted(element, name, value);
    if (other === null) return null;
    if (other !== value) apply(setValue, values[0], [other]);
    return apply(original, self, values);
  };
  each('setAttributeNode setAttributeNodeNS', (name) =>
    method(prototype('Element'), name, (original, self, values) => setNode(original, self, values, self)),
  );
  getter(prototype('Element'), 'attributes', (original, self) => {
    const map = apply(original, self, []);
    note(owners, map, self);
    return map;
  });
  each('setNamedItem setNamedItemNS', (name) =>
    method(prototype('NamedNodeMap'), name, (original, self, values) =>
      setNode(original, self, values, noted(owners, self)),
    ),
  );
  /** @type {import('./veil.js').Instead} */
  const setContent = (original, self, values) => {
    if (!isUp()) return apply(original, self, values);
    const name = read(nodeNameOf, self);
    if (name && isCalm(name)) return apply(original, self, values);
    const type = read(nodeTypeOf, self);
    if (type !== 2) return apply(original, self, [ofStyle(self, type, values[0])]);
    const owner = apply(ownerOf, self, []);
    const value = owner ? admitted(owner, apply(attributeName, self, []), settled(values[0])) : values[0];
    if (value !== null) apply(original, self, [value]);
  };
  setter(prototype('Attr'), 'value', setContent);
  each('nodeValue textContent', (name) => setter(prototype('Node'), name, setContent));
}
