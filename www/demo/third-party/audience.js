// A partner's audience count: that a page was read, not by whom.
(function () {
  'use strict';

  const origin = '__ORIGIN__';
  const page = /** @type {Window & { audienceRan?: number }} */ (window);
  page.audienceRan = (page.audienceRan || 0) + 1;

  fetch(`${origin}/collect?page=${encodeURIComponent(location.pathname)}`, { method: 'POST' }).catch(() => {});
  const place = document.getElementById('audience');
  if (place) place.textContent = `Readership counted by ${new URL(origin).hostname}`;
})();
