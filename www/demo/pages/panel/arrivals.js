// What reached the third parties, as they counted it.

import { element, show } from './dom.js';

/** @typedef {{ method: string, path: string, query: string, cookie: boolean }} Brief */
/** @typedef {{ host: string, count: number, last: Brief[] }} Host */

/** @type {Record<string, string>} */
const PARTS = {
  'tracker.localhost': 'analytics, advertising, pixel',
  'video.localhost': 'embedded player',
  'partner.localhost': 'permitted: a service provider',
  'adserver.localhost': 'ad server and page count: restricted after an opt-out',
};

/**
 * @param {HTMLElement} parent
 */
export async function refresh(parent) {
  try {
    const response = await fetch('/_arrivals');
    const { hosts } = /** @type {{ hosts: Host[] }} */ (await response.json());
    show(parent, hosts, (list) => list.map(card));
  } catch {
    show(parent, 'down', () => [element('p', 'demo-quiet', 'The demo’s server doesn’t answer.')]);
  }
}

/** Counts as they were last drawn, to mark those that grew. @type {Map<string, number>} */
const counts = new Map();

/**
 * @param {Host} host
 */
function card(host) {
  const grew = host.count > (counts.get(host.host) ?? 0);
  counts.set(host.host, host.count);
  const requests = host.last.map((brief) => {
    const address = element('span', 'demo-address', `${brief.method} ${brief.path}`);
    if (brief.query) address.append(element('span', 'demo-quiet', `?${brief.query}`));
    return element('li', '', address, ...(brief.cookie ? [element('span', 'demo-tag', 'with its cookie')] : []));
  });
  return element(
    'div',
    grew ? 'demo-host demo-grew' : 'demo-host',
    element(
      'p',
      'demo-row',
      element('strong', '', host.host, element('small', '', PARTS[host.host] ?? 'a third party')),
      element('span', host.count ? 'demo-count' : 'demo-count demo-zero', String(host.count)),
    ),
    requests.length ? element('ol', 'demo-list', ...requests) : element('p', 'demo-quiet', 'Nothing reached it.'),
  );
}
