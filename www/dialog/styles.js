// The look of the dialog and of the quiet message. Every colour and measure that a publisher may
// change is a custom property; README.md lists them.

const dark =
  '--surface: var(--nosale-surface-dark, #1e1f23); --text: var(--nosale-text-dark, #ededf0); --quiet: var(--nosale-quiet-dark, #b7bac2);' +
  '--line: var(--nosale-line-dark, #8b8e96); --accent: var(--nosale-accent-dark, #a8c7fa); --on-accent: var(--nosale-on-accent-dark, #062e6f); color-scheme: dark;';

export const css = `
:host { all: initial !important; display: contents !important }
dialog, .message {
--surface: var(--nosale-surface, #fff); --text: var(--nosale-text, #1b1b1f); --quiet: var(--nosale-quiet, #55575d);
--line: var(--nosale-line, #85878d); --accent: var(--nosale-accent, #0b57d0); --on-accent: var(--nosale-on-accent, #fff);
--tint: color-mix(in srgb, var(--text) 6%, var(--surface)); --rule: color-mix(in srgb, var(--text) 18%, var(--surface));
color-scheme: light; border: 1px solid var(--line); box-shadow: 0 4px 24px rgb(0 0 0 / .5); border-radius: var(--nosale-radius, 12px);
background: var(--surface); color: var(--text); font: 400 medium/1.5 var(--nosale-font, system-ui, sans-serif); overflow-wrap: anywhere
}
:host([data-theme=dark]) > * { ${dark} }
@media (prefers-color-scheme: dark) { :host([data-theme=auto]) > * { ${dark} } }
* { box-sizing: border-box }
dialog {
inline-size: min(var(--nosale-width, 36em), 100vw - 1em); max-block-size: calc(100dvh - 1em);
padding: 1.25em; overflow: auto; overscroll-behavior: contain
}
[hidden] { display: none !important }
h2, h3, dl, dd { margin: 0 }
h2, h3 { font-size: clamp(1em, 5vw, 1.375em); line-height: 1.25; hyphens: auto }
p, ul { margin: .5em 0 }
h2 { margin-inline-end: 2em; padding-block-end: .5em; outline: none }
ul { padding: 0; list-style: none }
.ways { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(13em, 100%), 1fr)); gap: .75em 1em }
.status { padding: .75em; border-inline-start: 4px solid var(--accent); background: var(--tint) }
li, dt { margin-block-start: .5em }
.rows { margin-block: 1em; border-block-end: 1px solid var(--rule) }
.rows li { display: grid; grid-template-columns: 1fr auto; gap: 0 1em; align-items: center; margin: 0; padding: .75em 0; border-block-start: 1px solid var(--rule) }
label, dt, summary, .status, .buttons button { font-weight: 600 }
.rows p { grid-column: 1; margin: 0; color: var(--quiet); font-size: .875em }
.rows [data-part=state] { color: var(--text) }
.rows input { font: inherit; grid-column: 2; grid-row: 1 / span 3; appearance: none; position: relative; inline-size: 3em; block-size: 1.75em; border: 2px solid var(--quiet); border-radius: 1em; background: transparent }
.rows input::before { content: ""; position: absolute; inset-block-start: .25em; inset-inline-start: .25em; inline-size: 1em; block-size: 1em; border-radius: 50%; background: var(--quiet) }
.rows input:checked { background: var(--accent); border-color: var(--accent) }
.rows input:checked::before { inset-inline-start: auto; inset-inline-end: .25em; background: var(--on-accent) }
.rows [aria-disabled=true] { cursor: not-allowed; border-style: dashed }
button, select, [type=email] { font: inherit; color: inherit; background: var(--surface); border-radius: 8px; min-block-size: 44px; min-inline-size: 44px }
button, summary, [role=switch] { cursor: pointer }
button:hover, summary:hover { background: var(--tint) }
.buttons { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(9em, 100%), 1fr)); gap: .75em; margin-block: 1em }
.buttons button { padding: .5em 1em; border: 2px solid }
h3 { margin-block-start: 1em; font-size: 1em }
a, .buttons button { color: var(--accent) }
.close { position: absolute; inset-block-start: .25em; inset-inline-end: .25em; border: 0; font-size: 1.5em }
.receipt { padding: .25em 1em; border-radius: 8px; background: var(--tint) }
dialog::backdrop { background: rgb(0 0 0 / .5) }
[part=section] { border-block-start: 1px solid var(--rule) }
summary { padding: .625em .25em }
details details summary { font-weight: 400 }
select, [type=email] { inline-size: 100%; margin-block-start: .5em; padding-inline: .75em; border: 1px solid var(--line) }
[aria-invalid=true] { border: 2px solid }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.message { position: fixed; z-index: 2147483647; inset: auto .5em .5em; max-inline-size: 24em; margin: 0; padding: 1em 1em 1.5em }
.message div { grid-column: 1 / -1; margin-block-end: .25em }
.message p { margin-block-start: 0 }
:host([data-position^=top]) .message { inset: .5em .5em auto }
:host([data-position$=end]) .message { margin-inline-start: auto }
@media (forced-colors: active) {
.rows input::before { background: ButtonText }
.rows input:checked { background: Highlight; forced-color-adjust: none }
.rows input:checked::before { background: HighlightText }
}
@media (prefers-reduced-motion: no-preference) { .rows input::before { transition: inset .12s } }
`;
