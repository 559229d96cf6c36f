// The list of Google's tags, `dataLayer`.

import { apply } from '../gate/saved.js';
import { put } from './queue.js';

/** @typedef {import('../tags.js').Tag} Tag */

/**
 * A command: read from an `arguments` object only.
 * @param {...any} _words
 */
function command(..._words) {
  return arguments;
}

/**
 * Puts commands into the list. What the page itself or another tool says of consent is kept in mind
 * and cannot lift a denial: a grant that was given earlier does not win over an opt-out.
 * @type {import('../tags.js').Way}
 */
export const layer = (tag, value, fresh) => {
  if (tag.kept?.list !== value) guard(tag, value);
  const { theirs } = tag.kept;
  const made = (fresh ? tag.first : tag.now).map(([name, what, values]) => {
    if (name === 'consent' && !tag.denied) {
      for (const key in values) values[key] = theirs[key] ?? values[key];
    }
    return command(name, what, values);
  });
  tag.kept.own = true;
  put(value, made, fresh);
  tag.kept.own = false;
};

/**
 * @param {Tag} tag
 * @param {any} list
 */
function guard(tag, list) {
  const kept = (tag.kept = { list, theirs: tag.kept?.theirs ?? {}, own: false });
  /** @param {any} entry */
  const look = (entry) => {
    if (kept.own || entry?.[0] !== 'consent' || typeof entry[2] !== 'object') return;
    // A default of one region says nothing of another.
    if (!entry[2].region) Object.assign(kept.theirs, entry[2]);
    if (!tag.denied) return;
    const held = tag.now.find((words) => words[0] === 'consent')?.[2];
    entry[2] = { ...entry[2], ...held };
  };
  for (let place = 0; place < list.length; place++) look(list[place]);
  const { push } = list;
  /** @param {...any} entries */
  list.push = function (...entries) {
    entries.forEach(look);
    return apply(push, this, entries);
  };
}
