// What a page of the laboratory brings along: helpers for the ways, references saved before an
// opt-out, and the loop that uses each way for both third parties.

const make = name => document.createElement(name);
const makeSvg = name => document.createElementNS('http://www.w3.org/2000/svg', name);
const put = node => (document.body ?? document.documentElement).appendChild(node);
const frame = () => put(make('iframe'));
const blob = (text, type = 'text/javascript') => URL.createObjectURL(new Blob([text], { type }));

/** A script as a parser made it, not yet in the page. */
function parsedScript(url) {
  const part = document.createRange().createContextualFragment(`<script src='${url}'></` + 'script>');
  return part.removeChild(part.firstChild);
}

/** A frame of a document in which nothing is wrapped, and nothing loads: only inserting it tells. */
const parsedFrame = url => new DOMParser().parseFromString(`<iframe src='${url}'></iframe>`, 'text/html').body.firstChild;

/**
 * What every interface of the page is made of now. Put back later, it is the page using references
 * that it saved: each call goes to the function that stood there then.
 */
function saved() {
  const owners = [window, document, navigator];
  for (const name of Object.getOwnPropertyNames(window)) {
    let value;
    try { value = window[name]; } catch {}
    if (typeof value === 'function' && value.prototype) owners.push(value, value.prototype);
  }
  const all = owners.map(owner => [owner, Object.getOwnPropertyDescriptors(owner)]);
  const same = (one, other) => one && ['value', 'get', 'set'].every(part => Object.is(one[part], other[part]));
  return function putBack() {
    const stuck = [];
    for (const [owner, before] of all) {
      for (const name of Reflect.ownKeys(owner)) {
        const now = Object.getOwnPropertyDescriptor(owner, name);
        if (owner !== window && !before[name] && now.configurable) delete owner[name];
      }
      for (const name of Reflect.ownKeys(before)) {
        const now = Object.getOwnPropertyDescriptor(owner, name);
        if (same(now, before[name]) || (now && 'value' in now && typeof now.value !== 'function')) continue;
        try { Object.defineProperty(owner, name, before[name]); } catch { stuck.push(String(name)); }
      }
    }
    return stuck;
  };
}

const lab = {
  ways: [],
  /** What a way threw, by its name and third party. */
  errors: {},
  /** What went wrong before any way was used: an opt-out that threw, a reference that could not be put back. */
  stuck: [],
  done: false,

  way(name, targets, use, before) {
    lab.ways.push({ name, targets, use, before });
  },

  start({ optOut, save }) {
    if (window.early) return void (lab.done = true);
    const putBack = save && saved();
    const use = held => {
      try {
        if (optOut) nosale.optOut();
        if (putBack) lab.stuck = putBack();
      } catch (error) {
        lab.stuck.push(String(error?.stack ?? error));
      }
      lab.ways.forEach((way, index) => way.targets.forEach((target, side) => {
        const note = error => { lab.errors[`${way.name} ${target.host}`] = String(error); };
        try { way.use({ ...target, held: held[index]?.[side] }); } catch (error) { note(error); }
      }));
      lab.done = true;
    };
    if (lab.ways.every(way => !way.before)) return use([]);
    const held = lab.ways.map(way => way.before && Promise.all(way.targets.map(target => way.before(target))));
    Promise.all(held).then(use, error => { lab.errors.before = String(error); lab.done = true; });
  },
};
// Firefox's driver sees what is on the window only.
window.lab = lab;
addEventListener('unhandledrejection', event => event.preventDefault());
