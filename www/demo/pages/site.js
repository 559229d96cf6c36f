// The publisher's own script: the date, the paid advert, the partner's widget, the basket.
(function () {
  'use strict';

  const today = document.getElementById('today');
  if (today) {
    today.textContent = new Intl.DateTimeFormat('en-US', { dateStyle: 'full' }).format(new Date());
  }

  /**
   * Loads a third party's script the way most pages do. Nothing here asks for permission: that is
   * the gate's work.
   * @param {string} address
   */
  function load(address) {
    const script = document.createElement('script');
    script.async = true;
    script.src = address;
    document.head.append(script);
  }

  const weather = document.getElementById('weather');
  if (weather?.dataset.widget) load(weather.dataset.widget);

  const slot = document.getElementById('ad-slot');
  if (slot?.dataset.ad) {
    const address = slot.dataset.ad;
    const house = [...slot.childNodes];
    load(address);

    // A choice in mid-page: the paid advert leaves at once, and may come without a reload.
    let permitted = allows(address);
    document.addEventListener('nosale:change', () => {
      const now = allows(address);
      if (now === permitted) return;
      permitted = now;
      if (now) load(address);
      else slot.replaceChildren(...house);
    });
  }

  /**
   * @param {string} address
   * @returns {boolean}
   */
  function allows(address) {
    return window.nosale ? window.nosale.allows(address) : true;
  }

  const basket = document.getElementById('basket-count');
  let count = 0;
  for (const button of document.querySelectorAll('[data-basket]')) {
    button.addEventListener('click', () => {
      count += 1;
      if (basket) basket.textContent = String(count);
    });
  }
})();
