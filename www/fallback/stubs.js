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

/** @type {any[]} */
const stubs = [];

/**
 * Lets a page without stubs of its own ask already, by the stub of the GPP CMP API: the module takes over
 * what is kept here. Gives what takes those away that nobody has asked.
 */
export function stub() {
  const given = ['__gpp', '__uspapi'].filter((name) => !(name in window));
  for (const name of given) {
    /** @type {any} */
    const keep = (/** @type {any} */ command, /** @type {any} */ callback, /** @type {any[]} */ ...more) => {
      const { queue, events } = keep;
      const tell = (/** @type {string} */ eventName, /** @type {number} */ listenerId) =>
        callback?.({ eventName, listenerId, data: true, pingData: ping('stub') }, true);
      if (!command) return queue;
      if (name !== '__gpp') queue.push([command, callback, ...more]);
      else if (command === 'events') return events;
      else if (command === 'ping') callback?.(ping('stub'), true);
      else if (command === 'addEventListener') {
        keep.last += 1;
        events.push({ id: keep.last, callback, parameter: more[0] });
        tell('listenerRegistered', keep.last);
      } else if (command === 'removeEventListener') {
        keep.events = events.filter((/** @type {any} */ event) => event.id !== more[0]);
        tell('listenerRemoved', more[0]);
      } else queue.push([command, callback, ...more]);
      return undefined;
    };
    Object.assign(keep, { queue: [], events: [], last: 0 });
    Object.defineProperty(window, name, { value: keep, configurable: true, writable: true });
    stubs.push(keep);
  }
  return () => {
    for (const name of given) {
      const there = Reflect.get(window, name);
      if (stubs.includes(there) && !there.queue.length && !there.last) Reflect.deleteProperty(window, name);
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
