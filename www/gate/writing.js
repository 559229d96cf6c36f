// Markup that a script writes: the properties and methods that take it as a text.

import { denied, isUp } from './ask.js';
import { stripTree } from './markup.js';
import {
  adoptNode,
  after,
  apart,
  append,
  apply,
  before,
  createElement,
  each,
  elementOf,
  exec,
  isTrusted,
  nodeTypeOf,
  note,
  noted,
  parentOf,
  prepend,
  read,
  replaceChildren,
  replaceWith,
  setMarkup,
  settled,
  slice,
  toLowerCase,
  viewOf,
} from './saved.js';
import { inStyle } from './sheets.js';
import { LOADING } from './table.js';
import { method, setter } from './veil.js';
import { fragment, recover, write, written } from './written.js';

/**
 * @param {any} realm
 * @param {() => void} reach looks for frames that have come
 * @param {() => void} hear listens again after a document was opened anew
 */
export function writing(realm, reach, hear) {
  /**
   * @template Result
   * @param {Result} result
   */
  const reached = (result) => {
    reach();
    return result;
  };
  const prototype = (/** @type {string} */ name) => realm[name]?.prototype;
  each('Element ShadowRoot', (name) => {
    setter(prototype(name), 'innerHTML', (original, self, values) => {
      const markup = inStyle(self, values[0] === null ? '' : settled(values[0]));
      const call = (/** @type {any} */ box) => apply(original, box, [markup]);
      reached(write(() => call(self), markup, self, call, (nodes) => fill(self, nodes)));
    });
    each('setHTMLUnsafe setHTML', (part) =>
      method(prototype(name), part, (original, self, values) => {
        if (!values.length) return apply(original, self, values);
        const call = (/** @type {any} */ box) => apply(original, box, [markup, values[1]]);
        const markup = settled(values[0]);
        reached(write(() => call(self), markup, self, call, (nodes) => fill(self, nodes)));
      }),
    );
  });
  setter(prototype('Element'), 'outerHTML', (original, self, values) => {
    const markup = values[0] === null ? '' : settled(values[0]);
    reached(
      write(
        () => apply(original, self, [markup]),
        markup,
        elementFor(read(parentOf, self)),
        (box) => apply(setMarkup, box, [markup]),
        (nodes) => apply(replaceWith, self, [nodes]),
      ),
    );
  });
  method(prototype('Element'), 'insertAdjacentHTML', (original, self, values) => {
    if (values.length < 2) return apply(original, self, values);
    const place = apply(toLowerCase, `${values[0]}`, []);
    const markup = settled(values[1]);
    const put = PLACES[place];
    const outside = place === 'beforebegin' || place === 'afterend';
    reached(
      write(
        () => apply(original, self, [place, markup]),
        markup,
        put && (outside ? elementFor(read(parentOf, self)) : self),
        (box) => apply(setMarkup, box, [markup]),
        (nodes) => apply(/** @type {Function} */ (put), self, [nodes]),
      ),
    );
  });
  method(realm.Document, 'parseHTMLUnsafe', (original, self, values) => {
    const made = apply(original, self, values);
    // Into shadow roots, which are not looked through when they are inserted.
    if (isUp()) stripTree(read(elementOf, made), LOADING, true);
    return made;
  });
  method(prototype('Range'), 'createContextualFragment', (original, self, values) => reached(fragment(original, self, values)));
  each('write writeln', (name) =>
    method(prototype('Document'), name, (original, self, values) => {
      if (!isUp() || !values.length) return apply(original, self, values);
      // What a policy has vouched for stays in its pieces.
      if (isTrusted(values[0])) {
        for (let at = 0; at < values.length; at++) if (written(values[at]) !== values[at]) return undefined;
        return reached(apply(original, self, values));
      }
      let markup = settled(values[0]);
      for (let at = 1; at < values.length; at++) markup = `${markup}${values[at]}`;
      apply(original, self, [streamed(self, markup)]);
      recover(self);
      reach();
      hear();
    }),
  );
  method(prototype('Document'), 'close', (original, self, values) => {
    if (isUp()) note(started, self, '');
    return apply(original, self, values);
  });
  method(prototype('XSLTProcessor'), 'transformToFragment', (original, self, values) => {
    if (!isUp() || values.length < 2 || !read(viewOf, values[1])) return apply(original, self, values);
    const made = apply(original, self, [values[0], apart]);
    if (made) stripTree(made, LOADING);
    return made && apply(adoptNode, values[1], [made]);
  });
  method(prototype('Document'), 'execCommand', (original, self, values) => {
    if (!isUp() || values.length < 3) return apply(original, self, values);
    values[0] = `${values[0]}`;
    const markup = (values[2] = settled(values[2]));
    const command = apply(toLowerCase, values[0], []);
    const stopped =
      command === 'inserthtml' ? written(markup) !== markup : command === 'insertimage' && denied(markup, 'img', self);
    return stopped ? false : apply(original, self, values);
  });
}

/** The beginning of a tag that was not written to its end. */
const LOOSE = /<(?:[a-z](?:=\s*(?:"[^"]*(?:"|$)|'[^']*(?:'|$)|(?![\s"']))|[^>=])*)?$/i;
/** What is judged as a whole, and has not ended. */
const OPEN = /<(style|script(?=[^>]*(?:module|importmap|rules)))[\s/>](?:(?!<\/\1)[^])*$/i;
/** @type {WeakMap<object, string>} */
const started = new WeakMap();

/**
 * Markup that is written into a document piece by piece.
 * @param {any} page
 * @param {any} piece
 */
function streamed(page, piece) {
  const markup = `${noted(started, page) ?? ''}${piece}`;
  const rest = /** @type {RegExpExecArray | null} */ (apply(exec, OPEN, [markup]) ?? apply(exec, LOOSE, [markup]));
  note(started, page, rest ? rest[0] : '');
  return written(rest ? apply(slice, markup, [0, rest.index]) : markup, true) ?? '';
}

/** @type {Record<string, Function>} */
const PLACES = /** @type {any} */ ({ __proto__: null, beforebegin: before, afterbegin: prepend, beforeend: append, afterend: after });

/**
 * The element in which markup for the inside of a parent is read.
 * @param {any} parent
 */
const elementFor = (parent) =>
  read(nodeTypeOf, parent) === 11 ? apply(createElement, document, ['body']) : read(nodeTypeOf, parent) === 1 && parent;

/**
 * @param {any} place an element or a shadow root
 * @param {any} nodes
 */
const fill = (place, nodes) => apply(replaceChildren[/** @type {1 | 11} */ (read(nodeTypeOf, place))], place, [nodes]);
