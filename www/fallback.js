// nosale.fallback.js: the module as plain JavaScript, for browsers that have no WebAssembly or refuse it.

export { instantiate } from 'nosale:plain';

/** It fits the glue of the same build alone. */
export const mark = MARK;
