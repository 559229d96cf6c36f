// The demo panel: what nosale decided, what reached the third parties, what the collector stored.

import { refresh as refreshArrivals } from './arrivals.js';
import { refresh as refreshEvents } from './collector.js';
import { byId, element, show } from './dom.js';
import { forget, forgetAt } from './forget.js';
import { facts, read } from './reading.js';

/** @import { Blocked, Nosale, Status } from "../../../nosale" */

const ARRIVALS_EVERY = 1000;
const EVENTS_EVERY = 3000;
const HELD_SHOWN = 8;

const panel = /** @type {HTMLDetailsElement} */ (byId('demo'));
const endpoint = panel.dataset.endpoint ?? '';

/** @returns {Status | undefined} */
function status() {
  try {
    return window.nosale?.status();
  } catch (error) {
    note(`nosale.status() failed: ${error}`);
    return undefined;
  }
}

function showState() {
  const now = status();
  panel.dataset.state = read(now).state;
  show(byId('demo-state'), read(now), ({ headline, sentences }) => [
    element('p', 'demo-headline', headline),
    ...sentences.map((sentence) => element('p', '', sentence)),
  ]);
  show(byId('demo-facts'), facts(now), (pairs) =>
    pairs.flatMap(([name, value]) => [element('dt', '', name), element('dd', '', value)]),
  );
  show(byId('demo-status'), now ? JSON.stringify(now, null, 2) : 'nosale is not on this page.', (text) => [
    document.createTextNode(text),
  ]);
  for (const name of ['out', 'in', 'open']) {
    const button = panel.querySelector(`[data-do="${name}"]`);
    if (button instanceof HTMLButtonElement) button.disabled = !now;
  }
}

/**
 * @param {string} text
 */
function note(text) {
  byId('demo-note').textContent = text;
}

/** @type {Blocked[]} */
const held = [];

function showHeld() {
  show(byId('demo-held'), held, (list) =>
    list.map(({ url, host, vendor, way }) =>
      element(
        'li',
        '',
        element('span', 'demo-address', url || host),
        element('span', 'demo-tag', [way, vendor].filter(Boolean).join(', ')),
      ),
    ),
  );
}

let tries = 0;

/** Reaches for each third party by the usual ways, as scripts do at any time in a page's life. */
function tryAgain() {
  tries += 1;
  const { tracker, video, partner } = panel.dataset;
  const script = document.createElement('script');
  script.src = `${tracker}/tag.js?try=${tries}`;
  document.head.append(script);
  new Image().src = `${tracker}/pixel.gif?try=${tries}`;
  const sent = [tracker, video, partner].map((origin) =>
    fetch(`${origin}/collect?try=${tries}`, { method: 'POST', mode: 'no-cors' }),
  );
  Promise.allSettled(sent).then((results) => {
    const failed = results.filter(({ status }) => status === 'rejected').length;
    note(`Try ${tries}: a script, a pixel and ${sent.length} requests were made; ${failed} of the requests failed.`);
  });
}

async function forgetEverywhere() {
  const others = (panel.dataset.publishers ?? '').split(' ').filter((origin) => origin && origin !== location.origin);
  await Promise.all(others.map(forgetAt));
  forget();
  location.reload();
}

/** @type {Record<string, (api: Nosale | undefined) => unknown>} */
const actions = {
  out: (api) => api?.optOut(),
  in: (api) => api?.optIn(),
  open: (api) => api?.open(),
  again: tryAgain,
  reload: () => location.reload(),
  forget: forgetEverywhere,
  clear: async () => {
    await fetch('/_clear', { method: 'POST' });
    await refreshArrivals(byId('demo-arrivals'));
  },
};

panel.addEventListener('click', async (event) => {
  const button = event.target instanceof Element ? event.target.closest('[data-do]') : null;
  const action = button instanceof HTMLElement ? actions[button.dataset.do ?? ''] : undefined;
  if (!action) return;
  note('');
  try {
    await action(window.nosale);
  } catch (error) {
    note(String(error));
  }
  showState();
});

for (const name of ['nosale:ready', 'nosale:change']) {
  document.addEventListener(name, () => {
    showState();
    // The report leaves after the choice has taken effect.
    setTimeout(() => refreshEvents(byId('demo-events'), endpoint), 500);
  });
}

document.addEventListener('nosale:blocked', (event) => {
  held.unshift(event.detail);
  held.length = Math.min(held.length, HELD_SHOWN);
  showHeld();
  showState();
});

/**
 * Does it now, and again each time the pause is over, while somebody can see it.
 * @param {number} pause in milliseconds
 * @param {() => unknown} work
 */
async function repeat(pause, work) {
  if (!document.hidden && panel.open) await work();
  setTimeout(repeat, pause, pause, work);
}

const FOLDED = 'demo-panel-folded';
try {
  if (sessionStorage.getItem(FOLDED)) panel.open = false;
  panel.addEventListener('toggle', () => {
    if (panel.open) sessionStorage.removeItem(FOLDED);
    else sessionStorage.setItem(FOLDED, '1');
  });
} catch {
  // Storage is blocked: the panel is open on each page.
}

repeat(ARRIVALS_EVERY, () => {
  showState();
  return refreshArrivals(byId('demo-arrivals'));
});
repeat(EVENTS_EVERY, () => refreshEvents(byId('demo-events'), endpoint));
