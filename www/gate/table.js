// Which attributes of which elements make requests.

import { apply, exec, finds, getKey, hasKey, indexOf, Map, setKey, toLowerCase } from './saved.js';

/** @typedef {1 | 2 | 3 | 4 | 5 | 6 | 7} Kind an address, a list, one with semicolons, style, a document, a refresh, what a link is for */

/** Attributes, the elements on which they make requests, and what is in them. @type {[string, string, Kind][]} */
const ROWS = [
  ['src', 'script img iframe frame video audio source track embed input', 1],
  ['href', 'script link image use feImage pattern filter linearGradient radialGradient mpath textPath', 1],
  ['srcset', 'img source', 2],
  ['imagesrcset', 'link', 2],
  ['poster', 'video', 1],
  ['data', 'object', 1],
  ['background', 'body table thead tbody tfoot tr td th', 1],
  ['ping', 'a area', 2],
  ['attributionsrc', 'a area img script', 2],
  ['to', 'set animate', 1],
  ['from', 'animate', 1],
  ['values', 'animate', 3],
  ['srcdoc', 'iframe', 5],
  ['content', 'meta', 6],
  ['style', '*', 4],
  ['mask', '*', 4],
  ['filter', '*', 4],
  ['clip-path', '*', 4],
  ['cursor', '*', 4],
  ['rel', 'link', 7],
  ['as', 'link', 7],
];

/** Browsers look a text up faster in a map than among properties. @type {Map<string, Map<string, Kind>>} */
const TABLE = new Map();
let all = 'style';
let names = '';
for (const [name, tags, kind] of ROWS) {
  TABLE.set(name, new Map(tags.split(' ').map((tag) => [tag, kind])));
  if (kind === 7) continue;
  all += `,[*|${name}]${name === 'href' ? ':not(a)' : ''}`;
  names += names ? `|${name}` : name;
}
/** Everything that can make a request. */
export const LOADING = all;
/** Of what was made under the wrappers, only what asks when it is inserted. */
export const INSERTED = 'script,iframe,frame,link,object,embed,style,meta';
/** Of what is in the document already, only what may not have asked yet. */
export const MOVED = 'script:not([type="text/plain" i]),link,meta';
/** Names of nodes, as `nodeName` gives them, and whether they are of elements that ask for nothing. @type {Map<string, boolean>} */
const CALM = new Map();
for (const tag of INSERTED.split(',')) CALM.set(tag, false);
const LOUD = /[#:]/;
let calm = 0;

/**
 * Whether a node of that name is an element that asks for nothing by being inserted, or by the text
 * in it. An attribute's node may have the same name: not one that can make a request.
 * @param {string} name
 */
export function isCalm(name) {
  const before = apply(getKey, CALM, [name]);
  if (before !== undefined) return before;
  const lower = apply(toLowerCase, name, []);
  const is = apply(getKey, CALM, [lower]) !== false && !isSource(lower) && !finds(LOUD, name);
  if (calm++ < 1000) apply(setKey, CALM, [name, is]);
  return is;
}

/** The names of all attributes that can make a request, for a pattern. */
export const NAMES = names;

/** The name of an attribute without its prefix, if it can make a request. */
const BARE = /^(?:[^:]*:)?([^:]*)$/;

/**
 * Whether an attribute can make some element ask for something.
 * @param {string} name in lower case
 */
export const isSource = (name) => apply(hasKey, TABLE, [name]) || apply(indexOf, name, [':']) > 0;

/**
 * What an attribute of an element has in it, if it makes requests.
 * @param {string} tag
 * @param {string} name in lower case
 * @returns {Kind | undefined}
 */
export function kindOf(tag, name) {
  const row = apply(getKey, TABLE, [name]) ?? apply(getKey, TABLE, [/** @type {any} */ (apply(exec, BARE, [name]))?.[1]]);
  return row && (apply(getKey, row, [tag]) ?? apply(getKey, row, ['*']));
}
