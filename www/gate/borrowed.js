// Frames of the page: the ways to another realm's functions, and to a frame's address.

import { denied, isUp } from './ask.js';
import { isFrame, leads } from './frames.js';
import {
  apply,
  composedPath,
  destinationOf,
  destinationUrl,
  each,
  eventType,
  frameOf,
  localNameOf,
  listen,
  preventDefault,
  read,
  settled,
  submitterOf,
  targetOf,
  viewOf,
} from './saved.js';
import { getter, method } from './veil.js';

/**
 * @param {any} realm
 * @param {(realm: any) => void} adopt wraps a realm
 * @returns {() => void} listens again, where that was taken away
 */
export function borrowed(realm, adopt) {
  const prototype = (/** @type {string} */ name) => realm[name]?.prototype;
  each('HTMLIFrameElement HTMLFrameElement HTMLObjectElement HTMLEmbedElement', (name) => {
    getter(prototype(name), 'contentWindow', (original, self) => {
      const found = apply(original, self, []);
      if (isUp()) adopt(found);
      return found;
    });
    const within = (/** @type {Function} */ original, /** @type {any} */ self) => {
      const found = apply(original, self, []);
      if (isUp() && found) adopt(read(viewOf, found));
      return found;
    };
    getter(prototype(name), 'contentDocument', within);
    method(prototype(name), 'getSVGDocument', within);
  });
  /** @type {import('./veil.js').Instead} */
  const open = (original, self, values) => {
    if (isUp() && values.length) {
      values[0] = settled(values[0] ?? '');
      if (values.length > 1) values[1] = settled(values[1] ?? '');
      if (denied(values[0], 'iframe', realm.document) && isFrame(realm, values[1])) return null;
    }
    const opened = apply(original, self, values);
    if (isUp()) adopt(opened);
    return opened;
  };
  method(realm, 'open', open);
  method(prototype('Document'), 'open', (original, self, values) => {
    // With three arguments it is that of the window.
    if (values.length > 2) return open(original, self, values);
    const opened = apply(original, self, values);
    hear();
    return opened;
  });
  each('submit requestSubmit', (name) =>
    method(prototype('HTMLFormElement'), name, (original, self, values) =>
      leads(realm, self, values[0]) ? undefined : apply(original, self, values),
    ),
  );
  method(prototype('HTMLElement'), 'click', (original, self, values) => {
    // The window does not hear it, or not of what: outside of the document, in a closed shadow root.
    if (isUp() && leads(realm, self)) listen(self, 'click', clicked);
    return apply(original, self, values);
  });
  // A click that cannot be prevented, or that the window does not see.
  method(prototype('EventTarget'), 'dispatchEvent', (original, self, values) =>
    isUp() && values[0] && read(eventType, values[0]) === 'click' && leads(realm, self) ? true : apply(original, self, values),
  );
  if (realm !== window)
    method(prototype('Navigation'), 'navigate', (original, self, values) => {
      if (!isUp() || !values.length) return apply(original, self, values);
      values[0] = settled(values[0]);
      if (!denied(values[0], 'iframe', realm.document)) return apply(original, self, values);
      const never = new realm.Promise(() => {});
      return { committed: never, finished: never };
    });
  /** @param {any} event */
  const clicked = (event) => {
    if (!isUp()) return;
    const path = apply(composedPath, event, []);
    for (let place = 0; path[place]; place++) if (leads(realm, path[place])) apply(preventDefault, event, []);
  };
  /** @param {any} event */
  const submitted = (event) => {
    if (isUp() && leads(realm, read(targetOf, event), read(submitterOf, event))) apply(preventDefault, event, []);
  };
  /** @param {any} event */
  const loads = (event) => {
    const loaded = isUp() && read(targetOf, event);
    if (loaded && loaded !== realm.document && read(localNameOf, loaded) === 'iframe') adopt(read(frameOf, loaded));
  };
  /** Again when a document is opened anew: that takes all listeners away. */
  const hear = () => {
    listen(realm, 'click', clicked);
    listen(realm, 'submit', submitted);
    listen(realm.document, 'load', loads);
  };
  hear();
  // Not of a frame that never left its first, empty document: the browser tells nobody of that.
  if (realm !== window && realm.navigation)
    listen(realm.navigation, 'navigate', (event) => {
      const to = read(destinationUrl, read(destinationOf, event));
      if (to && denied(to, 'iframe')) apply(preventDefault, event, []);
    });
  return hear;
}
