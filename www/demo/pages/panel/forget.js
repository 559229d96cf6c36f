// Forgetting what nosale stored, so that the next visit is a first one.

/** Deletes the record and all that nosale keeps beside it, on this host and for the site. */
export function forget() {
  const site = location.hostname.split('.').slice(-2).join('.');
  for (const domain of ['', `; Domain=${location.hostname}`, `; Domain=${site}`]) {
    document.cookie = `nosale=; Path=/; Max-Age=0${domain}`;
  }
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith('nosale'));
    for (const name of names) localStorage.removeItem(name);
  } catch {
    // Storage is blocked: there is nothing in it.
  }
}

/**
 * Forgets on another host of the site, whose storage only a page of its own can reach.
 * @param {string} origin
 * @returns {Promise<void>} kept when it is done, or has taken too long
 */
export function forgetAt(origin) {
  return new Promise((done) => {
    const frame = document.createElement('iframe');
    frame.hidden = true;
    frame.src = `${origin}/panel/forget`;
    frame.addEventListener('load', () => done());
    setTimeout(done, 2000);
    document.body.append(frame);
  });
}
