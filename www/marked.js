// Finds elements of the page, those in open shadow roots as well, and says when there may be new ones.

import { apply, contentOf, matches, read, selectInDocument, selectInFragment, shadowOf } from './gate/saved.js';

/** @type {MutationObserver | undefined} */
let observer;
/** Whether the document was seen to have no open shadow root, in this task. */
let flat = false;

/**
 * Every element that a selector finds, in document order.
 * @param {string} selector
 */
export function find(selector) {
  /** @type {Element[]} */
  const found = [];
  look(document, selector, found);
  return found;
}

/**
 * @param {any} root
 * @param {string} selector
 * @param {Element[]} found
 */
function look(root, selector, found) {
  const select = root === document ? selectInDocument : selectInFragment;
  const every = root === document && flat ? [] : apply(select, root, ['*']);
  let open = false;
  for (let place = 0; place < every.length && !open; place++) open = apply(shadowOf, every[place], []) !== null;
  if (root === document && !open && !flat) {
    flat = true;
    setTimeout(() => (flat = false));
  }
  const among = open ? every : apply(select, root, [selector]);
  for (let place = 0; place < among.length; place++) {
    const element = among[place];
    if (!open || apply(matches, element, [selector])) found[found.length] = element;
    const inside = open && apply(shadowOf, element, []);
    if (!inside) continue;
    observer?.observe(inside, { childList: true, subtree: true });
    look(inside, selector, found);
  }
}

/**
 * Whether the page has such elements, or templates from which it may make some.
 * @param {string} selector
 */
function isUsed(selector) {
  if (find(selector).length) return true;
  const templates = apply(selectInDocument, document, ['template']);
  for (let place = 0; place < templates.length; place++)
    if (apply(selectInFragment, read(contentOf, templates[place]), [selector]).length) return true;
  return false;
}

/** From half a second on, each look waits twice as long as the one before. */
const FIRST = 500;
const LAST = 40_000;
/** An observer tells no more often than that. */
const PAUSE = 100;

/**
 * Calls `look` now, and until it is true after half a second, one, two … half a minute; anew after
 * `load`, and after the page has gone to another address of its own.
 * @param {() => boolean | void} look
 */
export function again(look) {
  let timer = 0;
  const wait = (/** @type {number} */ pause) => {
    clearTimeout(timer);
    if (!look() && pause < LAST) timer = window.setTimeout(wait, pause, pause * 2);
  };
  const restart = () => wait(FIRST);
  window.addEventListener('load', restart);
  window.addEventListener('popstate', restart);
  Reflect.get(window, 'navigation')?.addEventListener('currententrychange', restart);
  restart();
}

/**
 * Calls `tell` soon after anything was inserted. A page that has no such element is not observed: it
 * is looked at again.
 * @param {string} selector
 * @param {() => void} tell
 */
export function follow(selector, tell) {
  again(() => {
    if (observer) return true;
    if (!isUsed(selector)) return false;
    let waiting = false;
    const later = () => {
      waiting = false;
      tell();
    };
    observer = new MutationObserver(() => {
      if (!waiting) setTimeout(later, PAUSE);
      waiting = true;
    });
    observer.observe(document, { childList: true, subtree: true });
    tell();
    return true;
  });
}
