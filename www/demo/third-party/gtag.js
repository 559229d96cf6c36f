// Stands in for the Google tag: it counts the page view, with an id of the visitor's where consent mode
// leaves it one.
(function () {
  'use strict';

  const origin = '__ORIGIN__';
  const page = /** @type {Window & { dataLayer?: any[] }} */ (window);
  const layer = (page.dataLayer = page.dataLayer ?? []);
  /** @type {Record<string, string>} */
  const consent = {};

  /** @param {any} entry an `arguments` object; whatever else is no command */
  function take(entry) {
    if (Object.prototype.toString.call(entry) !== '[object Arguments]') return;
    if (entry[0] === 'consent') Object.assign(consent, entry[2]);
    if (entry[0] !== 'config') return;
    const denied = (/** @type {string} */ key) => consent[key] === 'denied';
    const query = new URLSearchParams({ en: 'page_view', tid: entry[1], dl: location.pathname });
    query.set('gcs', `G1${denied('ad_storage') ? 0 : 1}${denied('analytics_storage') ? 0 : 1}`);
    if (denied('ad_personalization')) query.set('npa', '1');
    if (!denied('analytics_storage')) {
      const known = /(?:^|; )_ga=([^;]*)/.exec(document.cookie)?.[1] ?? `GA1.1.${Date.now()}`;
      document.cookie = `_ga=${known}; Path=/; Max-Age=63072000; SameSite=Lax`;
      query.set('cid', known);
    }
    fetch(`${origin}/g/collect?${query}`, { method: 'POST', mode: 'no-cors', keepalive: true }).catch(() => {});
  }

  layer.forEach(take);
  const { push } = layer;
  layer.push = function (/** @type {any[]} */ ...entries) {
    entries.forEach(take);
    return push.apply(this, entries);
  };
})();
