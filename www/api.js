// What a page can call once the module has started, by nosale.js and by the package alike.

import * as glue from 'nosale:glue';

/** @typedef {import('./nosale').Nosale} Nosale */

/** nosale, if it is on the page. @returns {Nosale | undefined} */
export function there() {
  // An element with the id "nosale" is a property of the window too, but not one of its own.
  const value = Object.getOwnPropertyDescriptor(window, 'nosale')?.value;
  return typeof value?.status === 'function' ? value : undefined;
}

/**
 * The module's calls.
 * @param {string} version
 * @returns {Nosale}
 */
export function calls(version) {
  return {
    version,
    status: glue.status,
    allows: glue.allows,
    optOut: glue.optOut,
    optIn: glue.optIn,
    setContext: glue.setContext,
    identify: glue.identify,
    open: glue.open,
    receipt: glue.receipt,
    audit: glue.audit,
    on: glue.on,
  };
}

/**
 * Puts calls on the window, for good.
 * @param {Nosale} api
 */
export function publish(api) {
  for (const call of Object.values(api)) Object.freeze(call);
  Object.defineProperty(window, 'nosale', { value: Object.freeze(api), enumerable: true });
  return api;
}
