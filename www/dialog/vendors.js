// Who is affected: the vendors of each purpose. Nobody looks for three names among a hundred, so those
// that the publisher names or this page has met stand first, and the rest of the list behind its number.

import { count, word } from './words.js';

/** A vendor: its name, the key of its state's text, whether the publisher names it, and its purposes.
 * @typedef {[name: string, state: string, named: boolean, ...purposes: string[]]} Vendor */

/** @param {string} name @param {(string | Element)[]} parts */
function make(name, ...parts) {
  const element = document.createElement(name);
  element.append(...parts);
  return element;
}

/**
 * @param {Element} dialog
 * @param {string} locale
 * @param {Record<string, string>} words
 * @param {Vendor[]} all
 * @param {import('../nosale').Audit} audit what has happened on this page so far
 */
export function vendors(dialog, locale, words, all, audit) {
  const met = [...audit.hosts.entries, ...audit.blocked.entries].map((entry) => entry.vendor);
  for (const tag of document.querySelectorAll('[data-vendor]')) met.push(tag.getAttribute('data-vendor'));
  /** @param {Vendor[]} some */
  const list = (some) => make('ul', ...some.map(([name, state]) => make('li', `${name.replaceAll('_', ' ')}: ${word(words, state)}`)));
  const parts = [];
  for (const { name } of /** @type {NodeListOf<HTMLInputElement>} */ (dialog.querySelectorAll('[role=switch]'))) {
    const affected = all.filter((vendor) => vendor.includes(name, 3));
    const near = affected.filter((vendor) => vendor[2] || met.includes(vendor[0]));
    const rest = affected.filter((vendor) => !near.includes(vendor));
    if (affected[0]) parts.push(make('h3', `${word(words, name)}: ${count(locale, words, 'vendors_count', near.length)}`), list(near));
    if (rest[0]) parts.push(make('details', make('summary', count(locale, words, 'vendors_more', rest.length)), list(rest)));
  }
  /** @type {Element} */ (dialog.querySelector('[data-part=vendors]')).replaceChildren(...parts);
}
