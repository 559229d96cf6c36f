// What ad systems find in the place of the module's `__gpp` and `__uspapi`: before it has started, and
// where it has failed.

/** @param {'stub' | 'error'} cmpStatus */
const ping = (cmpStatus) => ({
  gppVersion: '1.1',
  cmpStatus,
  cmpDisplayStatus: 'hidden',
  signalStatus: 'not ready',
  supportedAPIs: [],
  cmpId: 0,
  sectionList: [],
  applicableSections: [],
  gppString: '',
  parsedSections: {},
});

/** @type {Function[]} */
const stubs = [];

/**
 * Lets a page without stubs of its own ask already: the module takes over what they keep. Gives what
 * takes those away that nobody has asked.
 */
export function stub() {
  const given = ['__gpp', '__uspapi'].filter((name) => !(name in window));
  for (const name of given) {
    /** @type {any[][]} */
    const queue = [];
    const keep = (/** @type {any[]} */ ...call) => {
      if (!call.length) return queue;
      if (call[0] === 'ping' && name === '__gpp') call[1]?.(ping('stub'), true);
      else queue.push(call);
      return undefined;
    };
    Object.defineProperty(window, name, { value: Object.assign(keep, { queue }), configurable: true, writable: true });
    stubs.push(keep);
  }
  return () => {
    for (const name of given) {
      const there = Reflect.get(window, name);
      if (stubs.includes(there) && !there.queue.length) Reflect.deleteProperty(window, name);
    }
  };
}

/** Where the module has failed, `__gpp` says so and nothing else (GPP CMP API, `cmpStatus`). */
export function silence() {
  /** @type {(command: string, callback?: unknown) => void} */
  const gpp = (command, callback) => {
    if (command === 'ping' && typeof callback === 'function') callback(ping('error'), true);
  };
  for (const [name, value] of Object.entries({ __gpp: gpp, __uspapi: () => {} })) {
    // Another tool's function, or a stub of the page's, stays.
    const there = Object.getOwnPropertyDescriptor(window, name);
    if (there && (there.get || stubs.includes(there.value))) Object.defineProperty(window, name, { value, writable: true });
  }
}
