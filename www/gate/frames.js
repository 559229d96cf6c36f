// Frames: which of them a navigation goes to, and the functions of their own that a page can borrow.

import { denied } from './ask.js';
import {
  apply,
  documentOf,
  framesOf,
  getAttribute,
  localNameOf,
  read,
  selectInDocument,
  targetOfBase,
  toLowerCase,
} from './saved.js';

/**
 * Whether a target, as links and forms name it, is a frame of this page.
 * @param {any} realm whose document has the link
 * @param {any} target
 */
export function isFrame(realm, target) {
  const name = `${target ?? ''}`;
  const lower = apply(toLowerCase, name, []);
  if (lower === '' || lower === '_self') return realm !== window;
  if (lower === '_parent') return realm !== window && realm.parent !== window;
  if (lower === '_blank' || lower === '_top') return false;
  const frames = apply(selectInDocument, document, ['iframe,frame,object']);
  for (let place = 0; frames[place]; place++) if (apply(getAttribute, frames[place], ['name']) === name) return true;
  return isNamed(window, name);
}

/**
 * @param {any} realm
 * @param {string} name
 * @returns {boolean}
 */
function isNamed(realm, name) {
  for (let place = 0; place < apply(framesOf, realm, []); place++) {
    try {
      if (realm[place].name === name || isNamed(realm[place], name)) return true;
    } catch {
      // Of another origin: its name in markup counts.
    }
  }
  return false;
}

/**
 * Whether a form or a link would send a frame of this page to what is denied.
 * @param {any} realm
 * @param {any} element
 * @param {any} [submitter]
 */
export function leads(realm, element, submitter) {
  const tag = read(localNameOf, element);
  const form = tag === 'form';
  if (!form && tag !== 'a' && tag !== 'area') return false;
  const own = (/** @type {string} */ name) =>
    (submitter && apply(getAttribute, submitter, [`form${name}`])) ?? apply(getAttribute, element, [name]);
  const address = form ? own('action') : apply(getAttribute, element, ['href']) ?? apply(getAttribute, element, ['xlink:href']);
  if (address === null) return false;
  const target = own('target') ?? read(targetOfBase, apply(selectInDocument, read(documentOf, element), ['base[target]'])[0]);
  return isFrame(realm, target) && denied(address, tag, element);
}
