// Insertion: the methods by which a node gets into a document, and copies of nodes.

import { isUp } from './ask.js';
import { strip, stripOne, stripTree } from './markup.js';
import {
  adoptNode,
  apart,
  apply,
  customElements,
  dataOf,
  documentOf,
  each,
  firstElementOf,
  hasAttributes,
  importNode,
  localNameOf,
  matches,
  parentOf,
  querySelectorAll,
  read,
  selectInFragment,
  upgrade,
  settled,
  shadowOf,
  viewOf,
  worded,
  nodeTypeOf,
} from './saved.js';
import { inStyle } from './sheets.js';
import { LOADING } from './table.js';
import { method, setter } from './veil.js';

/**
 * Methods that insert what they are given: into what, whether into the node itself, and which of the
 * arguments, -1 for all.
 * @type {[string, string, boolean, number][]}
 */
const INSERTING = [
  ['Node', 'appendChild insertBefore replaceChild', true, 0],
  ['Element', 'append prepend replaceChildren', true, -1],
  ['Element', 'moveBefore', true, 0],
  ['Element', 'before after replaceWith', false, -1],
  ['Element', 'insertAdjacentElement', false, 1],
  ['CharacterData', 'before after replaceWith', false, -1],
  ['Range', 'insertNode surroundContents', false, 0],
  ['DocumentFragment', 'append prepend replaceChildren', true, -1],
  ['DocumentFragment', 'moveBefore', true, 0],
  ['DocumentType', 'before after replaceWith', false, -1],
  ['Document', 'append prepend replaceChildren', true, -1],
  ['Document', 'moveBefore', true, 0],
];

/**
 * @param {any} realm
 * @param {() => void} reach looks for frames that have come
 */
export function insertion(realm, reach) {
  const prototype = (/** @type {string} */ name) => realm[name]?.prototype;
  for (let place = 0; place < INSERTING.length; place++) {
    const [name, methods, inside, only] = /** @type {[string, string, boolean, number]} */ (INSERTING[place]);
    each(methods, (part) =>
      method(
        prototype(name),
        part,
        only < 0
          ? (original, self, values) => {
              let brings = false;
              if (isUp()) {
                let text = '';
                for (let at = 0; at < values.length; at++) {
                  const given = values[at];
                  if (typeof given === 'string' || read(nodeTypeOf, given) === undefined) text += values[at] = worded(settled(given));
                  else if (strip(given, self, inside)) brings = true;
                  else if (values.length > 1) text += read(dataOf, given) ?? '';
                }
                if (text) {
                  const other = inStyle(inside ? self : read(parentOf, self), text, null);
                  if (other !== text) values = [other];
                }
              }
              const result = apply(original, self, values);
              if (brings) reach();
              return result;
            }
          : (original, self, values) => {
              const brings = isUp() && strip(values[only], self, inside);
              const result = apply(original, self, values);
              if (brings) reach();
              return result;
            },
      ),
    );
  }
  each('caption tHead tFoot', (name) =>
    setter(prototype('HTMLTableElement'), name, (original, self, values) => {
      const brings = strip(values[0], self, true);
      apply(original, self, values);
      if (brings) reach();
    }),
  );
  setter(prototype('Document'), 'body', (original, self, values) => {
    strip(values[0]);
    apply(original, self, values);
    reach();
  });
  method(prototype('Document'), 'adoptNode', (original, self, values) => {
    strip(values[0]);
    return apply(original, self, values);
  });
  method(prototype('Document'), 'importNode', (original, self, values) =>
    copied(() => apply(original, self, values), values[0], self, values[1] === true || values[1]?.selfOnly === false),
  );
  method(prototype('Node'), 'cloneNode', (original, self, values) => {
    if (!isUp() || isBare(self, values[0])) return apply(original, self, values);
    return copied(() => apply(original, self, values), self, read(documentOf, self), !!values[0]);
  });
}

/**
 * Whether an element has nothing that could load.
 * @param {any} node
 * @param {any} deep
 */
const isBare = (node, deep) =>
  read(localNameOf, node) !== undefined && !apply(hasAttributes, node, []) && !(deep && apply(firstElementOf[1], node, []));

/**
 * Whether there is a shadow root that was not made in a document of the page's.
 * @param {any} node
 * @param {any} select what finds others in it
 */
function hasShadow(node, select) {
  if (read(viewOf, read(documentOf, node))) return false;
  if (read(shadowOf, node)) return true;
  const every = select && apply(select, node, ['*']);
  for (let place = 0; every && every[place]; place++) if (apply(shadowOf, every[place], [])) return true;
  return false;
}

/**
 * A copy asks as soon as it is made: it is made where nothing loads if something of it is denied.
 * @param {() => any} copy
 * @param {any} node
 * @param {any} home
 * @param {boolean} deep
 */
function copied(copy, node, home, deep) {
  const type = read(nodeTypeOf, node);
  const single = type === 1;
  if (!isUp() || !home || read(viewOf, home) === null || !(single || type === 11)) return copy();
  const select = single ? querySelectorAll : selectInFragment;
  // A shadow root is copied whether the copy is deep or not.
  const loads = (single && apply(matches, node, [LOADING])) || (deep && apply(select, node, [LOADING]).length) || hasShadow(node, deep && select);
  if (!loads) return copy();
  const made = apply(importNode, apart, [node, deep]);
  const one = single && stripOne(made);
  if (!(stripTree(made, LOADING, true) || one)) return copy();
  apply(adoptNode, home, [made]);
  apply(upgrade, customElements, [made]);
  return made;
}
