// The collector's last events.

import { element, show } from './dom.js';

/**
 * @typedef {object} Stored
 * @property {number} sequence
 * @property {string} received
 * @property {{ type?: string, source?: string, data?: { kind?: string, how?: string } }} event
 */

/**
 * @param {HTMLElement} parent
 * @param {string} endpoint
 */
export async function refresh(parent, endpoint) {
  if (!endpoint) {
    show(parent, 'none', () => [
      element('p', 'demo-quiet', 'No collector was given: choices hold, reports go nowhere.'),
    ]);
    return;
  }
  try {
    const response = await fetch(new URL('/v1/events?limit=5&order=desc', endpoint));
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    const { events } = /** @type {{ events: Stored[] }} */ (await response.json());
    show(parent, events, draw);
  } catch (error) {
    const why = error instanceof TypeError ? 'it doesn’t answer, or not to this page' : String(error);
    show(parent, why, () => [
      element('p', 'demo-quiet', `Can’t ask the collector: ${why}. Reports wait in this browser until it is back.`),
    ]);
  }
}

/**
 * @param {Stored[]} events
 */
function draw(events) {
  if (events.length === 0) return [element('p', 'demo-quiet', 'No event yet.')];
  return events.map(({ sequence, received, event }) => {
    const { kind, how } = event.data ?? {};
    const what = [kind?.replaceAll('_', ' '), how && `by ${how}`].filter(Boolean).join(', ');
    const time = new Date(received);
    const clock = Number.isNaN(time.getTime()) ? String(received) : time.toLocaleTimeString();
    return element(
      'details',
      'demo-event',
      element(
        'summary',
        '',
        element('span', 'demo-quiet', `${sequence} `),
        element('strong', '', event.type ?? 'event'),
        ` ${what} `,
        element('small', 'demo-quiet', clock),
      ),
      element('pre', '', JSON.stringify(event, null, 2)),
    );
  });
}
