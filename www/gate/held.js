// What was withheld from elements, so that an opt-in can give it back without a reload.

import { denied, deniedAny, isUp } from './ask.js';
import { judged } from './markup.js';
import {
  WeakRef,
  addEventListener,
  appendChild,
  apply,
  createDocumentFragment,
  deref,
  edit,
  firstChildOf,
  getAttribute,
  isConnectedOf,
  note,
  noted,
  parentOf,
  setAttribute,
  setTimeout,
} from './saved.js';
import { kindOf } from './table.js';
import { clear } from '../placeholder.js';

/** At most so much is kept. */
const LIMIT = 1000;
/** Of what is not in the document, the newest may still get there: the rest are pixels. */
const RECENT = 100;

/**
 * @typedef {object} Held
 * @property {WeakRef<any>} element
 * @property {string} tag
 * @property {string} name of the attribute
 * @property {any} value what the page wanted it to be
 * @property {string | null} left what it is instead
 * @property {any} [text] what was in a script, which the browser would run without its address
 */

/** In the order in which the page wanted it. @type {Held[]} */
let held = [];
/** By element, then by name. @type {WeakMap<object, Record<string, Held>>} */
const latest = new WeakMap();
let full = 0;
/** @type {((frame: any, address: string) => void) | undefined} */
let show;

const PREFIX = /^.*:/g;

/**
 * @param {any} element
 * @param {string} tag
 * @param {string} name
 * @param {any} value
 * @param {string | null} other what may be left of it
 */
export function keep(element, tag, name, value, other) {
  if (!WeakRef) return;
  name = edit(name, PREFIX, () => '');
  const before = apply(getAttribute, element, [name]);
  const left = other ?? (before === `${value}` ? null : before);
  const known = noted(latest, element) ?? /** @type {any} */ ({ __proto__: null });
  const one = known[name];
  if (one) {
    one.value = value;
    one.left = left;
  } else {
    if (held.length >= LIMIT && (full++ % RECENT || !compact())) return;
    held[held.length] = known[name] = { element: new WeakRef(element), tag, name, value, left };
    note(latest, element, known);
  }
  if (tag === 'iframe' && !one) {
    // It tells when it gets into the document, and when its blank document is changed for another.
    apply(addEventListener, element, ['load', () => present(element)]);
    setTimeout(() => present(element));
  }
}

/**
 * Before a script or a link gets into a document: says whether its address is withheld. The browser
 * would run a script's text instead, which waits for the address.
 * @param {any} element
 */
export function arrive(element) {
  const known = noted(latest, element);
  const one = known?.src ?? known?.href;
  if (!one || one.left !== null || !isLeft(one, element)) return false;
  if (one.tag === 'script') {
    one.text ??= apply(createDocumentFragment, document, []);
    for (let child; (child = apply(firstChildOf, element, [])); ) apply(appendChild, one.text, [child]);
  }
  return true;
}

/** Makes room; false if there is none. */
function compact() {
  /** @type {Held[]} */
  const rest = [];
  for (let place = 0; place < held.length; place++) {
    const one = /** @type {Held} */ (held[place]);
    const element = apply(deref, one.element, []);
    if (element && (place + RECENT > held.length || apply(isConnectedOf, element, []))) rest[rest.length] = one;
  }
  held = rest;
  full = held.length < LIMIT ? 0 : 1;
  return !full;
}

/**
 * Lets a frame in the document show why it is blank.
 * @param {any} frame
 */
function present(frame) {
  const one = noted(latest, frame)?.src;
  if (show && one && isStill(one, frame) && apply(isConnectedOf, frame, [])) show(frame, `${one.value}`);
}

/**
 * Who is told of frames that are blank, now and later.
 * @param {(frame: any, address: string) => void} tell
 */
export function attend(tell) {
  show = tell;
  for (let place = 0; place < held.length; place++) {
    const frame = apply(deref, held[place]?.element, []);
    if (frame && held[place]?.tag === 'iframe') present(frame);
  }
}

/**
 * Whether the page has not made it something else since.
 * @param {Held} one
 * @param {any} element
 */
function isLeft(one, element) {
  const value = apply(getAttribute, element, [one.name]);
  return value === one.left || (value === null && one.name === 'srcdoc');
}

/**
 * Whether it is denied still.
 * @param {Held} one
 * @param {any} element
 */
function isStill(one, element) {
  if (!isUp() || !isLeft(one, element)) return false;
  const kind = kindOf(one.tag, one.name) ?? 1;
  if (kind > 3) return judged(one.tag, one.name, one.value, element) !== one.value;
  return kind === 1 ? denied(one.value, 'look', element) || isHidden(one, element) : deniedAny(one.value, 'look', element, kind === 3);
}

/**
 * Whether an address that is itself a document names what is denied.
 * @param {Held} one
 * @param {any} element
 */
const isHidden = (one, element) => judged(one.tag, one.name, one.value, element) === null;

/** Gives elements in the document what they may have by now, in the order in which the page wanted it. */
export function giveBack() {
  const before = held;
  held = [];
  for (let place = 0; place < before.length; place++) {
    const one = /** @type {Held} */ (before[place]);
    const element = apply(deref, one.element, []);
    if (!element) continue;
    const inside = apply(isConnectedOf, element, []);
    if (isUp() && (!inside || isStill(one, element))) {
      held[held.length] = one;
      continue;
    }
    const known = noted(latest, element);
    if (known) delete known[one.name];
    if (!inside || !isLeft(one, element)) continue;
    clear(element);
    try {
      apply(setAttribute, element, [one.name, one.value]);
      if (one.text) apply(appendChild, element, [one.text]);
    } catch {
      // The page's policies do not allow it any more.
    }
    if (one.tag === 'source') reload(apply(parentOf, element, []));
  }
}

/**
 * Lets a player that has found nothing to play look again.
 * @param {any} player
 */
export function reload(player) {
  if (player?.networkState === 0 || player?.networkState === 3) player.load();
}
