// Markup that a script writes as text. What is not denied is written by the browser from the page's
// own value. Otherwise nodes are made of that value where nothing loads, and moved to their place
// without what is denied; only for `document.write` and `srcdoc`, which take nothing but text,
// denied addresses are cut out of the text itself.

import { denied, deniedAny, isUp, once } from './ask.js';
import { styled } from './css.js';
import { keep } from './held.js';
import { isDeniedScript, judged, stripTree } from './markup.js';
import {
  adoptNode,
  apart,
  appendChild,
  apply,
  attachShadow,
  contentOf,
  createDocumentFragment,
  createElement,
  createRange,
  dataOf,
  documentOf,
  edit,
  exec,
  finds,
  firstChildOf,
  getAttribute,
  hostOf,
  importNode,
  isTrusted,
  localNameOf,
  markupOf,
  namespaceOf,
  nodeTypeOf,
  querySelectorAll,
  read,
  removeAttribute,
  selectInDocument,
  selectInFragment,
  setContent,
  setMarkup,
  setStart,
  settled,
  parentOf,
  startOf,
  toLowerCase,
  viewOf,
  worded,
} from './saved.js';
import { LOADING, NAMES, isSource } from './table.js';

const HTML = 'http://www.w3.org/1999/xhtml';

/** Attributes that load, whatever they stand in, and what follows. */
const PLACES = new RegExp(`<style|<script[^>]*(?:module|importmap|rules|&)|(${NAMES})\\s*=\\s*(?=("[^"]*"|'[^']*'|[^\\s>"']*))`, 'gi');
const AROUND = /^["']?([^]*?)["']?$/;
const AMPERSAND = /&amp;/g;
/** What is more than an address: letters in other words, style, another document. */
const HIDDEN = /&(?:#|\w+(?![=\w]))|\\|url\s*[(=]|data:|javascript:|<|@import|image-set/i;

/**
 * Whether markup names what is denied, as far as its text tells without being read: then it must be.
 * @param {string} text
 */
function isSuspect(text) {
  let any = false;
  edit(text, PLACES, (found) => {
    if (any) return undefined;
    const value = edit(/** @type {any} */ (apply(exec, AROUND, [found[2] ?? '']))[1], AMPERSAND, () => '&');
    any = !found[1] || finds(HIDDEN, value) || deniedAny(value, 'look', document) || denied(value, 'look', document);
    return undefined;
  });
  return any;
}

/**
 * Makes text of what is in `noscript`, as the page's document reads it: where nothing loads, no script
 * runs, and it has been read as markup.
 * @param {any} node an element, a shadow root or a fragment
 */
function unread(node) {
  const every = apply(read(nodeTypeOf, node) === 1 ? querySelectorAll : selectInFragment, node, ['noscript']);
  for (let place = 0; every[place]; place++) apply(setContent, every[place], [apply(markupOf, every[place], [])]);
}

/**
 * Whether something in markup is denied. What the page's policies say to the markup is heard first:
 * a template asks them, and loads nothing.
 * @param {any} markup
 * @param {any} [context] the element in which it is read
 */
function isDenied(markup, context) {
  if (!isSuspect(worded(markup))) return false;
  const template = apply(createElement, document, ['template']);
  apply(setMarkup, template, [markup]);
  const content = apply(contentOf, template, []);
  unread(content);
  if (!context || apply(namespaceOf, context, []) === HTML) return stripTree(content, LOADING, true);
  const box = apply(importNode, apart, [context, false]);
  apply(setMarkup, box, [markup]);
  unread(box);
  return stripTree(box, LOADING, true);
}

/**
 * The same; what the browser refuses, it shall refuse in its own words.
 * @param {any} markup
 * @param {any} [context]
 */
export function mustStop(markup, context) {
  try {
    return isDenied(markup, context);
  } catch {
    return false;
  }
}

/** Elements whose markup the browser keeps for later, or as text. */
const UNREAD = /^(?:template|noscript)$/;

/**
 * Lets a call write markup, without what is denied in it.
 * @param {() => unknown} original the call as the page makes it
 * @param {any} markup
 * @param {any} context the element or shadow root that the markup is for
 * @param {(box: any) => unknown} fill writes the markup into such an element
 * @param {(nodes: any) => unknown} put puts nodes where they belong
 */
export function write(original, markup, context, fill, put) {
  if (!isUp() || !isSuspect(worded(markup))) return original();
  const element = read(nodeTypeOf, context) === 11 ? read(hostOf, context) : context;
  // Nothing loads there.
  if (!element || !read(viewOf, read(documentOf, element)) || finds(UNREAD, read(localNameOf, element))) return original();
  return once(() => {
    if (!mustStop(markup, element)) return original();
    let box = apply(importNode, apart, [element, false]);
    if (element !== context) box = apply(attachShadow, box, [{ __proto__: null, mode: 'open' }]);
    fill(box);
    unread(box);
    stripTree(box, LOADING, true);
    const nodes = apply(createDocumentFragment, apart, []);
    for (let child; (child = apply(firstChildOf, box, [])); ) apply(appendChild, nodes, [child]);
    return put(nodes);
  });
}

/**
 * `createContextualFragment`, whose scripts run when they are inserted.
 * @param {Function} original
 * @param {any} range
 * @param {any[]} values
 */
export function fragment(original, range, values) {
  if (!isUp() || !values.length) return apply(original, range, values);
  const markup = settled(values[0]);
  return once(() => {
    let context = read(startOf, range);
    if (read(nodeTypeOf, context) === 3) context = apply(parentOf, context, []);
    if (read(nodeTypeOf, context) !== 1) context = undefined;
    if (!mustStop(markup, context)) return apply(original, range, [markup]);
    const other = apply(createRange, apart, []);
    const box = context ? apply(importNode, apart, [context, false]) : apply(createElement, apart, ['body']);
    apply(setStart, other, [box, 0]);
    const made = apply(original, other, [markup]);
    unread(made);
    stripTree(made, LOADING);
    return apply(adoptNode, context ? read(documentOf, context) : document, [made]);
  });
}

const TAG = /<([a-z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>/gi;
const STYLE = /(<style[^>]*>)([^]*?)(?=<\/style)/gi;
const SCRIPT = /(<script(?=[^>]*\btype)[^>]*>)([^]*?)(?=<\/script)/gi;
const ATTRIBUTE = /([\s"'/])([^\s"'<>/=]+)(\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)/g;
const SPECIAL = /[&"]/g;
const NUMBER = /\d+/g;

/**
 * Markup for `document.write` or `srcdoc` without denied addresses; null if nothing of it can stay.
 * @param {any} markup
 * @param {boolean} [marks] whether tags are marked, for `recover`
 */
export function written(markup, marks) {
  if (!isUp() || !isSuspect(worded(markup))) return markup;
  return once(() => {
    const text = edit(worded(markup), SCRIPT, (found) => script(found));
    if (text === worded(markup) && !mustStop(markup)) return markup;
    // Text that a policy has vouched for cannot be cut.
    if (isTrusted(markup)) return null;
    const whole = edit(text, STYLE, (found) => `${found[1]}${styled(found[2] ?? '')}`);
    const cut = edit(whole, TAG, (found) => tag(found, marks));
    return mustStop(cut) ? '' : cut;
  });
}

/** @param {RegExpExecArray} found */
function script(found) {
  const box = apply(createElement, apart, ['div']);
  apply(setMarkup, box, [`${found[0]}</script>`]);
  const made = apply(firstChildOf, box, []);
  const text = isDeniedScript(made) ? '' : read(dataOf, apply(firstChildOf, made, [])) ?? '';
  return text === found[2] ? undefined : `${found[1]}${text}`;
}

/** What was cut out of tags. @type {[string, string, string, string | null][]} */
const cuts = [];
const MARK = 'data-nosale-cut';

/**
 * Keeps what was cut out of tags that have become elements by now, so that an opt-in can give it back.
 * @param {any} page
 */
export function recover(page) {
  if (!cuts.length) return;
  const marked = apply(selectInDocument, page, [`[${MARK}]`]);
  for (let place = 0; marked[place]; place++) {
    const element = marked[place];
    edit(`${apply(getAttribute, element, [MARK])}`, NUMBER, (found) => {
      const cut = cuts[/** @type {any} */ (found[0])];
      if (cut) keep(element, cut[0], cut[1], cut[2], cut[3]);
      return undefined;
    });
    apply(removeAttribute, element, [MARK]);
  }
}

/**
 * @param {RegExpExecArray} found
 * @param {boolean} [marks]
 */
function tag(found, marks) {
  const name = apply(toLowerCase, found[1], []);
  const box = apply(createElement, apart, ['div']);
  apply(setMarkup, box, [`<p${found[2]}>`]);
  const read = apply(firstChildOf, box, []);
  let mark = '';
  const attributes = edit(found[2] ?? '', ATTRIBUTE, (part) => {
    const key = apply(toLowerCase, part[2], []);
    if (!isSource(key)) return undefined;
    const value = apply(getAttribute, read, [key]);
    const other = value === null ? value : judged(name, key, value, document);
    if (other === value) return undefined;
    mark += ` ${cuts.length}`;
    if (marks) cuts[cuts.length] = [name, key, `${value}`, other];
    const text = edit(other ?? '', SPECIAL, (letter) => (letter[0] === '&' ? '&amp;' : '&quot;'));
    return `${part[1]}${part[2]}${part[3]}"${text}"`;
  });
  return `<${found[1]}${marks && mark ? ` ${MARK}="${mark}"` : ''}${attributes}>`;
}
