// Files of nosale's own, from beside its script.

import { apply, fetch } from './gate/saved.js';

/**
 * Loads a module. Dynamic import exists only as JavaScript syntax.
 * @param {string} address
 * @returns {Promise<any>}
 */
export function load(address) {
  return import(address);
}

/**
 * Loads the texts of a language.
 * @param {string} address
 * @returns {Promise<any>}
 */
export async function read(address) {
  const response = await apply(fetch, window, [address]);
  if (!response.ok) throw new Error(`HTTP status ${response.status}`);
  return response.json();
}

/**
 * Calls back before the next picture of the page is shown in which an element came or went.
 * @param {() => void} changed
 */
export function watch(changed) {
  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      changed();
    });
  }).observe(document, { childList: true, subtree: true });
}
