// Runs inert scripts, and takes what they write into the document. The parser that `document.write`
// would write to is long gone: the browser would open a new, empty document in its place.

/**
 * The same script once more: one that came as text, by `innerHTML`, would never run. Where the page
 * demands Trusted Types, only the script itself can run.
 * @param {HTMLScriptElement} script
 */
function fresh(script) {
  const made = /** @type {HTMLScriptElement} */ (document.createElementNS(script.namespaceURI, 'script'));
  try {
    for (const attribute of script.attributes) made.setAttributeNode(/** @type {Attr} */ (attribute.cloneNode()));
    if (script.textContent) made.textContent = script.textContent;
  } catch {
    return script;
  }
  // No attribute shows it.
  if (script.nonce) made.nonce = script.nonce;
  return made;
}

/**
 * Puts a property of the page's back, or takes it away if it had none.
 * @param {string} name
 * @param {PropertyDescriptor | undefined} before
 */
function restore(name, before) {
  if (before) Object.defineProperty(document, name, before);
  else Reflect.deleteProperty(document, name);
}

/**
 * Runs a script where it stands, and puts what it writes after it. Gives the script that ran.
 * @param {HTMLScriptElement} script
 */
export function run(script) {
  const { parentNode, nextSibling } = script;
  if (!parentNode) return script;
  let written = '';
  const collect = (/** @type {unknown[]} */ ...parts) => {
    written += parts.join('');
  };
  const made = fresh(script);
  /** @type {any} */
  const page = document;
  const write = Object.getOwnPropertyDescriptor(page, 'write');
  const writeln = Object.getOwnPropertyDescriptor(page, 'writeln');
  page.write = collect;
  page.writeln = (/** @type {unknown[]} */ ...parts) => collect(...parts, '\n');
  try {
    if (made === script) parentNode.insertBefore(script, nextSibling);
    else parentNode.replaceChild(made, script);
  } finally {
    restore('write', write);
    restore('writeln', writeln);
  }
  if (written) {
    const range = document.createRange();
    range.setStartAfter(made);
    // The script's own markup, which the browser would have taken from it: scripts in it run.
    range.insertNode(range.createContextualFragment(written));
  }
  return made;
}
