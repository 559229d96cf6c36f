// Styles that scripts set.

import { isUp } from './ask.js';
import { styled } from './css.js';
import { imported, isModule } from './markup.js';
import {
  apply,
  construct,
  createElement,
  cssTextOf,
  each,
  edit,
  getPropertyValue,
  localNameOf,
  parentOf,
  read,
  setProperty,
  slice,
  toUpperCase,
} from './saved.js';
import { added, maker, method, setter } from './veil.js';

/** Properties that can have an address. */
const PROPERTIES =
  'background background-image border-image border-image-source clip-path content cursor filter fill list-style ' +
  'list-style-image marker marker-end marker-mid marker-start mask mask-border mask-border-source mask-image offset ' +
  'offset-path shape-outside stroke backdrop-filter -webkit-border-image -webkit-box-reflect -webkit-clip-path ' +
  '-webkit-filter -webkit-mask -webkit-mask-box-image -webkit-mask-box-image-source -webkit-mask-image ' +
  '-webkit-shape-outside src';

/** Methods that take style, and where. @type {[string, string, number][]} */
const METHODS = [
  ['CSSStyleDeclaration', 'setProperty', 1],
  ['CSSStyleSheet', 'insertRule', 0],
  ['CSSStyleSheet', 'addRule', 1],
  ['CSSStyleSheet', 'replace', 0],
  ['CSSStyleSheet', 'replaceSync', 0],
  ['CSSGroupingRule', 'insertRule', 0],
  ['CSSStyleRule', 'insertRule', 0],
  ['CSSKeyframesRule', 'appendRule', 0],
  ['StylePropertyMap', 'set', 1],
  ['StylePropertyMap', 'append', 1],
];

const DASHED = /-([a-z])/g;

/**
 * What a page passed in as style, without denied addresses.
 * @param {any} value
 * @param {unknown} [node]
 */
function clean(value, node) {
  if (!isUp() || value === null || value === undefined) return value;
  return styled(`${value}`, node);
}

/**
 * A text that is put into a parent: style, or the script of a module that may run as soon as it has one.
 * @param {any} parent
 * @param {any} text
 */
export function inStyle(parent, text) {
  const tag = isUp() && read(localNameOf, parent);
  if (tag === 'style') return clean(text, parent);
  return tag === 'script' && typeof text === 'string' && isModule(parent) ? imported(text, parent) : text;
}

/**
 * A text that an element, or a text in one, gets.
 * @param {any} node
 * @param {number | false | undefined} type of the node
 * @param {any} text
 */
export const ofStyle = (node, type, text) =>
  type === 1 ? inStyle(node, text) : type === 3 ? inStyle(read(parentOf, node), text) : text;

/** @param {any} realm */
export function styles(realm) {
  const prototype = (/** @type {string} */ name) => realm[name]?.prototype;
  for (let place = 0; place < METHODS.length; place++) {
    const [name, part, at] = /** @type {[string, string, number]} */ (METHODS[place]);
    method(prototype(name), part, (original, self, values) => {
      for (let next = at; next < values.length; next++) values[next] = clean(values[next]);
      return apply(original, self, values);
    });
  }
  const declaration = prototype('CSSStyleDeclaration');
  /** @type {import('./veil.js').Instead} */
  const set = (original, self, values) => apply(original, self, [clean(values[0])]);
  setter(declaration, 'cssText', set);
  each('HTMLElement SVGElement MathMLElement CSSStyleRule', (name) => setter(prototype(name), 'style', set));
  const sample = apply(createElement, realm.document, ['p']).style;
  const owners = [prototype('CSSStyleProperties'), prototype('CSS2Properties'), declaration];
  /**
   * @param {string} name
   * @param {string} dashed
   */
  const property = (name, dashed) => {
    for (let place = 0; place < 3; place++) if (setter(owners[place], name, set)) return;
    // Chromium has these on each declaration alone; what the prototype has goes before that.
    if (!(name in sample)) return;
    added(declaration, name, {
      /** @returns {any} */
      get [name]() {
        // As before, where there is no declaration: nothing.
        return read(cssTextOf, this) === undefined ? undefined : apply(getPropertyValue, this, [dashed]);
      },
      set [name](/** @type {any} */ value) {
        apply(setProperty, this, [dashed, value === null ? '' : clean(value)]);
      },
    });
  };
  each(PROPERTIES, (dashed) => {
    const camel = edit(dashed, DASHED, (part) => apply(toUpperCase, part[1], []));
    property(dashed, dashed);
    if (camel !== dashed) property(camel, dashed);
    if (dashed[0] === '-') property(`w${apply(slice, camel, [1])}`, dashed);
  });
  setter(prototype('CharacterData'), 'data', (original, self, values) =>
    apply(original, self, [ofStyle(self, 3, values[0])]),
  );
  for (let place = 0; place < 3; place++) {
    method(prototype('CharacterData'), ['appendData', 'insertData', 'replaceData'][place] ?? '', (original, self, values) => {
      if (values.length > place) values[place] = ofStyle(self, 3, values[place]);
      return apply(original, self, values);
    });
  }
  // Where pages may have to vouch for scripts, these are properties of their own.
  each('text textContent innerText', (name) =>
    setter(prototype('HTMLScriptElement'), name, (original, self, values) =>
      apply(original, self, [inStyle(self, values[0])]),
    ),
  );
  setter(prototype('HTMLElement'), 'innerText', (original, self, values) =>
    apply(original, self, [ofStyle(self, 1, values[0])]),
  );
  maker(realm, 'KeyframeEffect', (original, values, target) => {
    if (isUp() && isDrawn(values[1])) values[1] = null;
    return construct(original, values, target);
  });
  method(prototype('KeyframeEffect'), 'setKeyframes', (original, self, values) => {
    if (isUp() && isDrawn(values[0])) values[0] = null;
    return apply(original, self, values);
  });
  maker(realm, 'FontFace', (original, values, target) => {
    if (typeof values[1] === 'string') values[1] = clean(values[1]);
    return construct(original, values, target);
  });
  method(prototype('Element'), 'animate', (original, self, values) => {
    if (isUp() && isDrawn(values[0])) values[0] = null;
    return apply(original, self, values);
  });
}

/**
 * Whether keyframes draw what is denied.
 * @param {any} frames
 * @returns {boolean}
 */
function isDrawn(frames) {
  if (!frames || typeof frames !== 'object') return false;
  for (const name in frames) {
    const value = frames[name];
    if (typeof value === 'string' ? clean(value) !== value : isDrawn(value)) return true;
  }
  return false;
}
