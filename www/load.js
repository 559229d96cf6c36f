// Files of nosale's own, from beside its script.

import { apply, fetch } from './gate/saved.js';
import { again } from './marked.js';
import { place } from './place.js';

/**
 * Loads a module. Dynamic import exists only as JavaScript syntax.
 * @param {string} address
 * @returns {Promise<any>}
 */
export function load(address) {
  // A bundler must leave it as it is: only the page knows the address.
  return import(/* webpackIgnore: true */ /* @vite-ignore */ place(address));
}

/**
 * Loads the texts of a language.
 * @param {string} address
 * @returns {Promise<any>}
 */
export async function read(address) {
  const response = await apply(fetch, window, [place(address)]);
  if (!response.ok) throw new Error(`HTTP status ${response.status}`);
  return response.json();
}

/** In place of what an old browser does not have. */
class Silent {
  observe() {}
}

/**
 * Calls back when elements may have come or gone: when the body or a link of nosale's changes its size,
 * which browsers tell without a look at each change of the page, and from time to time.
 * @param {() => void} changed
 */
export function watch(changed) {
  let waiting = false;
  const sizes = new (window.ResizeObserver ?? Silent)(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      look();
    });
  });
  /** @type {WeakSet<Element>} */
  const known = new WeakSet();
  const look = () => {
    changed();
    for (const element of document.querySelectorAll('body,[data-nosale]')) {
      if (!known.has(element)) sizes.observe(element);
      known.add(element);
    }
  };
  again(look);
}
