// Holds what scripts of the page send to other sites until something has decided, and sends it then:
// what is permitted is late, never lost. It is the inline snippet's as well as the fallback's, so it
// is small: one proxy for everything, patterns for tables, no rule.

/** The interfaces that have something that sends. Links are left alone: they send nothing by themselves. */
const OWNERS = /^(HTML(?!An|Ar|B)|Elem|Shadow|Docum|Range|DOMPar|CSSStyle|XMLHttp|Navig|ServiceWorkerC|RTCPeer)/;
/** What sends, is given an address, or makes elements of a text. */
const NAMES =
  /^(src.*|href|data|poster|style|cssText|set(Attribute(NS)?|Property|Req.*|HTML.*|LocalD.*)|insert(Rule|.*HTML)|replaceS.*|(inn|out)erHTML|write.*|parseF.*|createC.*t|open|send.*|fetch.*|register|\w*Worker|Web[ST]\w*t|EventSource|Audio)$/;
/** The attributes that send. */
const ATTRIBUTES = ['src', 'srcset', 'href', 'data', 'poster', 'srcdoc', 'style'];
/** What is before an attribute's name while it waits. */
const OURS = 'nosale-';

/**
 * Whether an address is of the page's own host, with or without `www.`, or of a host below.
 * @param {URL} address
 */
export const isOwn = (address) => `.${address.hostname}`.endsWith(`.${location.hostname.replace(/^www\./, '')}`);

/**
 * Starts to hold.
 * @param {(address: URL) => unknown} permitted which addresses need not wait
 * @returns {() => () => void} `release`, which puts the browser's own functions back and returns `replay`.
 *   That does in order what was held, before the next task, by the functions that are there then.
 */
export function hold(permitted) {
  const { apply, construct, defineProperty, getOwnPropertyDescriptor } = Reflect;
  /** What begins what was held; not there once that has begun. @type {((value?: any) => void)[] | null} */
  let queue = [];
  let holding = true;
  /** @type {(() => (() => void) | false)[]} */
  const wrapped = [];
  /** Elements and requests that have something held: what comes later must not overtake it. */
  const held = new Set();

  /**
   * @template Result
   * @param {() => Result} act
   * @returns {Promise<Result>}
   */
  const later = (act) => new Promise((begin) => (queue ? queue.push(begin) : begin(0))).then(act);

  /**
   * Whether anything in a text must wait: an address, a list of some, CSS, a document.
   * @param {any} value
   */
  const waits = (value) =>
    `${value?.url ?? value}`.split(/[\s"'`(),;=<>]+/).some((part) => {
      try {
        const address = new URL(part, document.baseURI);
        return address.protocol === 'blob:' || (address.hostname && !permitted(address));
      } catch {
        return false;
      }
    });

  /**
   * Gives elements back what was taken off their markup.
   * @param {any} tree
   */
  const restore = (tree) => {
    for (const name of ATTRIBUTES) {
      for (const element of tree.querySelectorAll(`[${OURS}${name}]`)) {
        const value = element.getAttribute(OURS + name);
        element.removeAttribute(OURS + name);
        element.setAttribute(name, value);
      }
    }
  };

  /**
   * Takes off what must wait.
   * @param {any} markup
   */
  const mask = (markup) =>
    markup.replace(/<(?!a\b)[^>]+/gi, (/** @type {string} */ tag) =>
      tag.replace(/([\s"'/])(\w+)(?=\s*=\s*("[^"]*|'[^']*|[^\s>]+))/g, (all, before, name, value) =>
        ATTRIBUTES.includes(name.toLowerCase()) && waits(value) ? before + OURS + name : all,
      ),
    );

  /**
   * Stands for an object that is not made yet, or for a part of it: passes on what is done to it.
   * @param {() => any} real
   * @param {() => any} [owner]
   * @returns {any}
   */
  const standIn = (real, owner) =>
    new Proxy(() => {}, {
      get: (_, key) => {
        const object = real();
        const value = object?.[key];
        return object ? (value?.bind?.(object) ?? value) : standIn(() => real()[key], real);
      },
      set: (_, key, value) => !!later(() => (real()[key] = value)),
      apply: (_, __, values) => {
        /** @type {any} */
        let given;
        later(() => (given = apply(real(), owner?.(), values)));
        return standIn(() => given);
      },
    });

  /** @param {any} owner */
  const wrap = (owner) => {
    for (const name of Object.getOwnPropertyNames(owner)) {
      if (!NAMES.test(name)) continue;
      const before = /** @type {any} */ (getOwnPropertyDescriptor(owner, name));
      const part = before.set ? 'set' : 'value';
      let original = before[part];
      if (!original) continue;
      const now = () => /** @type {any} */ (getOwnPropertyDescriptor(owner, name))[part];
      const made = new Proxy(original, {
        apply(_, self, values) {
          if (!holding) return apply(original, self, values);
          if (/ML|^wr|Fr/.test(name)) {
            const masked = values.map((value) => (typeof value === 'string' ? mask(value) : value));
            const tree = self.content ?? self.getRootNode?.();
            const given = apply(original, self, masked);
            if (`${masked}` !== `${values}`) later(() => restore(tree ?? given));
            return given;
          }
          const isAttribute = /^setA/.test(name);
          // A request that is opened anew is another one.
          if (name === 'open') held.delete(self);
          if (
            isAttribute && (!ATTRIBUTES.includes(`${values[values.length - 2]}`.toLowerCase()) || self.localName === 'a')
              ? false
              : held.has(self) ||
                /^setL/.test(name) ||
                (!/^send$|^setR/.test(name) && waits(name === 'open' ? values[1] : /^set|^ins/.test(name) ? values : values[0]))
          ) {
            if (isAttribute || part === 'set' || name === 'open') held.add(self);
            return later(() => apply(now(), self, values));
          }
          return apply(original, self, values);
        },
        construct(_, values, target) {
          if (!holding || !waits(values[0])) return construct(original, values, target);
          /** @type {any} */
          let object;
          later(() => (object = construct(now(), values)));
          return standIn(() => object);
        },
      });
      defineProperty(owner, name, { ...before, [part]: made });
      wrapped.push(() => {
        // A page's own function on top of ours stays, and ours passes on what comes.
        if (now() !== made) return false;
        defineProperty(owner, name, before);
        // Who has saved ours comes by what is there from now on.
        return () => (original = now());
      });
    }
  };

  wrap(window);
  for (const name of Object.getOwnPropertyNames(window)) {
    if (OWNERS.test(name)) wrap(/** @type {any} */ (window)[name].prototype);
  }
  return () => {
    holding = false;
    const renew = wrapped.map((release) => release());
    return () => {
      for (const act of renew) if (act) act();
      for (const begin of queue ?? []) begin();
      queue = null;
      later(() => restore(document));
    };
  };
}
