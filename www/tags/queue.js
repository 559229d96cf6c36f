// Lists that a page fills before the vendor's script comes and reads them.

/** @typedef {import('../tags.js').Tag} Tag */
/** @typedef {import('../tags.js').Way} Way */

/**
 * Puts entries into a list: before all others as long as nobody has read it.
 * @param {any} list
 * @param {any[]} entries
 * @param {boolean} fresh
 */
export function put(list, entries, fresh) {
  if (fresh && Array.isArray(list)) list.unshift(...entries);
  else list.push(...entries);
}

/**
 * A list in which a command's words stand one after the other (Microsoft's UET).
 * @type {Way}
 */
export const flat = (tag, value, fresh) => {
  put(value, [].concat(...(fresh ? tag.first : tag.now)), fresh);
};

/**
 * Has something run by a vendor's object with a list of functions: before the page's own as long as
 * the vendor has not come; `run` says so by `told`. The page may put another list in the place of
 * that one until then.
 * @param {Tag} tag
 * @param {any} value
 * @param {string} name the list's
 * @param {() => void} run
 * @param {boolean} fresh
 */
export function first(tag, value, name, run, fresh) {
  const list = (value[name] ??= []);
  // A vendor that comes may put its own list in that place before it goes through the page's.
  const early = () => {
    if (!tag.told) run();
  };
  if (!fresh) put(list, [run], false);
  else if (tag.kept.list !== list) put((tag.kept.list = list), [early], true);
  return fresh && !tag.told;
}
