// The preference dialog as data: styles, texts, structure, and the few calls that exist in JavaScript
// only. What it does is in src/browser/dialog.

import texts from './locales/en.json';

export { css } from './dialog/styles.js';
export { dialog, message, messages, purpose } from './dialog/structure.js';
export { copy, count, date, download } from './dialog/words.js';
export { texts };
