// Google Publisher Tag.

import { apply } from '../gate/saved.js';
import { first } from './queue.js';

/** @typedef {import('../tags.js').Tag} Tag */

/**
 * Restricts it before its first request, by a command that runs before the page's. While the visitor
 * is opted out, it gets neither the publisher's id of the visitor nor others' signals.
 * @type {import('../tags.js').Way}
 */
export const publisherTag = (tag, value, fresh) => {
  tag.kept ??= { signals: [] };
  value.secureSignalProviders ??= [];
  holdSignals(tag, value);
  const run = () => {
    tag.told = true;
    const ads = value.pubads();
    holdId(tag, ads);
    ads.setPrivacySettings(tag.now[0]);
    holdSignals(tag, value);
    if (tag.denied) value.secureSignalProviders.clearAllCache?.();
    else for (const provider of tag.kept.signals.splice(0)) value.secureSignalProviders.push(provider);
    if (!tag.denied && tag.kept.id) ads.setPublisherProvidedId(tag.kept.id);
  };
  return first(tag, value, 'cmd', run, fresh);
};

/**
 * @param {Tag} tag
 * @param {any} value
 */
function holdSignals(tag, value) {
  const providers = value.secureSignalProviders;
  if (tag.kept.providers === providers) return;
  tag.kept.providers = providers;
  const { push } = providers;
  /** @param {any} provider */
  providers.push = (provider) =>
    tag.denied ? tag.kept.signals.push(provider) : apply(push, providers, [provider]);
  if (tag.denied && Array.isArray(providers)) tag.kept.signals.push(...providers.splice(0));
}

/**
 * @param {Tag} tag
 * @param {any} ads
 */
function holdId(tag, ads) {
  if (tag.kept.ads === ads) return;
  tag.kept.ads = ads;
  const set = ads.setPublisherProvidedId;
  /** @param {string} id */
  ads.setPublisherProvidedId = (id) => {
    tag.kept.id = id;
    return tag.denied ? ads : apply(set, ads, [id]);
  };
}
