// What a blocked frame shows: the frame stays as it is, with its place and its size, and its blank
// document is filled. It is a document of its own, whose style sheet only its own functions make.

/** All that is said, in English, or as the visitor's language has it. */
const texts = {
  lang: 'en',
  dir: 'ltr',
  placeholder: 'Content from {name} is blocked by your privacy choices.',
  placeholder_button: 'Your privacy choices',
};

/**
 * Takes in the visitor's language.
 * @param {string} lang
 * @param {string} dir
 * @param {Partial<typeof texts> | undefined} words
 */
export function speak(lang, dir, words) {
  Object.assign(texts, { lang, dir });
  texts.placeholder = words?.placeholder ?? texts.placeholder;
  texts.placeholder_button = words?.placeholder_button ?? texts.placeholder_button;
}

// A frame that has no room for it, such as a pixel, stays blank; a low and narrow one has the button
// alone, which the text describes all the same.
const css = `
body { display: none; }
@media (min-width: 120px) and (min-height: 60px) {
  :root { color-scheme: light dark; }
  [data-nosale-placeholder=light] { color-scheme: light; }
  [data-nosale-placeholder=dark] { color-scheme: dark; }
  body { box-sizing: border-box; min-block-size: 100vh; margin: 0; padding: .5rem; border: 1px solid GrayText;
    display: flex; flex-flow: column; gap: .5rem .75rem; justify-content: safe center; align-items: center;
    background: Canvas; color: CanvasText; font: .875rem/1.4 system-ui, sans-serif; text-align: center; }
  p { margin: 0; overflow-wrap: anywhere; }
  button { min-block-size: 2rem; font: inherit; font-weight: 600; cursor: pointer; }
}
@media (max-height: 99px) { body { flex-flow: row; padding: .25rem; } }
@media (max-height: 99px) and (max-width: 479px) { p { display: none; } body { font-size: .75rem; } }`;

const MARK = 'data-nosale-placeholder';

/**
 * @typedef {object} Said
 * @property {string} name who is blocked
 * @property {string} theme
 * @property {() => void} ask called when the visitor presses the button
 * @property {string} [markup] what a frame shows that cannot be filled
 */

/** @type {WeakMap<HTMLIFrameElement, Said>} */
const shown = new WeakMap();
/** The button that opened the dialog. @type {HTMLButtonElement | undefined} */
let pressed;

/**
 * Shows the placeholder in a frame, for as long as the frame is blank.
 * @param {HTMLIFrameElement} frame
 * @param {string} address what it was to show
 * @param {string} name
 * @param {string} theme
 * @param {(frame: HTMLIFrameElement, address: string) => void} ask
 */
export function fill(frame, address, name, theme, ask) {
  if (shown.has(frame)) return;
  shown.set(frame, { name, theme, ask: () => ask(frame, address) });
  // Some browsers put another blank document in place of the first.
  frame.addEventListener('load', drawAgain);
  draw(frame);
}

/**
 * Ends that, before the frame gets its address.
 * @param {any} frame
 */
export function clear(frame) {
  const said = shown.get(frame);
  if (!said) return;
  shown.delete(frame);
  frame.removeEventListener('load', drawAgain);
  if (said.markup && frame.getAttribute('srcdoc') === said.markup) frame.removeAttribute('srcdoc');
}

/** Gives the focus back to the button that opened the dialog: browsers find the way to their own document only. */
export function back() {
  pressed?.focus();
  pressed = undefined;
}

/** @param {Event} event */
function drawAgain(event) {
  draw(/** @type {HTMLIFrameElement} */ (event.currentTarget));
}

/** @param {HTMLIFrameElement} frame */
function draw(frame) {
  const said = shown.get(frame);
  if (!said || !frame.isConnected) return;
  const page = frame.contentDocument;
  const text = texts.placeholder.replace('{name}', () => said.name);
  if (!page) {
    if (!frame.hasAttribute('sandbox') || frame.hasAttribute('src') || frame.hasAttribute('srcdoc')) return;
    // Out of reach, and no script may run in it: it has the text alone.
    said.markup = `<p lang="${texts.lang}" dir="${texts.dir}">${text.replace(/[&<]/g, (letter) => `&#${letter.charCodeAt(0)};`)}`;
    try {
      frame.srcdoc = said.markup;
    } catch {
      // The page demands Trusted Types: it stays blank.
    }
    return;
  }
  const { body, documentElement: root, defaultView } = page;
  if (page.URL !== 'about:blank' || !body || body.firstChild) return;
  root.lang = texts.lang;
  root.dir = texts.dir;
  root.setAttribute(MARK, said.theme);
  page.title = text;
  const why = page.createElement('p');
  why.id = 'why';
  why.textContent = text;
  const button = page.createElement('button');
  button.type = 'button';
  button.setAttribute('aria-describedby', why.id);
  button.textContent = texts.placeholder_button;
  button.addEventListener('click', () => {
    pressed = button;
    said.ask();
  });
  try {
    const sheet = new /** @type {any} */ (defaultView).CSSStyleSheet();
    sheet.replaceSync(css);
    page.adoptedStyleSheets = [sheet];
  } catch {
    // An old browser shows it without style.
  }
  body.append(why, button);
}
