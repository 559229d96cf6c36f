// Addresses in style texts.

import { denied } from './ask.js';
import { madeBy, textOf } from './blobs.js';
import { Blob, URL, apply, createObjectURL, edit, finds, fromCodePoint, parseInt } from './saved.js';

const LOADS = /url\(|src\(|@import|image-set\(|\\/i;
/** The name of an address, each letter of which may be escaped. */
const NAME = '(?:\\\\?u|\\\\0{0,4}[57]5\\s{0,2})(?:\\\\?r|\\\\0{0,4}[57]2\\s{0,2})(?:\\\\?l|\\\\0{0,4}[46]c\\s{0,2})\\(';
/** A string until its end, or the line's. */
const string = (/** @type {string} */ quote) =>
  `${quote}([^${quote}\\\\\\n\\r\\f]*(?:\\\\(?:\\r\\n|[^])?[^${quote}\\\\\\n\\r\\f]*)*)${quote}?`;
/**
 * As the browser cuts a text (https://www.w3.org/TR/css-syntax-3/#tokenization): a comment; a longer name, in which an
 * address is not one; an address without quotes; a string with what stands before it; an escape. All may be unclosed
 * at the end.
 */
const PLACES = new RegExp(
  `/\\*[^]*?(?:\\*/|$)|(?:[\\w@#-]|[^\\0-\\x7f]|\\\\(?:[\\da-f]{1,6}\\s?|[^]))${NAME}` +
    `|(${NAME}\\s*)(?!["'\\s)])([^)\\\\]*(?:\\\\[^]?[^)\\\\]*)*)\\)?` +
    `|((?:@import|\\()\\s*)?(?:${string('"')}|${string("'")})|\\\\[^]`,
  'gi',
);
const ESCAPES = /\\(?:([0-9a-f]{1,6})(?:\r\n|\s)?|([^]))/gi;
const BREAKS = /[\t\n\r]/g;
/** A string that may lead to another host. */
const FAR = /^[\0- ]*(?:(?:http|ws)s?:|[/\\]{2})/i;
const SHEET = /^[\0- ]*(?:data:[^,]*css|blob:)/i;
const SHEETS = /css/i;

/** @param {string} text */
const plain = (text) =>
  edit(
    edit(text, ESCAPES, (found) => (found[1] ? fromCodePoint(parseInt(found[1], 16) % 0x110000) : found[2])),
    BREAKS,
    () => '',
  );

/**
 * A style sheet that the page made itself, without denied addresses.
 * @param {any} address
 * @param {unknown} [node]
 */
export function sheet(address, node) {
  const text = textOf(madeBy(address), SHEETS);
  const other = styled(text, node);
  if (other === text) return address;
  return apply(createObjectURL, URL, [new Blob([other], /** @type {any} */ ({ __proto__: null, type: 'text/css' }))]);
}

/**
 * The text with an empty address in place of each denied one; the rest as the page wrote it.
 * @param {string} text
 * @param {unknown} [node] what addresses are resolved against
 */
export function styled(text, node) {
  if (!finds(LOADS, text)) return text;
  return edit(text, PLACES, (found) => {
    const address = plain(found[2] ?? found[4] ?? found[5] ?? '');
    const quoted = !found[2];
    let other = address;
    if (finds(SHEET, address)) other = sheet(address, node);
    else if ((!quoted || found[3] || finds(FAR, address)) && denied(address, 'css', node)) other = 'data:,';
    if (other === address) return undefined;
    return quoted ? `${found[3] ?? ''}"${other}"` : `url(${other})`;
  });
}
