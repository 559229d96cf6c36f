// What a worker runs before its own code.

/**
 * Wraps what a worker makes requests with. It is read as a text, so nothing outside of it can be
 * used; it runs first in its realm, so nothing in that realm has been changed.
 * @param {string} rules a line each, see `Vendors::rules` in src/policy/vendor.rs
 */
export const prelude = function run(rules) {
  /** @type {any} */
  const realm = self;
  const nowhere = `blob:${realm.origin}/0`;
  /** @type {Map<string, (string | undefined)[][]>} */
  const hosts = new Map();
  for (const line of rules.split('\n')) {
    const rule = /^([-+!])(=?)([^/?]*)([^?]*)\?(.*)/.exec(line);
    if (rule) hosts.set(rule[3] ?? '', [...(hosts.get(rule[3] ?? '') ?? []), rule]);
  }
  /**
   * @param {any} value
   * @param {boolean} [socket]
   */
  const denied = (value, socket) => {
    let url;
    try {
      url = new URL(value, realm.location.href);
    } catch {
      return false;
    }
    if (!/^(?:http|ws)/.test(url.protocol)) return false;
    const path = url.pathname;
    const parts = url.search.slice(1).split('&');
    const has = (/** @type {string} */ term) => !term || parts.some((part) => part === term || part.startsWith(`${term}=`));
    let host = url.hostname.replace(/\.+$/, '');
    for (let below = ''; ; below = '.') {
      let size = -1;
      let mark = '';
      for (const [, kind = '', exact, , start = '', terms = ''] of hosts.get(host) ?? []) {
        const covers =
          !(exact && below) &&
          path.startsWith(start) &&
          (/^(?:.*\/)?$/.test(start) || /^(?:\/|$)/.test(path.slice(start.length))) &&
          terms.split('&').every(has);
        const length = start.length + terms.length;
        if (covers && (length > size || (length === size && kind !== '-'))) {
          size = length;
          mark = kind;
        }
      }
      if (mark) return mark === '+' || (mark === '!' && !socket);
      const dot = host.indexOf('.');
      if (dot < 0) return false;
      host = host.slice(dot + 1);
    }
  };
  /**
   * @param {any} owner
   * @param {string} name
   * @param {ProxyHandler<any>} handler
   */
  const veil = (owner, name, handler) => {
    // On what has it, or the page could take away what is before it.
    while (owner && !Object.getOwnPropertyDescriptor(owner, name)) owner = Object.getPrototypeOf(owner);
    if (!owner) return;
    const original = owner[name];
    const made = new Proxy(original, handler);
    Object.defineProperty(owner, name, { value: made });
    if (handler.construct) original.prototype.constructor = made;
  };
  /** @param {any} value */
  const asked = (value) => {
    const request = value instanceof Request;
    if (!request) value = `${value}`;
    if (denied(request ? value.url : value)) throw new TypeError('Failed to fetch');
    return value;
  };
  const fetching = (/** @type {(value: any) => any} */ settle) => ({
    apply(/** @type {Function} */ original, /** @type {any} */ self, /** @type {any[]} */ values) {
      try {
        if (values.length) values[0] = settle(values[0]);
      } catch (error) {
        return Promise.reject(error);
      }
      return Reflect.apply(original, self, values);
    },
  });
  veil(realm, 'fetch', fetching(asked));
  veil(realm.Cache?.prototype, 'add', fetching(asked));
  veil(realm.Cache?.prototype, 'addAll', fetching((list) => [...list].map(asked)));
  veil(realm, 'FontFace', {
    construct(original, values, target) {
      if (typeof values[1] === 'string')
        values[1] = values[1].replace(/url\(\s*["']?([^"')]*)/gi, (all, address) => (denied(address) ? 'url(data:,' : all));
      return Reflect.construct(original, values, target);
    },
  });
  veil(realm, 'importScripts', {
    apply: (original, self, values) =>
      Reflect.apply(original, self, values.map((value) => (denied((value = `${value}`)) ? nowhere : value))),
  });
  veil(realm.XMLHttpRequest?.prototype, 'open', {
    apply(original, self, values) {
      if (values.length > 1 && denied((values[1] = `${values[1]}`))) values[1] = nowhere;
      return Reflect.apply(original, self, values);
    },
  });
  for (const name of ['EventSource', 'WebSocket', 'WebSocketStream', 'WebTransport', 'Worker']) {
    veil(realm, name, {
      construct(original, values, target) {
        const socket = /^WebSocket/.test(name);
        const stop = values.length && denied((values[0] = `${values[0]}`), socket);
        if (stop) values[0] = name[0] === 'E' || name === 'Worker' ? nowhere : `${socket ? 'wss' : 'https'}://nosale.invalid/`;
        else if (name === 'Worker' && /^\s*(?:blob|data):/i.test(values[0])) values[0] = within(values[0]);
        const made = Reflect.construct(original, values, target);
        // Or it would look for the host.
        if (stop && /^Web/.test(name)) made.close();
        return made;
      },
    });
  }
  /** @param {string} address of another worker's code */
  const within = (address) => {
    try {
      const request = new XMLHttpRequest();
      request.open('GET', address, false);
      request.responseType = 'blob';
      request.send();
      return URL.createObjectURL(new Blob([`(${run})(${JSON.stringify(rules)});`, request.response], { type: request.response.type }));
    } catch {
      return address;
    }
  };
};
