// Functions that do nothing, under the names that a page calls. They are the page's own globals.

/** Those that were put up, by name. @type {Record<string, unknown>} */
const standing = /** @type {any} */ ({ __proto__: null });
/** @type {any} */
const page = window;

/**
 * Puts up the functions of these names, each followed by a blank, and takes all others away. `name` is
 * a function, `name.method` one of an object. What the page has defined itself stays.
 * @param {string} names
 */
export function standIn(names) {
  /** @type {Record<string, string[]>} */
  const wanted = /** @type {any} */ ({ __proto__: null });
  for (const name of names.split(' ').filter(Boolean)) {
    const [global = '', method = ''] = name.split('.');
    (wanted[global] ??= []).push(method);
  }
  for (const name in standing) {
    if (wanted[name]) continue;
    if (page[name] === standing[name]) delete page[name];
    delete standing[name];
  }
  for (const name in wanted) {
    if (name in page) continue;
    const methods = wanted[name] ?? [];
    /** @type {any} */
    const made = methods.includes('') ? () => {} : {};
    for (const method of methods) if (method) made[method] = () => {};
    page[name] = standing[name] = made;
  }
}
