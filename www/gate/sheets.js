// Styles that scripts set.

import { isUp } from './ask.js';
import { styled } from './css.js';
import { imported, isModule, whole } from './markup.js';
import {
  apply,
  construct,
  createElement,
  cssTextOf,
  dataOf,
  each,
  finds,
  getPropertyValue,
  isView,
  listFrom,
  localNameOf,
  parentOf,
  read,
  setProperty,
  setText,
  settled,
  sizeOf,
  slice,
  toUpperCase,
  worded,
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

const OUTSIDE = /^(?:beforebegin|afterend)$/i;

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
 * @param {any} [node] the child that gets it, null for a new one; without it the text is all there is
 */
export function inStyle(parent, text, node) {
  const tag = isUp() && read(localNameOf, parent);
  const style = tag === 'style';
  if (text === null || !(style || (tag === 'script' && isModule(parent)))) return text;
  const given = settled(text);
  const said = worded(given);
  const judge = style ? styled : imported;
  const other = node === undefined ? judge(said, parent) : whole(parent, node, said, judge);
  return other === said ? given : other;
}

/**
 * A text that an element, or a text in one, gets.
 * @param {any} node
 * @param {number | false | undefined} type of the node
 * @param {any} text
 */
export const ofStyle = (node, type, text) =>
  type === 1 ? inStyle(node, text) : type === 3 ? inStyle(read(parentOf, node), text, node) : text;

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
    let camel = '';
    let first = true;
    each(
      dashed,
      (part) => {
        camel += first ? part : apply(toUpperCase, part[0], []) + apply(slice, part, [1]);
        first = false;
      },
      '-',
    );
    property(dashed, dashed);
    if (camel !== dashed) property(camel, dashed);
    if (dashed[0] === '-') property(`w${apply(slice, camel, [1])}`, dashed);
  });
  setter(prototype('CharacterData'), 'data', (original, self, values) =>
    apply(original, self, [ofStyle(self, 3, values[0])]),
  );
  each('appendData insertData replaceData deleteData', (name) =>
    method(prototype('CharacterData'), name, (original, self, values) => {
      const text = isUp() && read(localNameOf, read(parentOf, self)) && read(dataOf, self);
      const last = values.length - 1;
      if (typeof text !== 'string' || last < 0) return apply(original, self, values);
      const added = name === 'deleteData' ? '' : (values[last] = `${values[last]}`);
      const from = name === 'appendData' ? text.length : (values[0] = values[0] >>> 0);
      const end = name === 'replaceData' || name === 'deleteData' ? from + (values[1] = values[1] >>> 0) : from;
      const next = apply(slice, text, [0, from]) + added + apply(slice, text, [end]);
      const other = ofStyle(self, 3, next);
      return other === next ? apply(original, self, values) : apply(setText, self, [other]);
    }),
  );
  method(prototype('Text'), 'splitText', (original, self, values) => {
    const parent = values.length && isUp() && read(parentOf, self);
    const text = parent && (read(dataOf, self) ?? '');
    // For a moment what is cut off is there twice.
    if (text && inStyle(parent, text + apply(slice, text, [(values[0] = values[0] >>> 0)]), self) !== text + apply(slice, text, [values[0]]))
      apply(setText, self, ['']);
    return apply(original, self, values);
  });
  method(prototype('Element'), 'insertAdjacentText', (original, self, values) => {
    if (isUp() && values.length > 1) {
      values[0] = `${values[0]}`;
      const outside = finds(OUTSIDE, values[0]);
      values[1] = inStyle(outside ? read(parentOf, self) : self, values[1] ?? `${values[1]}`, null);
    }
    return apply(original, self, values);
  });
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
    if (values.length > 1) values[1] = drawn(values[1]);
    return construct(original, values, target);
  });
  method(prototype('KeyframeEffect'), 'setKeyframes', (original, self, values) => {
    if (values.length) values[0] = drawn(values[0]);
    return apply(original, self, values);
  });
  method(realm.CSS, 'registerProperty', (original, self, values) => {
    const given = values[0];
    if (isUp() && given && typeof given === 'object') {
      const { name, syntax, inherits, initialValue } = given;
      values[0] = { __proto__: null, name, syntax, inherits, initialValue: clean(initialValue) };
    }
    return apply(original, self, values);
  });
  maker(realm, 'FontFace', (original, values, target) => {
    if (values.length > 1 && !isView(values[1]) && read(sizeOf, values[1]) === undefined) values[1] = clean(values[1]);
    return construct(original, values, target);
  });
  method(prototype('Element'), 'animate', (original, self, values) => {
    if (values.length) values[0] = drawn(values[0]);
    return apply(original, self, values);
  });
}

/**
 * Keyframes as the browser reads them: null if they draw what is denied.
 * @param {any} frames
 */
function drawn(frames) {
  if (!isUp()) return frames;
  let any = false;
  /**
   * @param {any} value
   * @param {number} level 2 for keyframes, 1 for one of them, 0 for what is in it
   * @returns {any}
   */
  const settle = (value, level) => {
    if (value === null || typeof value !== 'object') {
      any ||= typeof value === 'string' && styled(value) !== value;
      return value;
    }
    if (level !== 1 && value[Symbol.iterator]) {
      const list = listFrom(value);
      for (let at = 0; at < list.length; at++) list[at] = settle(list[at], level === 2 ? 1 : -1);
      return list;
    }
    if (level < 1) return settle(`${value}`, 0);
    const made = /** @type {any} */ ({ __proto__: null });
    for (const name in value) made[name] = settle(value[name], 0);
    return made;
  };
  const settled = settle(frames, 2);
  return any ? null : settled;
}
