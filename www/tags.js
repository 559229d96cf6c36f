// Tells vendors' tags what the module has decided, by the globals that the vendors document. Which
// globals, in which way and what is said comes from `src/browser/adapters`; here is what only
// JavaScript can do: to be there when a tag's own snippet makes its global, and to get in before it.

import { apply, console, defineProperty } from './gate/saved.js';
import { adsense } from './tags/adsense.js';
import { call, methods } from './tags/calls.js';
import { change } from './tags/change.js';
import { layer } from './tags/layer.js';
import { prebid } from './tags/prebid.js';
import { publisherTag } from './tags/publisher_tag.js';
import { flat } from './tags/queue.js';

/**
 * A tag, known by its global.
 * @typedef {object} Tag
 * @property {string} name the global's
 * @property {Way} way
 * @property {boolean} denied whether it is to run restricted
 * @property {any[]} first what it is told before it runs
 * @property {any[]} now what it is told while it runs
 * @property {any} value the global's, while it is watched
 * @property {boolean} watched
 * @property {boolean} told so that its global need not be watched any more
 * @property {boolean} busy it is being told at this moment
 * @property {any} shown what the page gets in place of the value
 * @property {any} kept what a way keeps for itself
 */

/**
 * Tells a tag; `fresh` if its global came after nosale, so that it has not run yet. Throws where it
 * is too early, and gives true where the global must be watched further.
 * @typedef {(tag: Tag, value: any, fresh: boolean) => boolean | void} Way
 */

/** @type {Record<string, Way>} */
const WAYS = { adsense, call, change, flat, layer, methods, prebid, publisherTag };

const { parse } = JSON;

/** @type {Record<string, Tag>} */
const tags = /** @type {any} */ ({ __proto__: null });

/**
 * @param {string} name the global's
 * @param {string} way
 * @param {boolean} denied
 * @param {string} first JSON
 * @param {string} now JSON
 */
export function tell(name, way, denied, first, now) {
  const known = tags[name];
  const tag = (tags[name] = known ?? /** @type {any} */ ({ name, way: WAYS[way] }));
  tag.denied = denied;
  tag.first = parse(first);
  tag.now = parse(now);
  const value = tag.watched ? tag.value : read(name);
  if (value !== undefined && value !== null) speak(tag, value, !!tag.watched && !tag.told);
  // It is told when it comes.
  else if (!tag.watched) watch(tag);
}

/** @param {string} name */
function read(name) {
  try {
    return Reflect.get(window, name);
  } catch {
    return undefined; // A getter of the page's.
  }
}

/**
 * @param {Tag} tag
 * @param {any} value
 * @param {boolean} fresh
 */
function speak(tag, value, fresh) {
  // What a way calls may look at the global.
  if (tag.busy) return;
  tag.busy = true;
  try {
    const more = apply(tag.way, undefined, [tag, value, fresh]);
    if (!more) {
      tag.told = true;
      settle(tag, value);
    }
  } catch (error) {
    // A snippet that has only begun: again when the page looks at its global.
    if (!fresh) console.error(`nosale: ${tag.name} cannot be told what the visitor chose`, error);
  }
  tag.busy = false;
}

/**
 * Waits for a global. The page sees none until it makes one.
 * @param {Tag} tag
 */
function watch(tag) {
  const get = () => {
    if (tag.told) settle(tag, tag.value);
    else if (tag.value !== undefined && tag.value !== null) speak(tag, tag.value, true);
    return tag.shown ?? tag.value;
  };
  /** @param {any} value */
  const set = (value) => {
    tag.value = value;
    tag.shown = undefined;
    get();
  };
  try {
    defineProperty(window, tag.name, { configurable: true, enumerable: false, get, set });
    tag.watched = true;
  } catch {
    // The page has declared it already, without a value, and cannot take that back.
  }
}

/**
 * Makes the global what it would be without nosale.
 * @param {Tag} tag
 * @param {any} value
 */
function settle(tag, value) {
  const shown = tag.shown ?? value;
  if (!tag.watched && shown === value) return;
  tag.watched = false;
  try {
    defineProperty(window, tag.name, { configurable: true, enumerable: true, writable: true, value: shown });
  } catch {
    Reflect.set(window, tag.name, shown);
  }
}
