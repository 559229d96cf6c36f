// The preference dialog as data: styles, texts and structure. What it does is in src/browser/dialog.rs.
//
// An element is [name, attributes, ...children]. A child or an attribute that begins with "@" stands
// for the text of that name.

const css = `
:host { all: initial; }
dialog {
  --surface: #fff; --text: #1b1b1f; --quiet: #55575d; --line: #c9cbd1; --accent: #0b57d0; --on-accent: #fff;
  color-scheme: light;
  box-sizing: border-box; inline-size: min(34rem, 100vw - 1rem); max-block-size: calc(100dvh - 1rem);
  margin: auto; padding: 1.25rem; overflow: auto; overscroll-behavior: contain;
  border: 1px solid var(--line); border-radius: 12px; background: var(--surface); color: var(--text);
  font: 400 1rem/1.5 system-ui, sans-serif; text-align: start;
}
dialog[data-theme=dark] { --surface: #1e1f23; --text: #ededf0; --quiet: #b7bac2; --line: #55585f; --accent: #a8c7fa; --on-accent: #062e6f; color-scheme: dark; }
@media (prefers-color-scheme: dark) {
  dialog[data-theme=auto] { --surface: #1e1f23; --text: #ededf0; --quiet: #b7bac2; --line: #55585f; --accent: #a8c7fa; --on-accent: #062e6f; color-scheme: dark; }
}
dialog::backdrop { background: rgb(0 0 0 / .5); }
[hidden] { display: none !important; }
header { display: flex; gap: 1rem; align-items: start; justify-content: space-between; }
h2 { margin: 0; font-size: 1.375rem; line-height: 1.25; }
h2:focus { outline: none; }
p { margin: .5rem 0; overflow-wrap: anywhere; }
ul { margin: .75rem 0; padding: 0; list-style: none; }
li { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; align-items: center; padding: .75rem 0; border-block-start: 1px solid var(--line); }
li:last-child { border-block-end: 1px solid var(--line); }
label { font-weight: 600; }
li p { grid-column: 1; margin: 0; color: var(--quiet); font-size: .875rem; }
input { grid-column: 2; grid-row: 1 / span 3; appearance: none; position: relative; inline-size: 3rem; block-size: 1.75rem; margin: 0; border: 2px solid var(--quiet); border-radius: 1rem; background: transparent; cursor: pointer; }
input::before { content: ""; position: absolute; inset-block-start: .25rem; inset-inline-start: .25rem; inline-size: 1rem; block-size: 1rem; border-radius: 50%; background: var(--quiet); }
input:checked { background: var(--accent); border-color: var(--accent); }
input:checked::before { inset-inline-start: auto; inset-inline-end: .25rem; background: var(--on-accent); }
input:disabled { cursor: not-allowed; border-style: dashed; }
button { font: inherit; color: inherit; cursor: pointer; border-radius: 8px; min-block-size: 2.75rem; min-inline-size: 2.75rem; }
.buttons { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin-block-start: 1rem; }
.buttons button { padding: .5rem 1rem; font-weight: 600; border: 2px solid var(--accent); background: var(--surface); color: var(--accent); }
.buttons button:disabled { opacity: .6; cursor: not-allowed; }
.close { flex: none; padding: 0; border: 0; background: none; font-size: 1.5rem; line-height: 1; }
.status { padding: .5rem .75rem; border-inline-start: 4px solid var(--accent); font-weight: 600; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
@media (forced-colors: active) {
  input::before { background: ButtonText; }
  input:checked { background: Highlight; forced-color-adjust: none; }
  input:checked::before { background: HighlightText; }
}
@media (prefers-reduced-motion: no-preference) { input::before { transition: inset .12s; } }
`;

const texts = {
  title: 'Your Privacy Choices',
  intro:
    'You can opt out of the sale or sharing of your personal information, and of targeted advertising. ' +
    'Your choice holds in this browser on this site.',
  honored: 'Opt-Out Request Honored',
  honored_help: "Your browser's opt-out signal (Global Privacy Control) is on, and this site follows it.",
  earlier_help: 'Your browser sent an opt-out signal at an earlier visit. It is still followed.',
  close: 'Close',
  policy: 'Privacy policy',
  opt_out_all: 'Opt out of all',
  allow_all: 'Allow all',
  save: 'Save',
  confirm_title: 'Allow this again?',
  confirm_intro: 'You are about to allow this use of your personal information on this site:',
  confirm_note: 'You can opt out again at any time.',
  confirm: 'Yes, allow',
  keep: 'No, stay opted out',
  saved: 'Your choice is in force. Receipt number: ',
  saved_account:
    'Your choice is on its way to your account. What your account holds stays off on this page. Receipt number: ',
  reload_note: 'Some of what you allow starts when the page is loaded again.',
  reload: 'Reload the page',
  state_allowed: 'Now: allowed',
  state_denied: 'Now: not allowed',
  state_to_allow: 'Allowed once you save and confirm',
  state_to_deny: 'Not allowed once you save',
  sale: 'Sale of my personal information',
  sale_help: 'Giving it to other companies for money or something else of value.',
  sharing: 'Sharing of my personal information for advertising',
  sharing_help: 'Giving it to other companies so that they can show me advertising across sites.',
  targeted_advertising: 'Targeted advertising',
  targeted_advertising_help: 'Advertising chosen by what I do on other sites and in other apps.',
  profiling: 'Profiling',
  profiling_help: 'Automated evaluation for decisions that matter to me.',
  sensitive_data: 'Use of my sensitive personal information',
  sensitive_data_help: 'Using it for more than what I asked for.',
  because_gpc: "Held by your browser's opt-out signal.",
  because_account: 'Held by the opt-out of your account.',
  because_account_asked: 'You have allowed it. Your account still holds it on this page.',
  because_child: 'Held because of your age.',
  because_unreadable_record: 'Held because an earlier choice could not be read.',
};

const dialog = [
  'dialog',
  { 'aria-labelledby': 'title', lang: 'en', dir: 'ltr' },
  [
    'section',
    { 'data-part': 'choices' },
    [
      'header',
      {},
      ['h2', { id: 'title', tabindex: '-1', autofocus: '' }, '@title'],
      ['button', { type: 'button', class: 'close', 'data-do': 'close', 'aria-label': '@close' }, '×'],
    ],
    ['p', { class: 'status', 'data-part': 'status', hidden: '' }],
    ['p', { 'data-part': 'status-help', hidden: '' }],
    ['p', {}, '@intro'],
    ['ul', { 'data-part': 'purposes', role: 'list' }],
    ['p', { 'data-part': 'sentence', hidden: '' }],
    [
      'div',
      { class: 'buttons' },
      ['button', { type: 'button', 'data-do': 'opt-out-all' }, '@opt_out_all'],
      ['button', { type: 'button', 'data-do': 'allow-all' }, '@allow_all'],
      ['button', { type: 'button', 'data-do': 'save' }, '@save'],
    ],
    ['p', { role: 'status', 'data-part': 'saved' }],
    [
      'div',
      { role: 'status' },
      [
        'div',
        { class: 'buttons', 'data-part': 'reload', hidden: '' },
        ['p', {}, '@reload_note'],
        ['button', { type: 'button', 'data-do': 'reload' }, '@reload'],
      ],
    ],
    ['p', { 'data-part': 'policy', hidden: '' }, ['a', {}, '@policy']],
  ],
  [
    'section',
    { 'data-part': 'confirm', hidden: '' },
    ['h2', { id: 'confirm-title', tabindex: '-1' }, '@confirm_title'],
    ['p', {}, '@confirm_intro'],
    ['ul', { 'data-part': 'confirm-list', role: 'list' }],
    ['p', {}, '@confirm_note'],
    [
      'div',
      { class: 'buttons' },
      ['button', { type: 'button', 'data-do': 'keep' }, '@keep'],
      ['button', { type: 'button', 'data-do': 'confirm' }, '@confirm'],
    ],
  ],
];

/** One purpose; "*" stands for its name. */
const purpose = [
  'li',
  {},
  ['label', { for: '*', id: 'name-*' }, '@*'],
  ['p', { id: 'help-*' }, '@*_help'],
  ['p', { id: 'state-*', 'data-part': 'state' }],
  ['input', { id: '*', type: 'checkbox', role: 'switch', name: '*', 'aria-describedby': 'state-* help-*' }],
];

export { css, dialog, purpose, texts };
