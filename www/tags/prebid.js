// Prebid.js.

import { first } from './queue.js';

/**
 * Takes its access to what the device stores, and with it its modules' ids, before the page's own
 * commands; gives back what the page had set.
 * @type {import('../tags.js').Way}
 */
export const prebid = (tag, value, fresh) => {
  tag.kept ??= {};
  const run = () => {
    const { kept } = tag;
    if (tag.denied) kept.before ??= value.getConfig('deviceAccess') ?? true;
    if (tag.denied || kept.before !== undefined) value.setConfig({ deviceAccess: !tag.denied && kept.before });
    tag.told = true;
  };
  return first(tag, value, 'que', run, fresh);
};
