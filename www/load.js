/**
 * Loads a module of nosale's own. Dynamic import exists only as JavaScript syntax.
 * @param {string} address
 * @returns {Promise<any>}
 */
export function load(address) {
  return import(address);
}
