// What a released inline script writes into the document. The parser that `document.write` would
// write to is long gone: the browser would open a new, empty document in its place.

/**
 * Moves a script, which runs it, and puts what it writes after it.
 * @param {HTMLScriptElement} script
 */
export function run(script) {
  const { parentNode, nextSibling } = script;
  if (!parentNode) return;
  let written = '';
  const collect = (/** @type {unknown[]} */ ...parts) => {
    written += parts.join('');
  };
  /** @type {any} */
  const page = document;
  page.write = collect;
  page.writeln = (/** @type {unknown[]} */ ...parts) => collect(...parts, '\n');
  try {
    parentNode.insertBefore(script, nextSibling);
  } finally {
    delete page.write;
    delete page.writeln;
  }
  if (!written) return;
  const range = document.createRange();
  range.setStartAfter(script);
  // The script's own markup, which the browser would have taken from it: scripts in it run.
  range.insertNode(range.createContextualFragment(written));
}
