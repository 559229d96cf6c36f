// The wrappers of one realm: of the page, or of a frame whose functions the page can borrow.

import { isUp } from './ask.js';
import { attributes } from './attributes.js';
import { borrowed } from './borrowed.js';
import { insertion } from './insertion.js';
import { requests } from './requests.js';
import { apply, framesOf, note, noted } from './saved.js';
import { styles } from './sheets.js';
import { stores } from './stores.js';
import { texts } from './veil.js';
import { workers } from './workers.js';
import { writing } from './writing.js';

/** Realms that have their wrappers, by what no navigation leaves. @type {WeakMap<object, boolean>} */
const wrapped = new WeakMap();

/**
 * Wraps a realm that a page has got hold of, once.
 * @param {any} realm
 */
export function adopt(realm) {
  try {
    const mark = realm?.Element.prototype;
    if (!mark || noted(wrapped, mark)) return;
    note(wrapped, mark, true);
  } catch {
    return; // Of another origin.
  }
  wrap(realm);
}

/** @param {any} realm */
function wrap(realm) {
  let frames = 0;
  /** Wraps what has become reachable. */
  const reach = () => {
    const length = apply(framesOf, realm, []);
    if (length === frames) return;
    frames = length;
    if (isUp()) for (let place = 0; place < length; place++) adopt(realm[place]);
  };
  texts(realm);
  attributes(realm);
  insertion(realm, reach);
  writing(realm, reach, borrowed(realm, adopt));
  styles(realm);
  requests(realm);
  workers(realm);
  stores(realm);
  reach();
}
