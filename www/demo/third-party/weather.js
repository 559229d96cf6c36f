// A partner's widget: the weather, where the page has room for it.
(function () {
  'use strict';

  const origin = '__ORIGIN__';
  const place = document.getElementById('weather');
  if (!place) return;

  const picture = document.createElement('img');
  picture.src = `${origin}/weather.svg`;
  picture.alt = '';
  picture.width = 28;
  picture.height = 28;
  picture.style.cssText = 'inline-size:28px;block-size:28px;margin-inline-end:8px';
  const text = document.createElement('span');
  text.textContent = '57°F, clearing by noon. High water 11:42.';
  place.replaceChildren(picture, text);
})();
