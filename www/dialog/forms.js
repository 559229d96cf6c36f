// The forms for what this browser cannot carry out. What the visitor writes is in the field and in the
// request, and kept nowhere: not in storage, not in the queue of reports, not in an address.

import { word } from './words.js';

/** Who asks, for what and where, as far as the request needs it: nothing of this browser's own state. */
const KEPT = ['kind', 'how', 'jurisdiction', 'revision', 'module', 'page', 'account'];

/**
 * The last request of each form that has not arrived: what it asks, and its text. It goes again under the
 * same number, so that the endpoint knows it if it arrived all the same.
 * @type {Record<string, [asked: string, text: string]>}
 */
const waiting = {};

/** @param {Element} dialog @param {string} name @param {Record<string, string>} words @param {string} key @param {string} [more] */
function say(dialog, name, words, key, more = '') {
  /** @type {Element} */ (dialog.querySelector(`#${name}-answer`)).textContent = word(words, key) + more;
}

/**
 * Reads a form and checks it. Gives the event to send as JSON; nothing where something is wrong, which
 * the form then says.
 * @param {Element} dialog
 * @param {string} name
 * @param {Record<string, string>} words
 * @param {any} event what is known of this moment
 */
export function fill(dialog, name, words, event) {
  /** @type {Record<string, any>} */
  const data = {};
  for (const select of /** @type {NodeListOf<HTMLSelectElement>} */ (dialog.querySelectorAll(`#${name} select`))) {
    if (select.value) (data.contacts ??= {})[select.id.slice(4)] = select.value;
  }
  if (name === 'contacts' && !data.contacts) return say(dialog, name, words, 'unchanged');
  const field = /** @type {HTMLInputElement} */ (dialog.querySelector(`#${name}-email`));
  if (!field.closest('[hidden]')) {
    data.email = field.value.trim();
    // No more than that: an address that only looks odd must not cost anybody the opt-out.
    const right = /^(?!.{255})[^\s@\p{C}]+@[^\s@\p{C}]+$/u.test(data.email);
    field.setAttribute('aria-invalid', `${!right}`);
    if (!right) {
      field.focus();
      return say(dialog, name, words, 'email_wrong');
    }
  }
  for (const key of KEPT) data[key] = event.data[key];
  say(dialog, name, words, 'sending');
  const asked = JSON.stringify(data);
  if (waiting[name]?.[0] !== asked) waiting[name] = [asked, JSON.stringify({ ...event, data })];
  return waiting[name][1];
}

/**
 * Says how a request ended. The address of one that arrived is forgotten; that of another stays in its
 * field.
 * @param {Element} dialog
 * @param {string} name
 * @param {Record<string, string>} words
 * @param {string} text what was sent
 * @param {boolean} arrived
 */
export function answered(dialog, name, words, text, arrived) {
  if (!arrived) return say(dialog, name, words, 'not_sent');
  delete waiting[name];
  /** @type {HTMLInputElement} */ (dialog.querySelector(`#${name}-email`)).value = '';
  say(dialog, name, words, 'sent', ` ${word(words, 'receipt_number')}: ${JSON.parse(text).id}`);
}
