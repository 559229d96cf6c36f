// The gate's wrappers around what a page's scripts can make requests with. They exist in JavaScript
// because a page calls them as JavaScript; each asks the module about the address and does nothing
// else. `gate/` has a room for each thing that is wrapped.

import { answer } from './gate/ask.js';
import { age } from './gate/markup.js';
import { adopt } from './gate/realm.js';
import { apply, fetch, setTimeout } from './gate/saved.js';
import { tell } from './gate/workers.js';

/** Whether scripts of the page may have run before. */
let later = false;
setTimeout(() => (later = true));

/**
 * Raises the gate: from here on each request is asked about. Again when something else is denied.
 * @param {import('./gate/ask.js').Permits} ask
 * @param {string} rules the same for what cannot ask
 */
export function raise(ask, rules) {
  answer(ask);
  tell(rules);
  adopt(window);
  if (later) age();
}

/** Lowers it: the wrappers stay, and let everything pass. */
export function lower() {
  answer(null);
}

/**
 * `fetch` as it was before any wrapper, for reports.
 * @param {string} url
 * @param {RequestInit} options
 */
export function send(url, options) {
  return apply(fetch, window, [url, options]);
}
