// The inline snippet, for a page that loads nosale.js with `async`: a publisher pastes what the build
// makes of this into the page, first in the head. It holds what scripts send to other sites until
// nosale.js takes over, or until the page has loaded without it where nothing is known to be denied.
//
// It must stay within 1,024 bytes and is written for that: a block in place of a function, parameters
// in place of variables, arguments that nobody reads in place of statements. It runs while the page
// waits: browsers make an interface when it is first named, so only those are that must be wrapped, and
// what can wait until something is sent or asked waits. `hold.js` does the same with the room that it
// takes: constructors, styles and links are held there only.

{
  let /** Elements and requests that have something held, which nothing may overtake. @type {any} */
    held = new Set(),
    /** Puts the functions back, and returns what lets go. Each wrap is added to it. @type {(_?: any) => any} */
    release,
    /** Settled when what is held may go. Each thing is one `then`: they run in order. */
    queue = new Promise((replay) => (release = (_) => ((held = 0), replay))),
    /**
     * `false` if the signal is on, or a record is there in which more stands than opt-ins. The cookie
     * is not read before it must be.
     * @type {(_?: any) => false | null}
     */
    allows = (_) =>
      /** @type {any} */ (navigator).globalPrivacyControl || /nosale=(?!1\S+[-ci]{5}\S+-\.-)/.test(document.cookie)
        ? false
        : null,
    wrap = (
      /** @type {string} */ name,
      /** @type {any} */ owner = self,
      before = release,
      /** @type {(_?: any) => any} */ now = (_) => owner.__lookupSetter__(name) || owner[name],
      original = now(),
      put = (/** @type {any} */ value) =>
        original.name != name ? owner.__defineSetter__(name, value) : (owner[name] = value),
      made = new Proxy(original, {
        // To hold are values with an address on another host than the page's, without its `www.`, or one
        // below that. Of attributes, those that load.
        apply: (_, self, values) =>
          held &&
          (held.has(self) ||
            (values.map((/** @type {any} */ value) => value?.url || value) + '').match(
              `[\\\\/]{2}(?!([\\w-]+\\.)*${location.host.replace('www.', '')}(/|$))`,
            )) &&
          // The fifth letter of setAttribute.
          (name[4] != 't' || /^,?src/i.test(/** @type {any} */ (values)))
            ? /T|w/.test(name)
              ? // Markup goes in at once but for `src`, which the setter gives back that is held here: the
                // page finds its elements. What a policy has vouched for stays as it is.
                [
                  self.content || self.parentNode || self,
                  original.apply(
                    self,
                    values.map((/** @type {any} */ value) => value?.replace?.(/\ssrc\s*=/gi, ' data-_=') ?? value),
                  ),
                ][0]
                  .querySelectorAll('[data-_]')
                  .forEach((/** @type {any} */ element) => {
                    element.src = element.dataset._;
                    delete element.dataset._;
                  })
              : // Without an object, as `fetch` is called, there is nothing to overtake.
                queue.then((_) => now().apply(self, values), held.add(self || {}))
            : original.apply(self, values),
      }),
    ) => {
      put(made);
      // Only where no function of the page's is on top. Who has saved ours goes by nosale's from then on.
      release = (_) => before(now() == made && queue.then((_) => (original = now()), put(original)));
    };
  wrap('fetch');
  // Interfaces, of elements by the middle of their names.
  // @ts-ignore: a template's text is a text to split by.
  'Embed Source Script IFrame Image Input Media ShadowRoot XMLHttpRequest Navigator Element Document'.split` `.map(
    (/** @type {any} */ owner) =>
      // What sends, or makes elements of a text.
      `${Object.keys((owner = (/** @type {any} */ (self)[`HTML${owner}Element`] || /** @type {any} */ (self)[owner]).prototype))}`.replace(
        /\b(src|se[nt]|op|wr|\w+HTML)\w*/g,
        (name) => /** @type {any} */ (wrap(name, owner)),
      ),
  );
  // @ts-ignore: a global of the page's, in whose place nosale.js puts its own.
  (nosale = release).allows = allows;
  addEventListener('load', (_) => allows() ?? release()());
}
