// What the dialog is made of. An element is [name, attributes, ...children].
//
//   "@key"        the text of that key, as a child or as an attribute
//   "§key"        a title that the law words: in English, with the translation beside it
//   "*"           the name of the purpose that a row is for
//   data-if       shown while that holds; src/notice.rs says when
//   data-part     filled by the module
//   data-do       what a click on it does
//   part          what a publisher's style sheet may reach with ::part()

/** @typedef {string | [string, Record<string, string>, ...any[]]} Part */

/** @param {string} action @param {string} text @returns {Part} */
const button = (action, text) => ['button', { type: 'button', part: 'button', 'data-do': action }, `@${text}`];

/** @param {string} name @param {string} [text] @returns {Part} */
const when = (name, text = name) => ['p', { 'data-if': name }, `@${text}`];

/** @param {string} name @param {Part[]} parts @returns {Part} */
const section = (name, ...parts) => ['details', { part: 'section' }, ['summary', { part: 'summary' }, `@${name}`], ...parts];

/** @param {string} name @param {string} address @param {string} text @returns {Part} */
const tool = (name, address, text) => [
  'li',
  {},
  ['a', { href: `https://${address}`, target: '_blank', rel: 'noreferrer', part: 'link' }, ['bdi', { lang: 'en' }, name]],
  ['p', {}, `@tool_${text}`],
];

/** A section with a form that the browser itself has nothing to send of: its fields have no names.
 * @param {string} name @param {string} send @param {Part[]} parts @returns {Part} */
const form = (name, send, ...parts) => [
  'div',
  { 'data-if': name },
  section(
    name,
    [
      'form',
      { id: name, method: 'dialog' },
      ['p', {}, `@${name}_intro`],
      ...parts,
      ['div', { class: 'buttons' }, ['button', { part: 'button', 'data-do': name }, `@${send}`]],
      ['p', { role: 'status', id: `${name}-answer` }],
    ],
  ),
];

/** @param {string} name @returns {Part[]} */
const email = (name) => [
  ['label', { for: `${name}-email` }, '@email'],
  [
    'input',
    {
      id: `${name}-email`,
      part: 'field',
      type: 'email',
      autocomplete: 'email',
      required: '',
      dir: 'ltr',
      'aria-describedby': `${name}-answer`,
    },
  ],
];

/** @param {Part[]} items @returns {Part} */
const list = (...items) => ['ul', { role: 'list' }, ...items];

const close = ['button', { type: 'button', class: 'close', part: 'close', 'data-do': 'close', 'aria-label': '@close' }, '×'];

export const dialog = [
  'dialog',
  { 'aria-labelledby': 'title', part: 'dialog' },
  [
    'section',
    { 'data-part': 'choices' },
    ['h2', { id: 'title', tabindex: '-1', autofocus: '', part: 'title' }, '§your_privacy_choices'],
    close,
    ['p', { class: 'status', part: 'status', 'data-part': 'status', 'data-if': 'honored' }, '§honored'],
    when('honored', 'honored_help'),
    when('conflict'),
    when('earlier', 'earlier_help'),
    when('age_13to15'),
    when('age_under13'),
    ['p', {}, '@intro'],
    ['p', { 'data-part': 'sentence', 'data-if': 'sentence', dir: 'auto' }],
    ['ul', { 'data-part': 'purposes', class: 'rows', role: 'list' }],
    ['div', { class: 'buttons' }, button('opt-out-all', 'opt_out_all'), button('allow-all', 'allow_all'), button('save', 'save')],
    ['p', { role: 'status', 'data-part': 'saved' }],
    [
      'div',
      { role: 'status' },
      ['div', { 'data-if': 'reload' }, ['p', {}, '@reload_help'], ['div', { class: 'buttons' }, button('reload', 'reload')]],
    ],
    [
      'div',
      { class: 'receipt', part: 'receipt', 'data-if': 'receipt' },
      ['h3', {}, '@receipt'],
      ['dl', { 'data-part': 'receipt' }],
      ['div', { class: 'buttons' }, button('copy', 'copy'), button('download', 'download')],
    ],
    section(
      'covers',
      list(
        ['li', {}, '@covers_browser'],
        ['li', { 'data-if': 'account' }, '@covers_account'],
        ['li', { 'data-if': 'no_account' }, '@covers_no_account'],
        ['li', {}, '@covers_elsewhere'],
      ),
    ),
    form('offline', 'send', ...email('offline')),
    section(
      'honors',
      when('gpc_on'),
      when('gpc_off'),
      when('gpc_earlier'),
      ['p', { 'data-part': 'since', 'data-if': 'since' }],
      when('account_signal'),
      when('frictionless'),
    ),
    section('vendors', ['p', {}, '@vendors_intro'], ['div', { 'data-part': 'vendors' }]),
    form(
      'contacts',
      'contacts_save',
      ['div', { 'data-part': 'contacts', class: 'ways' }],
      ['div', { 'data-if': 'no_account' }, ['p', {}, '@contacts_who'], ...email('contacts')],
    ),
    section(
      'tools',
      ['p', {}, '@tools_intro'],
      list(
        tool('Global Privacy Control', 'globalprivacycontrol.org', 'gpc'),
        tool('DAA WebChoices', 'optout.aboutads.info', 'webchoices'),
        tool('DAA AppChoices', 'youradchoices.com/appchoices', 'appchoices'),
        tool('DAA CCPA Opt-Out', 'privacyrights.info', 'privacyrights'),
        tool('California DROP', 'privacy.ca.gov/drop', 'drop'),
        tool('DMAchoice', 'dmachoice.org', 'dmachoice'),
        tool('National Do Not Call Registry', 'donotcall.gov', 'donotcall'),
      ),
    ),
    ['p', { 'data-if': 'policy' }, ['a', { 'data-part': 'policy', part: 'link' }, '@policy']],
  ],
  [
    'section',
    { 'data-part': 'confirm', hidden: '' },
    ['h2', { id: 'confirm-title', tabindex: '-1', part: 'title' }, '@confirm_title'],
    when('confirm_signal'),
    ['p', {}, '@confirm_intro'],
    ['ul', { 'data-part': 'confirm-list', role: 'list' }],
    ['p', {}, '@confirm_note'],
    ['div', { class: 'buttons' }, button('keep', 'keep'), button('confirm', 'confirm')],
  ],
];

/** One purpose. */
export const purpose = [
  'li',
  {},
  ['label', { for: '*' }, '@*'],
  ['p', { id: 'help-*' }, '@*_help'],
  ['p', { id: 'state-*', 'data-part': 'state' }],
  ['input', { id: '*', type: 'checkbox', role: 'switch', part: 'switch', name: '*', 'aria-describedby': 'state-* help-*' }],
];

/** @param {string} often @returns {Part} */
const often = (often) => ['option', { value: often }, `@contact_${often || 'unsaid'}`];

/** A way in which the publisher writes or speaks to the visitor. */
export const contact = [
  'div',
  {},
  ['label', { for: 'way-*' }, '@contact_*'],
  ['select', { id: 'way-*', part: 'field' }, ...['', 'never', 'monthly', 'weekly', 'any'].map(often)],
];

/** The quiet message that may show once. */
export const message = [
  'section',
  { class: 'buttons message', part: 'message', 'aria-label': '@your_privacy_choices' },
  ['div', { role: 'status' }],
  button('open', 'your_privacy_choices'),
  button('dismiss', 'dismiss'),
];

/** What it says. */
export const messages = {
  honored: [['p', { class: 'status' }, '§honored'], '@honored_help'],
  policy_changed: ['@policy_changed'],
};
