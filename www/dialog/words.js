// Dates, plurals, the clipboard, a file to keep: what browsers offer as JavaScript.

import texts from '../locales/en.json';

/**
 * A text; what a language lacks is said in English.
 * @param {Record<string, string>} words
 * @param {string} key
 */
export const word = (words, key) => words[key] ?? /** @type {Record<string, string>} */ (texts)[key] ?? '';

/**
 * A text that a moment stands in, in the visitor's language; as ISO 8601 has it where the browser does
 * not know the language.
 * @param {string} locale
 * @param {string} text
 * @param {number} time milliseconds since the Unix epoch
 */
export function date(locale, text, time) {
  const when = new Date(time);
  const written = () =>
    Intl.DateTimeFormat.supportedLocalesOf(locale)[0]
      ? when.toLocaleString(locale, { dateStyle: 'long', timeStyle: 'short' })
      : // Sweden writes dates so, by the visitor's own clock.
        when.toLocaleString('sv').slice(0, 16);
  return text.replace('{date}', written);
}

/**
 * A text that a number stands in, in its plural form. A language that the browser does not know says
 * itself which numbers take the form `one`.
 * @param {string} locale
 * @param {Record<string, string>} words
 * @param {string} key
 * @param {number} number
 */
export function count(locale, words, key, number) {
  const form = Intl.PluralRules.supportedLocalesOf(locale)[0]
    ? new Intl.PluralRules(locale).select(number)
    : (words._plural_one ?? '').split(' ').includes(`${number}`)
      ? 'one'
      : 'other';
  const text = words[`${key}_${form}`] ?? word(words, `${key}_other`);
  return text.replace('{count}', () => number.toLocaleString(locale));
}

/**
 * @param {string} text
 */
export async function copy(text) {
  await navigator.clipboard.writeText(text);
}

/**
 * Gives the visitor a file to keep.
 * @param {string} name
 * @param {string} text
 */
export function download(name, text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
