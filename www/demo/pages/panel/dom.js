// Building and replacing elements, from text alone.

/**
 * @param {string} name
 * @param {string} className
 * @param {...(Node | string)} children
 */
export function element(name, className, ...children) {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`the page has no #${id}`);
  return node;
}

/** @type {Map<HTMLElement, string>} */
const shown = new Map();

/**
 * Shows `data` in `parent` by `draw`, unless it is what stands there: what doesn't change keeps its
 * selection, and isn't read aloud again.
 * @template T
 * @param {HTMLElement} parent
 * @param {T} data
 * @param {(data: T) => Node[]} draw
 */
export function show(parent, data, draw) {
  const key = JSON.stringify(data);
  if (shown.get(parent) === key) return;
  shown.set(parent, key);
  parent.replaceChildren(...draw(data));
}
