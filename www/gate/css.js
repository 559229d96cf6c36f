// Addresses in style texts.

import { denied } from './ask.js';
import { apply, edit, finds, fromCodePoint, indexOf, parseInt, slice } from './saved.js';

const LOADS = /url\(|src\(|@import|image-set\(|\\/i;
/** A comment, an address without quotes, or a string with what stands before it. */
const PLACES =
  /\/\*[^]*?\*\/|(url\(\s*)([^"'\s)][^)]*?)\s*\)|((?:@import|\()\s*)?("(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*')/gi;
const ESCAPES = /\\(?:([0-9a-f]{1,6})\s?|([^]))/gi;

/** @param {string} text */
const plain = (text) =>
  edit(text, ESCAPES, (found) => (found[1] ? fromCodePoint(parseInt(found[1], 16) % 0x110000) : found[2]));

/**
 * The text with an empty address in place of each denied one; the rest as the page wrote it.
 * @param {string} text
 * @param {unknown} [node] what addresses are resolved against
 */
export function styled(text, node) {
  if (!finds(LOADS, text)) return text;
  return edit(text, PLACES, (found) => {
    if (found[2]) return denied(plain(found[2]), 'css', node) ? 'url(data:,)' : undefined;
    const string = found[4];
    if (!string) return undefined;
    const inner = plain(apply(slice, string, [1, -1]));
    if (!found[3] && apply(indexOf, inner, ['//']) < 0) return undefined;
    return denied(inner, 'css', node) ? `${found[3] ?? ''}"data:,"` : undefined;
  });
}
