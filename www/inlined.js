// The hand-over from the inline snippet. Imported first: the browser's own functions must be back
// before anything saves them.

/** The snippet's own function, or an element of that name, or something of the page's. @type {any} */
const before = Object.getOwnPropertyDescriptor(window, 'nosale')?.value;

/** Whether the snippet was there. @type {boolean} */
export const inlined = typeof before === 'function' && !!before.allows;

/** Does what the snippet has held, by the functions that are there then. @type {() => void} */
export const replay = inlined ? before() : () => {};
