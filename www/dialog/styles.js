// The look of the dialog and of the quiet message. Every colour and measure that a publisher may
// change is a custom property; README.md lists them.

const dark =
  '--surface: var(--nosale-surface-dark, #1e1f23); --text: var(--nosale-text-dark, #ededf0); --quiet: var(--nosale-quiet-dark, #b7bac2);' +
  '--line: var(--nosale-line-dark, #8b8e96); --accent: var(--nosale-accent-dark, #a8c7fa); --on-accent: var(--nosale-on-accent-dark, #062e6f); color-scheme: dark;';

export const css = `
:host { all: initial !important; display: contents !important; }
dialog, .message {
  --surface: var(--nosale-surface, #fff); --text: var(--nosale-text, #1b1b1f); --quiet: var(--nosale-quiet, #55575d);
  --line: var(--nosale-line, #85878d); --accent: var(--nosale-accent, #0b57d0); --on-accent: var(--nosale-on-accent, #fff);
  --radius: var(--nosale-radius, 12px);
  color-scheme: light; box-sizing: border-box; border: 1px solid var(--line); border-radius: var(--radius);
  background: var(--surface); color: var(--text); font: 400 medium/1.5 var(--nosale-font, system-ui, sans-serif); text-align: start;
}
:host([data-theme=dark]) > * { ${dark} }
@media (prefers-color-scheme: dark) { :host([data-theme=auto]) > * { ${dark} } }
*, ::before { box-sizing: border-box; }
dialog {
  inline-size: min(var(--nosale-width, 36em), 100vw - 1em); max-block-size: calc(100dvh - 1em);
  margin: auto; padding: 1.25em; overflow: auto; overscroll-behavior: contain;
}
dialog::backdrop { background: rgb(0 0 0 / .5); }
[hidden] { display: none !important; }
header { display: flex; gap: 1em; align-items: start; justify-content: space-between; }
h2, h3 { margin: 0; font-size: 1.375em; line-height: 1.25; overflow-wrap: anywhere; hyphens: auto; }
h3 { margin-block-start: .75em; font-size: 1em; }
h2:focus { outline: none; }
p, dd, li, label, summary { overflow-wrap: anywhere; }
p { margin: .5em 0; }
ul { margin: .75em 0; padding: 0; list-style: none; }
.rows li { display: grid; grid-template-columns: 1fr auto; gap: 0 1em; align-items: center; padding: .75em 0; border-block-start: 1px solid var(--line); }
.rows li:last-child { border-block-end: 1px solid var(--line); }
label, dt { font-weight: 600; }
.rows p { grid-column: 1; margin: 0; color: var(--quiet); font-size: .875em; }
.rows [data-part=state] { color: var(--text); }
.rows input { font: inherit; grid-column: 2; grid-row: 1 / span 3; appearance: none; position: relative; inline-size: 3em; block-size: 1.75em; margin: 0; border: 2px solid var(--quiet); border-radius: 1em; background: transparent; cursor: pointer; }
.rows input::before { content: ""; position: absolute; inset-block-start: .25em; inset-inline-start: .25em; inline-size: 1em; block-size: 1em; border-radius: 50%; background: var(--quiet); }
.rows input:checked { background: var(--accent); border-color: var(--accent); }
.rows input:checked::before { inset-inline-start: auto; inset-inline-end: .25em; background: var(--on-accent); }
[aria-disabled=true] { cursor: not-allowed !important; border-style: dashed !important; }
button { font: inherit; color: inherit; border-radius: 8px; min-block-size: 2.75em; min-inline-size: 2.75em; cursor: pointer; }
.buttons { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(9em, 100%), 1fr)); gap: .75em; margin-block: 1em; }
.buttons button { padding: .5em 1em; font-weight: 600; border: 2px solid var(--accent); background: var(--surface); color: var(--accent); overflow-wrap: anywhere; }
.close { flex: none; min-block-size: 2em; min-inline-size: 2em; padding: 0; border: 0; background: none; font-size: 1.5em; line-height: 1; }
.status { padding: .5em .75em; border-inline-start: 4px solid var(--accent); font-weight: 600; }
.receipt { padding: .75em 1em 0; border: 1px solid var(--line); border-radius: 8px; }
.receipt h3 { margin: 0; }
dl, dd { margin: 0; }
dt { margin-block-start: .5em; }
details { border-block-end: 1px solid var(--line); }
summary { padding: .625em 0; font-weight: 600; cursor: pointer; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.message { position: fixed; z-index: 2147483647; inset-inline: .5em; max-inline-size: 24em; padding: .5em 1em 1em; box-shadow: 0 4px 16px rgb(0 0 0 / .25); }
:host([data-position^=bottom]) .message { inset-block-end: .5em; }
:host([data-position^=top]) .message { inset-block-start: .5em; }
:host([data-position$=end]) .message { margin-inline-start: auto; }
.message .buttons { margin-block-end: 0; }
@media (forced-colors: active) {
  .rows input::before { background: ButtonText; }
  .rows input:checked { background: Highlight; forced-color-adjust: none; }
  .rows input:checked::before { background: HighlightText; }
}
@media (prefers-reduced-motion: no-preference) { .rows input::before { transition: inset .12s; } }
`;
