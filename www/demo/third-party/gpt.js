// Stands in for Google Publisher Tag: it asks for what the newspaper has sold directly, with what its
// privacy settings leave, and draws it. A visitor whom nothing restricts gets an id of its own.
(function () {
  'use strict';

  const origin = '__ORIGIN__';
  const page = /** @type {Window & { googletag?: any }} */ (window);
  page.googletag ??= {};
  const tag = page.googletag;
  const waiting = tag.cmd ?? [];
  /** @type {{ restrictDataProcessing?: boolean, nonPersonalizedAds?: boolean }} */
  let settings = {};
  let reader = '';
  const ads = {
    /** @param {typeof settings} given */
    setPrivacySettings: (given) => {
      settings = given;
    },
    /** @param {string} id */
    setPublisherProvidedId: (id) => {
      reader = id;
    },
  };
  const slot = { addService: () => slot };

  /** @param {string} place */
  function display(place) {
    const query = new URLSearchParams({ iu: place });
    if (settings.restrictDataProcessing) query.set('rdp', '1');
    if (settings.nonPersonalizedAds) {
      query.set('npa', '1');
    } else {
      const known = /(?:^|; )__gads=([^;]*)/.exec(document.cookie)?.[1] ?? Math.random().toString(36).slice(2);
      document.cookie = `__gads=${known}; Path=/; Max-Age=31536000; SameSite=Lax`;
      query.set('cookie', known);
      if (reader) query.set('ppid', reader);
    }
    const picture = document.createElement('img');
    picture.alt = 'Port Alder Ferries: the 7:05, with coffee';
    picture.src = `${origin}/gampad/ads.svg?${query}`;
    document.getElementById(place)?.replaceChildren(picture);
  }

  Object.assign(tag, {
    pubads: () => ads,
    defineSlot: () => slot,
    enableServices() {},
    display,
    cmd: {
      /** @param {(() => void)[]} commands */
      push: (...commands) => commands.forEach((command) => command()),
    },
  });
  tag.cmd.push(...waiting);
})();
