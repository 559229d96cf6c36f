// What an advertiser's script does: it draws an advert into the publisher's page, picked for the
// visitor, and counts that it was seen.
(function () {
  'use strict';

  const origin = '__ORIGIN__';
  const slot = document.getElementById('ad-slot');
  if (!slot) return;

  const known = /(?:^|; )_trk_id=([^;]*)/.exec(document.cookie);
  const visitor = known ? `visitor ${known[1]}` : 'a new visitor';

  /**
   * @param {string} name
   * @param {string} text
   * @param {string} style
   */
  function part(name, text, style) {
    const element = document.createElement(name);
    element.textContent = text;
    element.style.cssText = style;
    return element;
  }

  const advert = part(
    'div',
    '',
    'box-sizing:border-box;block-size:100%;min-block-size:250px;padding:16px;display:flex;' +
      'flex-direction:column;justify-content:space-between;gap:6px;overflow:hidden;text-align:start;' +
      'color:#fff;background:linear-gradient(150deg,#5b1d8c,#c2185b 62%,#ff7043);' +
      'font:400 15px/1.35 system-ui,sans-serif',
  );
  const picture = document.createElement('img');
  picture.src = `${origin}/image.svg?creative=shoes`;
  picture.alt = '';
  picture.style.cssText = 'inline-size:100%;block-size:96px;object-fit:cover;border-radius:6px;display:block';
  const action = part(
    'a',
    'Show me the shoes',
    'align-self:start;padding:7px 14px;border-radius:99px;color:#5b1d8c;background:#fff;' +
      'font-weight:700;text-decoration:none',
  );
  action.setAttribute('href', `${origin}/click.html?creative=shoes`);
  advert.append(
    picture,
    part('div', 'Still thinking about those running shoes?', 'font-size:20px;font-weight:800;line-height:1.15'),
    action,
    part('div', `Picked for ${visitor} by ${new URL(origin).hostname}`, 'font-size:12px'),
  );
  slot.replaceChildren(advert);

  new Image().src = `${origin}/pixel.gif?event=impression&page=${encodeURIComponent(location.pathname)}`;
})();
