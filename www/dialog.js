// The preference dialog as data: styles, texts, structure, and the few calls that exist in JavaScript
// only. What it does is in src/browser/dialog.

import texts from './locales/en.json';

export { css } from './dialog/styles.js';
export { answered, fill } from './dialog/forms.js';
export { contact, dialog, message, messages, purpose } from './dialog/structure.js';
export { vendors } from './dialog/vendors.js';
export { copy, date, download } from './dialog/words.js';
export { texts };
