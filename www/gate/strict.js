// Strict mode's policy. What an element has put in force stays in force without it.

import { appendChild, apply, createElement, elementOf, headOf, read, remove, setAttribute } from './saved.js';

/** @param {string} policy */
export function insert(policy) {
  const meta = apply(createElement, document, ['meta']);
  apply(setAttribute, meta, ['http-equiv', 'Content-Security-Policy']);
  apply(setAttribute, meta, ['content', policy]);
  let head = read(headOf, document);
  if (!head) {
    // The page has none, or threw it out: a policy counts in a head only.
    head = apply(createElement, document, ['head']);
    apply(appendChild, read(elementOf, document), [head]);
  }
  apply(appendChild, head, [meta]);
  // A page that builds its head anew, or compares it with what its server sent, does not find it.
  apply(remove, meta, []);
}
