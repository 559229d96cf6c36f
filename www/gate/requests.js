// What scripts ask for without an element. A denied request is sent to where nothing is: it fails in
// the browser's own way and words.

import { denied, isUp } from './ask.js';
import { fail } from './markup.js';
import { abort, apply, construct, edit, exec, finds, listFrom, read, setAttribute, settled, signalOf, urlOfRequest } from './saved.js';
import { maker, method, setter } from './veil.js';
import { NOWHERE } from './workers.js';

const NO_HOST = 'nosale.invalid';
const ADDRESS = /[/:]/;

/** @param {any} realm */
export function requests(realm) {
  const { TypeError, Promise, AbortController, document } = realm;
  const prototype = (/** @type {string} */ name) => realm[name]?.prototype;
  const { reject } = Promise;
  const lost = (error = new TypeError('Failed to fetch')) => apply(reject, Promise, [error]);
  /**
   * What was asked for, and whether it is denied.
   * @param {any[]} values
   * @param {string} way
   */
  const isLost = (values, way) => {
    const requested = typeof values[0] === 'object' ? read(urlOfRequest, values[0]) : undefined;
    if (requested === undefined) values[0] = settled(values[0]);
    return denied(requested ?? values[0], way, document);
  };

  method(realm, 'fetch', (original, self, values) => {
    if (!isUp() || !values.length) return apply(original, self, values);
    try {
      if (isLost(values, 'fetch')) return lost();
    } catch (error) {
      return lost(/** @type {any} */ (error));
    }
    return apply(original, self, values);
  });
  method(realm, 'fetchLater', (original, self, values) => {
    if (!isUp() || !values.length || !isLost(values, 'fetchLater')) return apply(original, self, values);
    const stop = new AbortController();
    const given = apply(original, self, [values[0], { ...values[1], signal: apply(signalOf, stop, []) }]);
    apply(abort, stop, []);
    return given;
  });
  method(prototype('Cache'), 'add', (original, self, values) =>
    isUp() && values.length && isLost(values, 'fetch') ? lost() : apply(original, self, values),
  );
  method(prototype('Cache'), 'addAll', (original, self, values) => {
    if (!isUp() || !values.length) return apply(original, self, values);
    try {
      const list = (values[0] = listFrom(values[0]));
      for (let place = 0; place < list.length; place++) {
        const one = [list[place]];
        if (isLost(one, 'fetch')) return lost();
        list[place] = one[0];
      }
    } catch (error) {
      return lost(/** @type {any} */ (error));
    }
    return apply(original, self, values);
  });
  method(prototype('XMLHttpRequest'), 'open', (original, self, values) => {
    if (isUp() && values.length > 1) {
      values[1] = settled(values[1]);
      if (denied(values[1], 'xhr', document)) values[1] = NOWHERE;
    }
    return apply(original, self, values);
  });
  method(prototype('Navigator'), 'sendBeacon', (original, self, values) => {
    if (!isUp() || !values.length) return apply(original, self, values);
    values[0] = settled(values[0]);
    return denied(values[0], 'beacon', document) || apply(original, self, values);
  });
  method(prototype('ServiceWorkerContainer'), 'register', (original, self, values) => {
    if (isUp() && values.length) {
      values[0] = settled(values[0]);
      if (denied(values[0], 'worker', document)) values[0] = NOWHERE;
    }
    return apply(original, self, values);
  });
  setter(prototype('SVGAnimatedString'), 'baseVal', (original, self, values) => {
    const value = settled(values[0]);
    // Class names are set by this, too.
    if (!finds(ADDRESS, `${value}`) || !denied(value, 'svg', document)) apply(original, self, [value]);
  });

  /**
   * @param {string} name
   * @param {string} way
   * @param {string} nowhere
   */
  const made = (name, way, nowhere) =>
    maker(realm, name, (original, values, target) => {
      let close = false;
      if (isUp() && values.length) {
        values[0] = settled(values[0]);
        close = denied(values[0], way, document);
        if (close) values[0] = nowhere;
      }
      const object = construct(original, values, target);
      // Or it would look for the host.
      if (close && nowhere !== NOWHERE) apply(original.prototype.close, object, []);
      return object;
    });
  made('EventSource', 'eventsource', NOWHERE);
  made('WebSocket', 'websocket', `wss://${NO_HOST}/`);
  made('WebSocketStream', 'websocket', `wss://${NO_HOST}/`);
  made('WebTransport', 'webtransport', `https://${NO_HOST}/`);
  maker(realm, 'RTCPeerConnection', (original, values, target) => {
    if (values.length) values[0] = spoken(values[0], document);
    return construct(original, values, target);
  });
  method(prototype('RTCPeerConnection'), 'setConfiguration', (original, self, values) => {
    if (values.length) values[0] = spoken(values[0], document);
    return apply(original, self, values);
  });
  maker(realm, 'Audio', (original, values, target) => {
    if (!isUp() || !values.length) return construct(original, values, target);
    values[0] = settled(values[0]);
    const stop = denied(values[0], 'audio', document);
    const audio = construct(original, stop ? [] : values, target);
    if (stop) {
      // As the constructor does when it is given an address.
      apply(setAttribute, audio, ['preload', 'auto']);
      fail(audio, 'audio');
    }
    return audio;
  });
}

const LIST = /[^,\s]+/g;
const SERVER = /^(?:stun|turn)s?:([^?]*)/i;

/**
 * The configuration of a connection to others, without servers that are denied.
 * @param {any} configuration
 * @param {any} document
 */
function spoken(configuration, document) {
  const servers = isUp() && configuration?.iceServers;
  if (!servers) return configuration;
  const kept = [];
  for (let place = 0; place < servers.length; place++) {
    const addresses = `${servers[place]?.urls}`;
    const stopped = edit(addresses, LIST, (found) => {
      const host = /** @type {RegExpExecArray | null} */ (apply(exec, SERVER, [found[0]]));
      return host && denied(`https://${host[1]}`, 'webrtc', document) ? '' : undefined;
    });
    if (stopped === addresses) kept[kept.length] = servers[place];
  }
  return { ...configuration, iceServers: kept };
}
