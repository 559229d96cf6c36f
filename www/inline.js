// The inline snippet, for a page that loads nosale.js with `async`: a publisher pastes what the build
// makes of this into the page, first in the head. It holds what scripts send to other sites until
// nosale.js takes over, or until the page has loaded without it where nothing is known to be denied.
//
// It must stay within 1,024 bytes and is written for that: a block in place of a function, parameters
// in place of variables, one proxy for everything. `hold.js` does the same with the room that it takes:
// constructors, styles and links are held there only.

{
  let names = Object.getOwnPropertyNames,
    /** What puts the functions back. @type {((_?: any) => unknown)[]} */
    undo = [],
    /** What sends, or makes elements of a text; of attributes, those that load. */
    sending = /^(src|set[AR]|ope|sen|wr)|.HTML/,
    /** An address on another host than the page's, without its `www.`, or one below that. */
    foreign = RegExp(`[\\\\/]{2}(?!([\\w-]+\\.)*${location.host.replace('www.', '')}(/|$))`),
    /** The signal is on, or a record is there in which more stands than opt-ins. */
    denied =
      /** @type {any} */ (navigator).globalPrivacyControl || /nosale=(?!1\S+[-ci]{5}\S+-\.-)/.test(document.cookie),
    /** Elements and requests that have something held, which nothing may overtake. @type {any} */
    held = new Set(),
    /** @type {any} */
    replay,
    /** Settled when what is held may go. Each thing is one `then`: they run in order. */
    queue = new Promise((begin) => (replay = begin)),
    wrap = (
      /** @type {any} */ owner,
      /** @type {string} */ name,
      /** @type {(_?: any) => any} */ now = (_) => owner.__lookupSetter__(name) || owner[name],
      original = now(),
      put = (/** @type {any} */ value) =>
        original.name != name ? owner.__defineSetter__(name, value) : (owner[name] = value),
      made = new Proxy(original, {
        apply(tree, self, values) {
          if (held && (held.has(self) || foreign.test(/** @type {any} */ (values.map((value) => value?.url || value))))) {
            if (/T|w/.test(name)) {
              // Markup goes in at once but for `src`, which the setter gives back that is held here: the
              // page finds its elements. What a policy has vouched for stays as it is.
              tree = self.content || self.parentNode || self;
              original.apply(
                self,
                values.map((value) => value?.replace?.(/\ssrc\s*=/gi, ' data-_=') ?? value),
              );
              return tree.querySelectorAll('[data-_]').forEach((/** @type {any} */ element) => {
                element.src = element.dataset._;
                delete element.dataset._;
              });
            }
            // The fifth letter of setAttribute.
            if (name[4] != 't' || sending.test(values[0])) {
              // Without an object, as `fetch` is called, there is nothing to overtake.
              held.add(self || {});
              return queue.then((_) => now().apply(self, values));
            }
          }
          return original.apply(self, values);
        },
      }),
    ) => (
      put(made),
      // Only where no function of the page's is on top. Who has saved ours goes by nosale's from then on.
      undo.push((_) => now() == made && (put(original), queue.then((_) => (original = now()))))
    ),
    /** @type {(_?: any) => any} */ release = (_) => {
      held = 0;
      undo.map((act) => act());
      return replay;
    };
  wrap(window, 'fetch');
  names(window).map(
    (/** @type {any} */ owner) =>
      /^(HTML[EIMS]|El|Sh|Do|XM|Nav)/.test(owner) &&
      names((owner = /** @type {any} */ (window)[owner].prototype)).map((name) => sending.test(name) && wrap(owner, name)),
  );
  // @ts-ignore: a global of the page's, in whose place nosale.js puts its own.
  nosale = { release, allows: (_) => !denied && null };
  addEventListener('load', (_) => denied || release()());
}
