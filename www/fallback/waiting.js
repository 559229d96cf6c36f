// What a page finds until the module has started: calls that answer for the opt-out, and wait.

import * as glue from 'nosale:glue';

/** @typedef {import('../nosale').Nosale} Nosale */
/** @typedef {import('../nosale').Purpose} Purpose */

/** @type {Purpose[]} */
const PURPOSES = ['sale', 'sharing', 'targeted_advertising', 'profiling', 'sensitive_data'];

/** Under this key wait opt-outs that no module has taken in yet, on this page or an earlier one. */
const KEY = 'nosale.waiting';

/** Takes in the opt-outs that an earlier page left behind. */
export function catchUp() {
  const left = stored();
  if (left.length) optOut(left);
}

/** @returns {Purpose[]} */
function stored() {
  try {
    const names = (localStorage.getItem(KEY) ?? '').split(' ');
    return PURPOSES.filter((name) => names.includes(name));
  } catch {
    return [];
  }
}

/** @param {Purpose[]} purposes */
function optOut(purposes) {
  const receipt = glue.optOut(purposes);
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Then nothing is there.
  }
  return receipt;
}

/**
 * The calls for `window.nosale`, and what ends the wait: well, or with an error.
 * @param {(address: URL) => boolean} permitted what does not wait
 */
export function wait(permitted) {
  let live = false;
  /** @type {Purpose[] | undefined} */
  let out;
  /** What was called, in order. @type {((error?: unknown) => void)[]} */
  const calls = [];

  /**
   * @template Value
   * @param {() => Value | Promise<Value>} act
   * @returns {Promise<Value>}
   */
  const ask = (act) =>
    new Promise((resolve, reject) => {
      const call = (/** @type {unknown} */ error) => {
        if (error) return reject(error);
        try {
          resolve(act());
        } catch (thrown) {
          reject(thrown);
        }
      };
      if (live) call(undefined);
      else calls.push(call);
    });
  /** @param {() => unknown} act */
  const tell = (act) => {
    if (live) act();
    // What the module says of a wrong call; that it cannot start has been said.
    else ask(act).catch((error) => live && console.error(error));
  };

  const status = () => {
    const ruling = { allowed: false, because: 'starting' };
    return {
      version: VERSION,
      revision: 1,
      jurisdiction: 'US',
      jurisdictionFrom: 'default',
      late: null,
      signals: { gpc: Reflect.get(navigator, 'globalPrivacyControl') ?? null, account: false, age: null, earlierSignal: false },
      purposes: Object.fromEntries(PURPOSES.map((name) => [name, { ...ruling }])),
      record: null,
      gate: { mode: 'listed', active: true, engine: 'js', blocked: 0, reload: false },
      gpp: '',
      gppSections: [],
      usp: '1---',
      reports: { pending: 0, parked: 0, dropped: 0, tokensRefused: 0, lastError: null },
    };
  };
  const list = () => ({ entries: [], more: 0 });

  /** @type {any} */
  const api = {
    version: VERSION,
    status: () => (live ? glue.status() : status()),
    allows(/** @type {any} */ name) {
      if (live) return glue.allows(name);
      try {
        return !PURPOSES.includes(name) && permitted(new URL(name, document.baseURI));
      } catch {
        return false;
      }
    },
    optOut(/** @type {Purpose | Purpose[] | undefined} */ purposes) {
      if (live) return glue.optOut(purposes);
      const named = /** @type {Purpose[]} */ (purposes ? [purposes].flat() : PURPOSES);
      const unknown = named.find((name) => !PURPOSES.includes(name));
      if (unknown !== undefined) throw new Error(`nosale: no purpose "${unknown}"`);
      if (!out) {
        const all = (out = stored());
        tell(() => optOut(all));
      }
      out.push(...named.filter((name) => !out?.includes(name)));
      try {
        localStorage.setItem(KEY, out.join(' '));
      } catch {
        // It holds for this page.
      }
      return null;
    },
    optIn: (/** @type {any[]} */ ...values) => ask(() => glue.optIn(...values)),
    setContext: (/** @type {any} */ context) => tell(() => glue.setContext(context)),
    identify: (/** @type {string} */ token) => tell(() => glue.identify(token)),
    open: () => ask(glue.open),
    receipt: () => (live ? glue.receipt() : null),
    audit: () =>
      live
        ? glue.audit()
        : {
            time: new Date().toISOString(),
            page: location.origin + location.pathname,
            started: performance.now(),
            status: status(),
            policies: [],
            blocked: list(),
            refused: list(),
            leaks: list(),
            hosts: list(),
          },
    on(/** @type {any} */ event, /** @type {any} */ listener) {
      let ended = false;
      let end = () => {};
      tell(() => {
        if (!ended) end = glue.on(event, listener);
      });
      return () => {
        ended = true;
        end();
      };
    },
  };
  return {
    api: /** @type {Nosale} */ (api),
    /** The module starts: while it does, the page may hear of it and ask. */
    begin: () => void (live = true),
    /** It has started, or has not. @param {unknown} [error] */
    done(error) {
      live = !error;
      if (live && !out) catchUp();
      for (const call of calls) call(error);
    },
  };
}
