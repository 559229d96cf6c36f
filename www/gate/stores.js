// What a denied vendor would keep in the page's own cookies and storages.

import { deniedName, isUp } from './ask.js';
import { apply, indexOf, slice, trim } from './saved.js';
import { method, setter } from './veil.js';

/** @param {any} realm */
export function stores(realm) {
  setter(realm.Document.prototype, 'cookie', (original, self, values) => {
    const text = `${values[0]}`;
    const end = apply(indexOf, text, ['=']);
    const name = apply(trim, apply(slice, text, [0, end < 0 ? 0 : end]), []);
    if (!isUp() || !deniedName(name, 'cookie')) apply(original, self, [text]);
  });
  method(realm.CookieStore?.prototype, 'set', (original, self, values) => {
    const name = typeof values[0] === 'object' ? values[0]?.name : values[0];
    return isUp() && deniedName(`${name}`, 'cookie') ? realm.Promise.resolve() : apply(original, self, values);
  });
  method(realm.Storage?.prototype, 'setItem', (original, self, values) => {
    if (!isUp() || values.length < 2) return apply(original, self, values);
    values[0] = `${values[0]}`;
    return deniedName(values[0], 'storage') ? undefined : apply(original, self, values);
  });
}
