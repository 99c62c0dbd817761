// The panel's looks. A constructed sheet, so a strict style-src has nothing to refuse. Sizes are `em` of the reader's own
// default size: `rem` belongs to the shop. Sides are logical, so that right-to-left pages mirror. What shops may set
// (--st-accent and its kind) is in README.md; --accent and --on-accent are made of it in widget.js.

const panel = `
.panel {
  --paper: var(--st-paper, light-dark(#f9f7f3, #181a19));
  --surface: var(--st-surface, light-dark(#fff, #232625));
  --text: var(--st-text, light-dark(#22211e, #eeebe5));
  --muted: light-dark(#66625a, #aeaaa1);
  --line: light-dark(#e6e1d8, #383c3a);
  --edge: light-dark(#8b867b, #7e837f);
  --accent-text: light-dark(oklch(from var(--accent-base) min(l, 0.45) c h), oklch(from var(--accent-base) max(l, 0.82) min(c, 0.09) h));
  --tint: light-dark(color-mix(in oklab, var(--accent-base) 9%, #fffdf8), color-mix(in oklab, oklch(from var(--accent-base) min(l, 0.42) min(c, 0.1) h) 45%, #262928));
  --hollow: light-dark(#f1ede5, #303432);
  --warn: light-dark(#874806, #f2b76d);
  --good: light-dark(#2f7242, #7fca92);
  --bad: light-dark(#a8281f, #ff9f94);
  --radius: var(--st-radius, 16px);
  --round: min(22px, calc(var(--radius) * 1.4));
  --small: calc(var(--radius) * 0.7);
  --gap: calc(8px * var(--st-density, 1));
  --hit: 36px;
  --shift: 0px;
  all: initial; box-sizing: border-box; position: fixed; display: none; flex-direction: column; overflow: hidden;
  inset: auto; inset-block-end: calc(max(var(--st-offset-y, 20px), env(safe-area-inset-bottom)) + 68px + var(--lift));
  inset-inline-end: max(var(--st-offset-x, 20px), env(safe-area-inset-right));
  width: min(400px, calc(100vw - 24px)); height: min(680px, calc(100dvh - 110px - var(--lift)));
  border: 1px solid var(--line); border-radius: var(--radius); background: var(--paper); color: var(--text);
  color-scheme: inherit; font: inherit; direction: inherit; overflow-wrap: anywhere; -webkit-text-size-adjust: 100%;
  box-shadow: 0 2px 6px rgb(20 25 22 / 0.08), 0 18px 50px -12px rgb(20 25 22 / 0.32);
}
:host([data-position="start"]) .panel { inset-inline: max(var(--st-offset-x, 20px), env(safe-area-inset-left)) auto; }
.panel:popover-open, .panel[open] { display: flex; animation: rise 0.22s cubic-bezier(0.2, 0.8, 0.3, 1); }
@keyframes rise { from { opacity: 0; transform: translateY(12px) scale(0.985); } }
.panel.sheet {
  inset: 0; max-width: none; max-height: none; width: 100vw; height: var(--height, 100dvh); margin: 0; border: 0; border-radius: 0;
  transform: translateY(var(--shift)); animation: none;
}
.panel::backdrop { background: transparent; }
.panel *, .panel :is(.mark, .choice, .stock, summary, [role="switch"])::after, .stock::before { box-sizing: border-box; }
.panel :where(h2, h3, p, ul, ol, dl, dd, figure, fieldset, legend) { margin: 0; padding: 0; border: 0; min-width: 0; font: inherit; }
.panel :where(ul, ol) { list-style: none; }
.panel :where(button, textarea, .field input) { appearance: none; margin: 0; padding: 0; border: 0; background: none; color: inherit; font: inherit; text-align: inherit; resize: none; -webkit-tap-highlight-color: transparent; }
.panel :where(button) { cursor: pointer; }
.panel :where(a) { color: var(--accent-text); text-underline-offset: 0.18em; text-decoration-thickness: 1px; }
.panel :where(a):hover { text-decoration-thickness: 2px; }
.panel :where(strong) { font-weight: 640; }
.panel :is(button, a, summary, input, select, .log, [role="region"]):focus-visible { outline: 2px solid var(--accent-text); outline-offset: 2px; }
.panel :where(a, summary):focus-visible { border-radius: 4px; }
.panel [hidden] { display: none !important; }
.icon { width: 1.25em; height: 1.25em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.quiet { color: var(--muted); font-size: 0.8667em; }
.mark {
  display: grid; place-items: center; flex: none; overflow: hidden; width: 1.7em; height: 1.7em; border-radius: 50%;
  background: var(--accent) var(--st-logo, none) center / cover; color: var(--on-accent); font-size: 0.875em; font-weight: 640; line-height: 1;
}
.mark:empty::before { content: var(--initial, "") / ""; }
.mark img { width: 100%; height: 100%; object-fit: cover; }
`;

const frame = `
.top {
  position: relative; z-index: 2; display: flex; align-items: center; gap: 12px; flex: none; min-height: 64px;
  padding: 8px; padding-inline-start: 16px; padding-block-start: max(8px, env(safe-area-inset-top));
  background: linear-gradient(100deg, var(--accent), oklch(from var(--accent) calc(l - 0.055) c h)); color: var(--on-accent);
}
.top > .mark { overflow: visible; width: 40px; height: 40px; border-radius: min(50%, calc(var(--radius) * 1.3)); background-color: color-mix(in oklab, oklch(from var(--on-accent) calc(1.2 - l) 0 h) 18%, transparent); font-size: 1.125em; }
.staffed .top > .mark::after { content: ""; width: 11px; height: 11px; margin: 30px -30px 0 0; border: 2px solid var(--accent); border-radius: 50%; background: #57c785; grid-area: 1 / 1; }
[dir="rtl"] .staffed .top > .mark::after { margin: 30px 0 0 -30px; }
.top > .mark::before { grid-area: 1 / 1; }
.names { flex: 1; min-width: 0; }
.top h2 { overflow: hidden; font-weight: 640; font-size: 1.0625em; line-height: 1.3; letter-spacing: -0.01em; text-overflow: ellipsis; white-space: nowrap; }
.top .line { font-size: 0.8125em; line-height: 1.35; text-wrap: balance; }
.plain { display: grid; place-items: center; flex: none; width: 44px; height: 44px; border-radius: 12px; }
.plain + .plain { margin-inline-start: -12px; }
.plain:hover { background: color-mix(in oklab, var(--on-accent) 14%, transparent); }
.panel .plain:focus-visible { outline-color: currentColor; outline-offset: -3px; }
.i-more { stroke-width: 3; }
.offline { flex: none; padding: 9px 16px; border-block-end: 1px solid var(--line); background: light-dark(#fdf3df, #3a2f1c); color: var(--warn); font-size: 0.8438em; line-height: 1.4; }
.middle { position: relative; display: flex; flex: 1; min-height: 0; }
.pill {
  position: absolute; inset-block-end: 10px; inset-inline: 0; display: flex; align-items: center; gap: 6px; width: max-content; max-width: 90%; min-height: 36px; margin: 0 auto;
  padding: 4px 16px; border: 1px solid var(--line); border-radius: 18px; background: var(--surface); color: var(--accent-text);
  font-size: 0.8438em; font-weight: 560; box-shadow: 0 4px 16px -4px rgb(20 25 22 / 0.3); animation: rise 0.2s ease-out;
}
.composer { display: flex; align-items: flex-end; gap: 8px; flex: none; margin: 0; padding: 10px 12px 4px; border-block-start: 1px solid var(--line); background: var(--surface); }
.composer textarea {
  flex: 1; min-width: 0; min-height: 44px; max-height: 8.4em; padding: 9px 16px; border: 1px solid var(--edge); border-radius: var(--round);
  background: var(--paper); color: var(--text); font-size: max(16px, 1em); line-height: 1.5; overflow-y: auto; overflow-wrap: anywhere; white-space: pre-wrap;
  field-sizing: content; cursor: text; scrollbar-width: thin;
}
.composer textarea::placeholder { color: var(--muted); opacity: 1; }
.composer textarea:placeholder-shown { direction: inherit; }
.composer textarea:focus-visible { outline: 2px solid var(--accent-text); outline-offset: -2px; }
.send { display: grid; place-items: center; flex: none; width: 44px; height: 44px; border-radius: min(50%, var(--round)); background: var(--tint); color: var(--accent-text); transition: background 0.15s, color 0.15s, transform 0.15s; }
.ready .send { background: var(--accent); color: var(--on-accent); }
.ready .send:active { transform: scale(0.92); }
.panel footer { display: flex; flex: none; flex-wrap: wrap; align-items: center; justify-content: center; column-gap: 0.9em; padding: 0 16px max(2px, env(safe-area-inset-bottom)); background: var(--surface); color: var(--muted); font-size: 0.8125em; }
.panel footer button { padding: 10px 4px; color: var(--accent-text); text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 0.18em; line-height: 24px; }
`;

// A reply is all there at once, for those who listen; the eye gets it bit by bit. Elements are named, for `*` would have every part
// of every card styled anew when one comes to life.
const talk = `
.log { position: relative; display: flex; flex: 1; flex-direction: column; min-width: 0; padding: 6px 0 18px; overflow: hidden auto; overscroll-behavior: contain; scrollbar-width: thin; scrollbar-color: var(--line) transparent; font-size: 0.9375em; line-height: 1.5; }
.panel .log:focus-visible { outline-offset: -3px; }
.stretch { display: flex; flex: none; flex-direction: column; margin-block-end: -6px; padding: 0 16px 6px; contain-intrinsic-size: auto 999px; }
.past { content-visibility: auto; }
.turn { position: relative; display: flex; flex: none; flex-direction: column; align-items: flex-start; gap: var(--gap); margin-block-start: calc(var(--gap) * 2); }
.turn.coming { position: absolute; inset: auto 16px 100%; visibility: hidden; }
.turn.goes-on { margin-block-start: calc(var(--gap) * 0.5); }
.turn.shopper { align-items: flex-end; }
.live > :is(p, div, section, form) { animation: arrive 0.28s ease-out backwards; }
.live.shopper > :is(p, div) { animation: sent 0.2s ease-out; transform-origin: 100% 100%; }
.live > div:nth-child(4) { animation-delay: 0.14s; }
.live > div:nth-child(5) { animation-delay: 0.28s; }
.live > div:nth-child(n + 6) { animation-delay: 0.4s; }
.live.assistant .bubble > :is(p, ul) { animation: arrive 0.4s ease-out backwards; }
.live .bubble > :is(p, ul):nth-child(n + 2) { animation-delay: 0.16s !important; }
@keyframes arrive { from { opacity: 0; transform: translateY(8px); } }
@keyframes sent { from { opacity: 0; transform: translateY(12px) scale(0.96); } }
.day { align-self: center; padding: 8px 0 0; color: var(--muted); font-size: 0.8em; }
.who { display: flex; align-items: center; gap: 0.55em; margin-block-end: calc(var(--gap) * -0.25); color: var(--muted); font-size: 0.8em; }
.who .name { color: var(--text); font-weight: 640; }
:is(.shopper, .system) .who { position: absolute; inset-inline-start: 0; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.bubble {
  display: flex; flex-direction: column; gap: 0.55em; max-width: 88%; padding: calc(var(--gap) * 1.1) 14px; border: 1px solid var(--line);
  border-radius: var(--radius); border-start-start-radius: calc(var(--radius) * 0.3); background: var(--surface);
}
.goes-on .bubble { border-start-start-radius: var(--radius); }
.shopper .bubble { display: block; border-color: transparent; border-start-start-radius: var(--radius); border-end-end-radius: calc(var(--radius) * 0.3); background: var(--accent); color: var(--on-accent); white-space: pre-wrap; }
.shopper:has(.state[data-state="failed"]) .bubble { border: 1px dashed var(--bad); background: var(--surface); color: var(--text); }
.agent .bubble { background: var(--tint); border-color: transparent; }
.system .bubble { align-self: center; padding: 0; border: 0; background: none; color: var(--muted); font-size: 0.9em; text-align: center; }
.bubble ul { display: grid; gap: 0.25em; padding-inline-start: 1.1em; list-style: disc; }
.source { display: flex; align-items: center; gap: 0.4em; color: var(--muted); font-size: 0.8667em; }
.source .icon, .state .icon { width: 1.15em; height: 1.15em; }
.state { position: relative; display: flex; flex-flow: row-reverse wrap; align-items: center; align-self: stretch; gap: 0.35em; margin-block-start: calc(var(--gap) * -0.5); color: var(--muted); font-size: 0.8em; }
.state:not([data-state="sent"]) :is(time, .i-check), .state:is([data-state="sent"], [data-state="failed"]) .i-clock, .state:not([data-state="failed"]) .i-alert { display: none; }
.shopper:not(.newest) .state[data-state="sent"] :is(span, .i-check), .shopper.goes-further .state[data-state="sent"] { display: none; }
.state:is([data-state="sending"], [data-state="sent"]) span { position: absolute; inset-inline-start: 0; clip-path: inset(50%); }
.state[data-state="failed"] { flex-direction: row; justify-content: flex-end; color: var(--bad); font-weight: 560; }
.state button { padding: 8px 6px; min-height: var(--hit); color: var(--accent-text); text-decoration: underline; text-underline-offset: 0.18em; line-height: 1.5; }
.dots { display: flex; flex: none; gap: 5px; width: max-content; margin: 14px 16px 0; padding: 15px 16px; border: 1px solid var(--line); border-radius: var(--radius); border-start-start-radius: calc(var(--radius) * 0.3); background: var(--surface); }
.dots i { width: 7px; height: 7px; border-radius: 50%; background: var(--muted); animation: breathe 1.2s ease-in-out infinite; }
.dots i:nth-child(2) { animation-delay: 0.15s; }
.dots i:nth-child(3) { animation-delay: 0.3s; }
.dots.still i { animation: none; opacity: 0.6; }
@keyframes breathe { 0%, 60%, 100% { opacity: 0.35; } 30% { opacity: 1; transform: translateY(-3px); } }
.earlier { flex: none; align-self: center; min-height: 44px; padding: 10px 16px; color: var(--accent-text); font-size: 0.9em; font-weight: 560; }
.choices { display: flex; flex-direction: column; gap: 8px; width: 100%; }
.row { display: flex; flex-wrap: wrap; gap: 8px; }
.choice {
  display: inline-flex; align-items: center; gap: 10px; min-height: 44px; padding: 8px 16px; border: 1px solid color-mix(in oklab, var(--accent-text) 55%, var(--surface)); border-radius: var(--round);
  background: var(--surface); color: var(--accent-text); font-weight: 560; line-height: 1.4; transition: background 0.15s, border-color 0.15s;
}
.choice:hover { border-color: var(--accent-text); background: var(--tint); }
.welcome .day, .welcome .who { position: absolute; clip-path: inset(50%); }
.welcome .bubble { max-width: 100%; margin-block: 14px 8px; padding: 0; border: 0; background: none; font-size: 1.2em; font-weight: 560; line-height: 1.4; letter-spacing: -0.012em; text-wrap: pretty; }
.welcome .row { flex-direction: column; }
.welcome .choice { justify-content: space-between; min-height: calc(var(--hit) + 10px); border-color: var(--line); border-radius: var(--small); color: var(--text); }
.welcome .choice::after { content: ""; width: 0.5em; height: 0.5em; border: solid var(--muted); border-width: 1.8px 1.8px 0 0; transform: rotate(45deg); }
[dir="rtl"] .welcome .choice::after { transform: rotate(225deg); }
@media (hover: hover) and (pointer: fine) {
  .choice[data-key] { padding-inline-end: 10px; }
  .panel .choice[data-key]::after { content: attr(data-key) / ""; width: auto; height: auto; min-width: 1.7em; padding-inline: 0.45em; border: 1px solid var(--line); border-radius: 6px; color: var(--muted); font-size: 0.75em; font-weight: 560; line-height: 1.6; text-align: center; transform: none; }
  .panel:has(textarea:not(:placeholder-shown)) .choice[data-key]::after { visibility: hidden; }
}
`;

const blocks = `
.box { width: 100%; border: 1px solid var(--line); border-radius: min(18px, var(--radius)); background: var(--surface); }
.box h3 { font-weight: 640; line-height: 1.35; }
[dir="rtl"] :is(.box, .choices) [dir="auto"] { text-align: right; }
.box h3 a { color: var(--text); text-decoration-color: transparent; }
.box h3 a:hover { text-decoration-color: currentColor; }
.button {
  display: inline-flex; align-items: center; justify-content: center; gap: 0.55em; min-height: 44px; padding: 8px 18px; border: 1px solid var(--edge); border-radius: var(--small);
  background: var(--surface); color: var(--accent-text); font-weight: 560; line-height: 1.35; text-decoration: none; text-align: center; transition: background 0.15s;
}
.button:hover { background: var(--tint); }
.primary { border-color: transparent; background: var(--accent); color: var(--on-accent); }
.primary:hover { background: oklch(from var(--accent) calc(l - 0.04) c h); }
`;

const care = `
.attach { display: grid; place-items: center; flex: none; width: 44px; height: 44px; margin-inline: -4px; border-radius: 50%; color: var(--muted); }
.attach:hover { background: var(--tint); color: var(--accent-text); }
.attach .icon { width: 24px; height: 24px; }
.composer.drop { outline: 2px dashed var(--accent-text); outline-offset: -4px; }
.beneath { display: contents; }
.helpful { display: flex; flex-wrap: wrap; align-items: center; gap: 0 4px; margin-block-start: -4px; color: var(--muted); font-size: 0.86em; }
.helpful > span:first-child { margin-inline-end: 4px; }
.helpful button { display: inline-flex; align-items: center; gap: 0.4em; min-height: 44px; padding: 4px 10px; border-radius: 22px; color: var(--accent-text); font-weight: 560; }
.helpful button:hover, .helpful button[aria-pressed="true"] { background: var(--tint); }
.helpful button[aria-pressed="true"] { box-shadow: inset 0 0 0 1.5px currentColor; }
.helpful button[aria-pressed="true"] .icon { fill: currentColor; }
.helpful .noted { margin-inline-start: 8px; }
.helpful .icon { width: 1.2em; height: 1.2em; }
`;

const manners = `
.panel::selection, .bubble::selection, .panel textarea::selection { background: var(--accent); color: var(--on-accent); }
.shopper .bubble::selection { background: var(--on-accent); color: var(--accent); }
@media (pointer: coarse) { .panel { --hit: 44px; } }
@media (forced-colors: active) {
  .panel, .bubble, .shopper .bubble, .box, .dots, .panel .send, .top, .mark, .primary { border: 1px solid CanvasText; }
  .dots i { forced-color-adjust: none; background: CanvasText; }
}
@media (prefers-reduced-motion: reduce) {
  .panel, .panel *, .panel *::before, .panel *::after { animation: none !important; transition: none !important; }
}
@media print { .panel { display: none !important; } }
`;

export const css = panel + frame + talk + blocks + care + manners;
