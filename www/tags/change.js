// Vendors that take what is restricted with the page's own commands (Reddit, X).

import { Proxy, apply } from '../gate/saved.js';

/**
 * Adds parameters to the page's commands. What would run before a command that says them all stays
 * unsaid while the visitor is opted out: a tag that has begun without them, or in an older way.
 * @type {import('../tags.js').Way}
 */
export const change = (tag, value) => {
  if (tag.kept?.function === value) {
    tag.kept.restricted = false;
    return;
  }
  const kept = { function: value, restricted: false };
  const made = new Proxy(value, {
    apply(target, self, values) {
      if (tag.denied) {
        for (const [command, parameters] of tag.now) {
          if (values[0] !== command) continue;
          values[2] = { ...values[2], ...parameters };
          kept.restricted = true;
        }
        if (!kept.restricted) return undefined;
      }
      return apply(target, self, values);
    },
  });
  kept.function = made;
  tag.kept = kept;
  tag.shown = made;
};
