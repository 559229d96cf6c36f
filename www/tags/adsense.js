// Google AdSense.

/**
 * Sets properties of its list, and an attribute of each place for an advertisement. Places come at
 * any time, and the page looks at the list for each: so it is watched as long as the page lives.
 * @type {import('../tags.js').Way}
 */
export const adsense = (tag, value) => {
  Object.assign(value, tag.now[0]);
  const name = 'data-restrict-data-processing';
  for (const place of document.querySelectorAll('ins.adsbygoogle')) {
    if (tag.denied) place.setAttribute(name, '1');
    else if (place.getAttribute(name) === '1') place.removeAttribute(name);
  }
  return true;
};
