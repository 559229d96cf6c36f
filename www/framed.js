// Says when the page gets its first frame.

import { apply, framesOf } from './gate/saved.js';

/**
 * Calls `act` once: as soon as the page has a frame, or has loaded and has nothing else to do. Making a
 * frame takes a browser longer than all that nosale decides.
 * @param {() => void} act
 */
export function whenFramed(act) {
  let due = true;
  const end = () => {
    observer.disconnect();
    if (due) act();
    due = false;
  };
  const look = () => {
    if (apply(framesOf, window, [])) end();
  };
  const rest = () => void (window.requestIdleCallback ?? setTimeout)(end);
  const observer = new MutationObserver(look);
  observer.observe(document, { childList: true, subtree: true });
  window.addEventListener('load', rest);
  if (document.readyState === 'complete') rest();
  look();
}
