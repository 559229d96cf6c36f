// Workers. One whose code is a blob or a data: address runs a prelude first, which wraps what is in
// its realm. One that has a file of its own is left alone: its response has its own policy.

import { denied, isUp } from './ask.js';
import { addresses, blobOf, madeBy, textOf } from './blobs.js';
import { imported } from './markup.js';
import { prelude } from './prelude.js';
import {
  Blob,
  Map,
  URL,
  apply,
  btoa,
  construct,
  createObjectURL,
  encodeURIComponent,
  exec,
  getKey,
  read,
  revokeObjectURL,
  setKey,
  settled,
  stringify,
  typeOf,
} from './saved.js';
import { maker, method } from './veil.js';

/** An address that no request reaches. */
export const NOWHERE = `blob:${location.origin}/0`;
/** Before any script can change how functions are written. */
const RUN = `${prelude}`;
const DATA = /^(data:[^,]*?)(;\s*base64\s*)?,([^]*)$/i;

let rules = '';
/** Shared workers are found by their address: the same one must come again. @type {Map<string, string>} */
const shared = new Map();

/** @param {string} text the rules in force, for what cannot ask */
export function tell(text) {
  rules = text;
}

/**
 * The address of code that runs a prelude, and imports nothing denied by name.
 * @param {string} address
 * @param {boolean} module
 * @param {string} start
 */
function shielded(address, module, start) {
  const blob = blobOf(address);
  // Only a module names what it imports before anything of it runs.
  const text = module || (!blob && address[0] === 'b') ? textOf(address) : '';
  const other = imported(text, document);
  if (!start && other === text) return address;
  const data = /** @type {RegExpExecArray | null} */ (apply(exec, DATA, [address]));
  if (data && other === text) {
    while (start.length % 3) start += ' ';
    return `${data[1]}${data[2] ?? ''},${data[2] ? btoa(start) : encodeURIComponent(start)}${data[3]}`;
  }
  if (data) return `${data[1]},${encodeURIComponent(start + other)}`;
  const rest = other === text && blob ? blob : other;
  if (rest === '') return address;
  const type = (blob && read(typeOf, blob)) || 'text/javascript';
  return apply(createObjectURL, URL, [new Blob([start, rest], /** @type {any} */ ({ __proto__: null, type }))]);
}

/** @param {any} realm */
export function workers(realm) {
  addresses(realm);
  // A text cannot stand in for what a policy of the page's has vouched for.
  const own = (/** @type {any} */ value) => (typeof value === 'string' ? madeBy(value) : '');
  const wrap = (/** @type {'Worker' | 'SharedWorker'} */ name) =>
    maker(realm, name, (original, values, target) => {
      if (!isUp() || !values.length) return construct(original, values, target);
      const given = (values[0] = settled(values[0]));
      let address = own(given);
      if (!address) address = denied(given, 'worker', realm.document) ? NOWHERE : given;
      else {
        const options = values[1];
        let module = false;
        if (options && typeof options === 'object') {
          const { type } = options;
          // A getter could give something else to the browser.
          const kind = type === undefined ? type : `${type}`;
          values[1] = { __proto__: options, type: kind };
          module = kind === 'module';
        }
        const start = `(${RUN})(${stringify(rules)});`;
        address = (name[0] === 'S' && apply(getKey, shared, [given])) || shielded(address, module, start);
        if (name[0] === 'S') apply(setKey, shared, [given, address]);
      }
      values[0] = address;
      const made = construct(original, values, target);
      if (name[0] === 'W' && address !== given && address[0] === 'b') apply(revokeObjectURL, URL, [address]);
      return made;
    });
  wrap('Worker');
  wrap('SharedWorker');
  method(realm.Worklet?.prototype, 'addModule', (original, self, values) => {
    if (isUp() && values.length) {
      values[0] = settled(values[0]);
      const address = own(values[0]);
      if (address) values[0] = shielded(address, true, '');
      else if (denied(values[0], 'worklet', realm.document)) values[0] = NOWHERE;
    }
    return apply(original, self, values);
  });
}
