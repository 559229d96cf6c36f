// The page's cookies.

/**
 * How deep a browser looks at the stack at the first cookie. It parses each function that it finds there
 * anew, nosale's whole file among them: ten milliseconds. So it finds nothing but this one.
 */
let depth = 200;

/**
 * All that the page can see, as one text.
 * @returns {string}
 */
export function cookies() {
  if (!depth) return document.cookie;
  depth--;
  return cookies();
}
