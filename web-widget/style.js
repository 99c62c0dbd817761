// The panel's looks. A constructed sheet, so a strict style-src has nothing to refuse. Sizes are
// `em` of the reader's own default size: `rem` belongs to the shop. Sides are logical, so that
// right-to-left pages mirror. Shops set --st-accent, --st-font, --st-radius, --st-offset-x and -y.

const panel = `
.panel {
  --paper: var(--st-paper, light-dark(#faf8f4, #1a1c1b));
  --surface: var(--st-surface, light-dark(#ffffff, #262928));
  --text: var(--st-text, light-dark(#262521, #ece9e3));
  --muted: light-dark(#68645c, #aaa69d);
  --line: light-dark(#e7e2d8, #393d3b);
  --edge: light-dark(#8b867b, #7e837f);
  --accent-text: light-dark(oklch(from var(--accent-base) min(l, 0.46) c h), oklch(from var(--accent-base) max(l, 0.8) min(c, 0.09) h));
  --tint: light-dark(color-mix(in oklab, var(--accent-base) 10%, #fffdf8), color-mix(in oklab, var(--accent-base) 42%, #2a2d2b));
  --warn: light-dark(#8a4b08, #f0b46a);
  --bad: light-dark(#a8281f, #ff9d92);
  --radius: var(--st-radius, 16px);
  --shift: 0px;
  all: initial; box-sizing: border-box; position: fixed; display: none; flex-direction: column; overflow: hidden;
  inset: auto; inset-block-end: calc(max(var(--st-offset-y, 20px), env(safe-area-inset-bottom)) + 68px);
  inset-inline-end: max(var(--st-offset-x, 20px), env(safe-area-inset-right));
  width: min(400px, calc(100vw - 24px)); height: min(680px, calc(100dvh - 110px));
  border: 1px solid var(--line); border-radius: var(--radius); background: var(--paper); color: var(--text);
  color-scheme: inherit; font: inherit; direction: inherit; overflow-wrap: anywhere; -webkit-text-size-adjust: 100%;
  box-shadow: 0 2px 6px rgb(20 25 22 / 0.08), 0 18px 50px -12px rgb(20 25 22 / 0.32);
}
:host([data-position="start"]) .panel { inset-inline: max(var(--st-offset-x, 20px), env(safe-area-inset-left)) auto; }
.panel:popover-open, .panel[open] { display: flex; animation: rise 0.2s cubic-bezier(0.2, 0.8, 0.3, 1); }
@keyframes rise { from { opacity: 0; transform: translateY(10px); } }
.panel.sheet {
  inset: 0; max-width: none; max-height: none; width: 100vw; height: var(--height, 100dvh); margin: 0; border: 0; border-radius: 0;
  transform: translateY(var(--shift)); animation: none;
}
.panel::backdrop { background: transparent; }
.panel *, .panel *::before { box-sizing: border-box; }
.panel :where(h2, h3, p, ul, ol, dl, dd) { margin: 0; padding: 0; font: inherit; }
.panel :where(ul, ol) { list-style: none; }
.panel :where(button) { all: unset; box-sizing: border-box; cursor: pointer; -webkit-tap-highlight-color: transparent; }
.panel :where(a) { color: var(--accent-text); text-underline-offset: 0.18em; text-decoration-thickness: 1px; }
.panel :where(a):hover { text-decoration-thickness: 2px; }
.panel :is(button, a, summary, input, .log):focus-visible { outline: 2px solid var(--accent-text); outline-offset: 2px; border-radius: 6px; }
.panel [hidden] { display: none !important; }
.icon { width: 1.25em; height: 1.25em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.quiet { color: var(--muted); font-size: 0.8125em; }
`;

const frame = `
.top {
  position: relative; z-index: 2; display: flex; align-items: center; gap: 0.7em; flex: none; min-height: 64px;
  padding: 8px; padding-inline-start: 16px; padding-block-start: max(8px, env(safe-area-inset-top)); background: var(--accent); color: #fff;
}
.mark {
  display: grid; place-items: center; flex: none; width: 38px; height: 38px; border: 1px solid rgb(255 255 255 / 0.35); border-radius: 50%;
  background: rgb(255 255 255 / 0.12); font-weight: 600; font-size: 1.05em;
}
.names { flex: 1; min-width: 0; }
.top h2 { font-weight: 620; line-height: 1.3; letter-spacing: -0.005em; }
.top .line { font-size: 0.8125em; line-height: 1.35; text-wrap: balance; }
.top .plain { display: grid; place-items: center; flex: none; width: 44px; height: 44px; border-radius: 12px; }
.top .plain:hover { background: rgb(255 255 255 / 0.14); }
.top .plain + .plain { margin-inline-start: -0.6em; }
.top :is(.plain):focus-visible { outline-color: #fff; outline-offset: -3px; border-radius: 12px; }
.top .i-more { stroke-width: 3; }
.menu {
  position: absolute; inset-block-start: calc(100% - 4px); inset-inline-end: 10px; min-width: 15em; padding: 6px;
  border: 1px solid var(--line); border-radius: 12px; background: var(--surface); color: var(--text);
  box-shadow: 0 10px 30px -8px rgb(20 25 22 / 0.35);
}
.menu button { display: flex; align-items: center; gap: 0.75em; width: 100%; min-height: 44px; padding: 6px 12px; border-radius: 8px; font-size: 0.9375em; }
.menu button:hover { background: var(--tint); }
.menu .icon { color: var(--muted); }
.offline { flex: none; padding: 9px 16px; border-block-end: 1px solid var(--line); background: light-dark(#fdf3df, #3a2f1c); color: var(--warn); font-size: 0.8438em; line-height: 1.4; }
.middle { position: relative; display: flex; flex: 1; min-height: 0; }
.pill {
  position: absolute; inset-block-end: 10px; inset-inline: 0; display: flex; align-items: center; gap: 0.4em; width: max-content; min-height: 36px; margin: 0 auto;
  padding: 4px 16px; border: 1px solid var(--line); border-radius: 18px; background: var(--surface); color: var(--accent-text);
  font-size: 0.8438em; font-weight: 560; box-shadow: 0 4px 16px -4px rgb(20 25 22 / 0.3);
}
.composer { display: flex; align-items: flex-end; gap: 8px; flex: none; margin: 0; padding: 10px 12px 6px; border-block-start: 1px solid var(--line); background: var(--surface); }
.composer textarea {
  all: unset; box-sizing: border-box; flex: 1; min-width: 0; min-height: 44px; max-height: 8.4em; padding: 9px 14px; border: 1px solid var(--edge); border-radius: 22px;
  background: var(--paper); color: var(--text); font-size: max(16px, 1em); line-height: 1.5; overflow-y: auto; overflow-wrap: anywhere; white-space: pre-wrap;
  field-sizing: content; cursor: text; scrollbar-width: thin;
}
.composer textarea::placeholder { color: var(--muted); opacity: 1; }
.composer textarea:focus-visible { outline: 2px solid var(--accent-text); outline-offset: -1px; border-color: transparent; }
.send { display: grid; place-items: center; flex: none; width: 44px; height: 44px; border-radius: 50%; background: var(--tint); color: var(--accent-text); transition: background 0.15s ease, color 0.15s ease; }
.composer.ready .send { background: var(--accent); color: #fff; }
.panel footer { flex: none; padding: 0 16px max(4px, env(safe-area-inset-bottom)); background: var(--surface); color: var(--muted); font-size: 0.8125em; text-align: center; }
.panel footer button { display: inline-block; padding: 10px 4px; color: var(--accent-text); text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 0.18em; line-height: 24px; }
`;

const talk = `
.log { position: relative; flex: 1; min-width: 0; padding: 6px 16px 18px; overflow-y: auto; overscroll-behavior: contain; scrollbar-width: thin; scrollbar-color: var(--line) transparent; font-size: 0.9375em; }
.panel .log:focus-visible { outline-offset: -3px; border-radius: 0; }
.turn { position: relative; display: flex; flex-direction: column; align-items: flex-start; gap: 8px; margin-block-start: 8px; animation: arrive 0.22s ease-out; }
@keyframes arrive { from { opacity: 0; transform: translateY(6px); } }
.turn.shopper { align-items: flex-end; margin-block-start: 14px; }
.day { align-self: center; padding-block: 12px 2px; color: var(--muted); font-size: 0.8em; }
.who { display: flex; align-items: baseline; gap: 0.5em; margin-block: 6px -3px; color: var(--muted); font-size: 0.8em; }
.who .name { font-weight: 600; }
.shopper .who { position: absolute; inset-inline-start: 0; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.bubble {
  display: flex; flex-direction: column; gap: 0.55em; max-width: 88%; padding: 9px 14px; border: 1px solid var(--line); border-radius: 16px; border-start-start-radius: 5px;
  background: var(--surface); line-height: 1.5;
}
.panel p.bubble { padding: 9px 14px; }
.shopper .bubble { display: block; border: 0; border-radius: 16px; border-end-end-radius: 5px; background: var(--accent); color: #fff; white-space: pre-wrap; }
.agent .bubble { background: var(--tint); border-color: transparent; }
.system .bubble { align-self: center; border: 0; background: none; color: var(--muted); font-size: 0.9em; text-align: center; }
.bubble strong { font-weight: 650; }
.bubble ul { display: grid; gap: 0.25em; padding-inline-start: 1.1em; list-style: disc; }
.source { display: flex; align-items: center; gap: 0.4em; color: var(--muted); font-size: 0.86em; }
.source .icon { width: 1.1em; height: 1.1em; }
.state { display: flex; flex-wrap: wrap; align-items: center; justify-content: flex-end; gap: 0.35em; margin-block-start: -4px; color: var(--muted); font-size: 0.8em; }
.state .icon { width: 1.1em; height: 1.1em; }
.state[data-state="failed"] { color: var(--bad); }
.state button { padding: 8px 6px; color: var(--accent-text); font-weight: 560; text-decoration: underline; text-underline-offset: 0.18em; }
.dots { display: flex; gap: 5px; width: max-content; margin-block-start: 14px; padding: 14px 16px; border: 1px solid var(--line); border-radius: 16px; border-start-start-radius: 5px; background: var(--surface); }
.dots i { width: 7px; height: 7px; border-radius: 50%; background: var(--muted); animation: breathe 1.2s ease-in-out infinite; }
.dots i:nth-child(2) { animation-delay: 0.15s; }
.dots i:nth-child(3) { animation-delay: 0.3s; }
.dots.still i { animation: none; opacity: 0.6; }
@keyframes breathe { 0%, 60%, 100% { opacity: 0.3; } 30% { opacity: 1; } }
.earlier { display: block; width: max-content; min-height: 44px; margin: 4px auto 0; padding: 10px 16px; color: var(--accent-text); font-size: 0.9em; font-weight: 560; }
.choices { display: flex; flex-direction: column; gap: 8px; max-width: 100%; }
.choices .row { display: flex; flex-wrap: wrap; gap: 8px; }
.choice {
  min-height: 44px; padding: 9px 16px; border: 1px solid var(--accent-text); border-radius: 22px; background: var(--surface); color: var(--accent-text); font-weight: 540; line-height: 1.4;
  transition: background 0.15s ease;
}
.choice:hover { background: var(--tint); }
.panel .choice:focus-visible { border-radius: 22px; }
.spent { color: var(--muted); font-size: 0.86em; }
`;

const cards = `
.block { max-width: 100%; }
.button {
  display: inline-flex; align-items: center; justify-content: center; gap: 0.55em; min-height: 44px; padding: 8px 18px; border: 1px solid var(--edge); border-radius: 12px;
  background: var(--surface); color: var(--accent-text); font-weight: 560; text-decoration: none; text-align: center;
}
.button:hover { background: var(--tint); }
.button.primary { border-color: transparent; background: var(--accent); color: #fff; }
.products { width: calc(100% + 32px); margin-inline: -16px; }
.cards { position: relative; display: flex; align-items: flex-start; gap: 12px; padding: 2px 16px 8px; overflow-x: auto; overscroll-behavior-x: contain; scroll-snap-type: x mandatory; scroll-padding-inline: 16px; scrollbar-width: none; }
.cards > li { flex: 0 0 min(14em, 82%); scroll-snap-align: start; }
.one .cards > li { flex: 1; max-width: 17em; }
.card { overflow: hidden; border: 1px solid var(--line); border-radius: 14px; background: var(--surface); }
.picture { position: relative; aspect-ratio: 1; background: light-dark(#f1ede4, #323634); }
.picture img { display: block; width: 100%; height: 100%; object-fit: cover; }
.sale { position: absolute; inset-block-start: 10px; inset-inline-start: 10px; padding: 2px 9px; border-radius: 11px; background: #8c3b1b; color: #fff; font-size: 0.8em; font-weight: 620; }
.about { display: flex; flex-direction: column; gap: 4px; padding: 12px 14px 10px; }
.card h3 { display: -webkit-box; overflow: hidden; font-weight: 600; line-height: 1.35; -webkit-box-orient: vertical; -webkit-line-clamp: 2; }
.card h3 a { color: var(--text); text-decoration-color: transparent; }
.card h3 a:hover { text-decoration-color: currentColor; }
.price { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 0.5em; font-weight: 640; font-variant-numeric: tabular-nums; }
.price s { color: var(--muted); font-size: 0.9em; font-weight: 400; }
.facts { display: flex; flex-wrap: wrap; gap: 0 0.8em; color: var(--muted); font-size: 0.86em; }
.stock::before { content: ""; display: inline-block; width: 7px; height: 7px; margin-inline-end: 0.45em; border-radius: 50%; background: light-dark(#3f7d4f, #7cc48e); vertical-align: 0.06em; }
.stock.low { color: var(--warn); }
.stock.low::before { background: currentColor; }
.stock.out::before { background: none; border: 1.5px solid currentColor; }
.options { color: var(--muted); font-size: 0.86em; }
.options > span + span::before { content: " · "; }
.options:empty { display: none; }
.why { font-size: 0.86em; line-height: 1.45; }
.why summary { display: inline-flex; align-items: center; gap: 0.35em; min-height: 32px; color: var(--accent-text); font-weight: 560; cursor: pointer; list-style: none; }
.why summary::-webkit-details-marker { display: none; }
.why summary::after { content: ""; width: 0.42em; height: 0.42em; border: solid currentColor; border-width: 0 1.6px 1.6px 0; transform: translateY(-0.12em) rotate(45deg); }
.why[open] summary::after { transform: translateY(0.12em) rotate(225deg); }
.why p { padding-block: 0 4px; color: var(--muted); }
.bar { display: flex; align-items: center; justify-content: flex-end; gap: 8px; padding-inline: 16px; }
.count { margin-inline-end: auto; color: var(--muted); font-size: 0.86em; font-variant-numeric: tabular-nums; }
.step { display: grid; place-items: center; width: 44px; height: 44px; border: 1px solid var(--line); border-radius: 50%; background: var(--surface); color: var(--accent-text); }
.step[aria-disabled="true"] { opacity: 0.4; cursor: default; }
.step.back .icon, [dir="rtl"] .step:not(.back) .icon { transform: scaleX(-1); }
[dir="rtl"] .step.back .icon { transform: none; }
.comparison { overflow-x: auto; border: 1px solid var(--line); border-radius: 14px; background: var(--surface); scrollbar-width: thin; scrollbar-color: var(--line) transparent; }
.comparison:focus-visible { outline: 2px solid var(--accent-text); outline-offset: -2px; }
.comparison table { border-collapse: collapse; width: 100%; font-size: 0.9em; line-height: 1.4; font-variant-numeric: tabular-nums; }
.comparison :is(th, td) { min-width: 6.5em; padding: 8px 12px; border-block-start: 1px solid var(--line); text-align: start; vertical-align: top; overflow-wrap: anywhere; }
.comparison tr > :first-child { position: sticky; inset-inline-start: 0; z-index: 1; min-width: 5.5em; background: var(--surface); overflow-wrap: break-word; }
.comparison thead :is(th, td) { border: 0; padding-block-start: 12px; font-weight: 600; }
.comparison thead a { color: var(--text); text-decoration-color: transparent; }
.comparison thead a:hover { text-decoration-color: currentColor; }
.comparison img { display: block; width: 64px; height: 64px; margin-block-end: 6px; border-radius: 8px; object-fit: cover; }
.comparison tbody th { color: var(--muted); font-weight: 400; }
.comparison tbody td { font-weight: 560; }
.comparison .alike td { color: var(--muted); font-weight: 400; }
.cart { display: flex; flex-direction: column; gap: 12px; width: 100%; padding: 14px 16px; border: 1px solid var(--line); border-radius: 14px; background: var(--surface); }
.cart > ul { display: grid; gap: 12px; }
.cart li { display: grid; grid-template-columns: 56px minmax(0, 1fr) auto; gap: 4px 12px; align-items: start; }
.thumb { width: 56px; height: 56px; overflow: hidden; border-radius: 10px; background: light-dark(#f1ede4, #323634); }
.thumb img { display: block; width: 100%; height: 100%; object-fit: cover; }
.what p { font-weight: 560; line-height: 1.35; overflow-wrap: anywhere; }
.what p a { color: var(--text); text-decoration-color: transparent; }
.what p a:hover { text-decoration-color: currentColor; }
.steps { display: flex; align-items: center; gap: 2px; margin-inline-start: -8px; }
.tap { display: grid; place-items: center; width: 36px; height: 36px; border-radius: 50%; color: var(--accent-text); font-size: 1.15em; }
.tap:hover { background: var(--tint); }
.tap .icon { width: 0.9em; height: 0.9em; margin-inline-start: 0; }
.pieces { min-width: 1.6em; text-align: center; font-variant-numeric: tabular-nums; }
.cart .sum { font-variant-numeric: tabular-nums; white-space: nowrap; }
.cart dl { display: grid; gap: 3px; padding-block-start: 10px; border-block-start: 1px solid var(--line); }
.cart dl div { display: flex; justify-content: space-between; gap: 16px; }
.cart dt { color: var(--muted); }
.cart dd { font-variant-numeric: tabular-nums; }
.cart .total { padding-block-start: 10px; border-block-start: 1px solid var(--line); }
.order, .form { display: flex; flex-direction: column; gap: 14px; width: 100%; padding: 16px; border: 1px solid var(--line); border-radius: 14px; background: var(--surface); }
.order header { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 12px; }
.order h3 { font-weight: 620; font-variant-numeric: tabular-nums; }
.headline { font-size: 1.12em; font-weight: 600; line-height: 1.35; }
.timeline > li { position: relative; display: grid; grid-template-columns: 22px 1fr auto; gap: 0 12px; align-items: center; min-height: 34px; }
.timeline > li:not(:last-child)::after { content: ""; position: absolute; inset-block: 28px -6px; inset-inline-start: 10px; width: 2px; background: var(--line); }
.timeline > li.done:not(:last-child)::after { background: var(--accent-text); opacity: 0.45; }
.dot { display: grid; place-items: center; width: 22px; height: 22px; border: 2px solid var(--line); border-radius: 50%; }
.dot .icon { width: 13px; height: 13px; stroke-width: 3; }
.done .dot { border-color: transparent; background: var(--tint); color: var(--accent-text); }
.current .dot { border-color: transparent; background: var(--accent); color: #fff; }
.current .step-name { font-weight: 640; }
.coming .step-name { color: var(--muted); }
.order dl { display: grid; gap: 3px; }
.order dl div { display: flex; justify-content: space-between; gap: 16px; }
.order dt { color: var(--muted); }
.order dd { text-align: end; font-variant-numeric: tabular-nums; }
.lines { display: grid; gap: 4px; padding-block-start: 12px; border-block-start: 1px solid var(--line); }
.lines li, .total { display: flex; justify-content: space-between; gap: 16px; font-variant-numeric: tabular-nums; }
.lines bdi { white-space: nowrap; }
.total { font-weight: 640; }
.field { display: grid; gap: 5px; }
.field label { font-weight: 560; }
.field input { all: unset; box-sizing: border-box; width: 100%; min-height: 44px; padding: 8px 12px; border: 1px solid var(--edge); border-radius: 10px; background: var(--paper); font-size: max(16px, 1em); cursor: text; }
.field input[aria-invalid="true"] { border-color: var(--bad); }
.panel .field input:focus-visible { outline: 2px solid var(--accent-text); outline-offset: -1px; border-radius: 10px; }
.error { color: var(--bad); font-size: 0.9em; }
.form :disabled { opacity: 0.6; cursor: default; }
.handoff { display: flex; gap: 14px; width: 100%; padding: 14px 16px; border-radius: 14px; background: var(--tint); }
.handoff > .icon { width: 26px; height: 26px; margin-block-start: 2px; color: var(--accent-text); }
.handoff h3 { font-weight: 620; }
.photo { width: 100%; height: auto; border: 1px solid var(--line); border-radius: 14px; }
`;

const care = `
.attach { display: grid; place-items: center; flex: none; width: 44px; height: 44px; margin-inline: -4px; border-radius: 50%; color: var(--muted); }
.attach:hover { background: var(--tint); color: var(--accent-text); }
.attach .icon { width: 24px; height: 24px; }
.composer.drop { outline: 2px dashed var(--accent-text); outline-offset: -4px; }
.panel .tray { display: grid; gap: 6px; flex: none; max-height: 40%; padding: 10px 12px 4px; overflow-y: auto; border-block-start: 1px solid var(--line); background: var(--surface); font-size: 0.875em; }
.tray + .composer { border-block-start: 0; }
.tray[hidden] + .composer { border-block-start: 1px solid var(--line); }
.tray li { display: grid; grid-template-columns: 56px minmax(0, 1fr) 44px; gap: 12px; align-items: center; }
.tray canvas { display: block; width: 100%; height: 100%; object-fit: cover; }
.tray progress { display: block; width: 100%; height: 6px; accent-color: var(--accent); }
.why-not { display: flex; gap: 0.4em; align-items: baseline; color: var(--bad); line-height: 1.35; }
.why-not .icon { width: 1em; height: 1em; align-self: center; }
.again { padding: 10px 0; color: var(--accent-text); font-weight: 560; text-decoration: underline; text-underline-offset: 0.18em; }
.remove { display: grid; place-items: center; width: 44px; height: 44px; border-radius: 50%; color: var(--muted); }
.remove:hover { background: var(--tint); }
.photos { display: grid; grid-template-columns: repeat(auto-fit, minmax(120px, 1fr)); gap: 4px; width: min(100%, 260px); }
.photos canvas { display: block; width: 100%; max-height: 260px; aspect-ratio: var(--ratio); object-fit: cover; border: 1px solid var(--line); border-radius: 14px; background: var(--tint); }
.photos:has(> :nth-child(2)) canvas { aspect-ratio: 1; }
.beneath { display: contents; }
.helpful { display: flex; flex-wrap: wrap; align-items: center; gap: 0 4px; margin-block-start: -4px; color: var(--muted); font-size: 0.86em; }
.helpful > span:first-child { margin-inline-end: 4px; }
.helpful button { display: inline-flex; align-items: center; gap: 0.4em; min-height: 44px; padding: 4px 10px; border-radius: 22px; color: var(--accent-text); font-weight: 540; }
.helpful button:hover, .helpful button[aria-pressed="true"] { background: var(--tint); }
.helpful button[aria-pressed="true"] { box-shadow: inset 0 0 0 1.5px currentColor; }
.helpful button[aria-pressed="true"] .icon { fill: currentColor; }
.helpful .noted { margin-inline-start: 8px; }
.helpful .icon { width: 1.2em; height: 1.2em; }
.rating { display: grid; gap: 14px; width: 100%; padding: 16px; border: 1px solid var(--line); border-radius: 14px; background: var(--surface); }
.rating.over { padding: 10px 16px; border-style: dashed; color: var(--muted); }
.rating.over:has(p:empty) { display: none; }
.rating fieldset { min-width: 0; margin: 0; padding: 0; border: 0; }
.rating legend { padding: 0; font-weight: 600; }
.scores { display: grid; grid-template-columns: repeat(5, 1fr); gap: 6px; padding-block-start: 10px; }
.scores label { display: flex; flex-direction: column; align-items: center; gap: 2px; min-height: 64px; padding: 8px 2px; border: 1px solid var(--edge); border-radius: 12px; background: var(--paper); text-align: center; line-height: 1.25; cursor: pointer; }
.scores label span { font-size: 0.8em; color: var(--muted); overflow-wrap: anywhere; }
.scores label b { font-weight: 640; font-size: 1.1em; }
.scores input { position: absolute; opacity: 0; pointer-events: none; }
.scores label:has(:checked) { border-color: transparent; background: var(--accent); color: #fff; }
.scores label:has(:checked) span { color: inherit; }
.scores label:has(:focus-visible) { outline: 2px solid var(--accent-text); outline-offset: 2px; }
.rating textarea { all: unset; box-sizing: border-box; width: 100%; min-height: 60px; padding: 8px 12px; border: 1px solid var(--edge); border-radius: 10px; background: var(--paper); font-size: max(16px, 1em); white-space: pre-wrap; overflow-wrap: anywhere; cursor: text; }
.panel .rating textarea:focus-visible { outline: 2px solid var(--accent-text); outline-offset: -1px; border-radius: 10px; }
.rating .row, .page .row { display: flex; flex-wrap: wrap; gap: 8px; }
.page { position: absolute; inset: 0; z-index: 1; display: flex; flex-direction: column; gap: 16px; padding: 10px 16px 18px; overflow-y: auto; background: var(--paper); font-size: 0.9375em; line-height: 1.5; }
.page header { position: sticky; inset-block-start: -10px; z-index: 1; background: var(--paper); display: flex; align-items: center; gap: 4px; margin-inline-start: -10px; }
.page header .plain { display: grid; place-items: center; width: 44px; height: 44px; border-radius: 12px; color: var(--accent-text); }
.page header .icon { transform: scaleX(-1); }
[dir="rtl"] .page header .icon { transform: none; }
.page h3 { font-weight: 620; font-size: 1.12em; }
.page h3:focus, .rating p:focus { outline: none; }
.kept { display: grid; gap: 10px; }
.kept li { display: flex; gap: 0.75em; }
.kept .icon { margin-block-start: 0.15em; color: var(--muted); }
.agree { display: flex; gap: 0.75em; align-items: flex-start; padding: 12px 14px; border: 1px solid var(--line); border-radius: 12px; background: var(--surface); cursor: pointer; }
.agree input { flex: none; width: 24px; height: 24px; margin: 0; accent-color: var(--accent); }
.sure { display: grid; gap: 10px; padding: 14px; border: 1px solid var(--bad); border-radius: 12px; background: var(--surface); }
.button.danger { color: var(--bad); }
`;

const manners = `
.panel ::selection { background: var(--accent); color: #fff; }
@media (forced-colors: active) {
  .panel, .bubble, .shopper .bubble, .card, .order, .form, .handoff, .dots, .panel .send, .top { border: 1px solid CanvasText; }
  .current .dot { background: Highlight; forced-color-adjust: none; color: HighlightText; }
  .stock::before, .dots i { forced-color-adjust: none; background: CanvasText; }
}
@media (prefers-reduced-motion: reduce) {
  .panel, .panel *, .panel *::before, .panel *::after { animation: none !important; transition: none !important; }
}
@media print { .panel { display: none !important; } }
`;

export const css = panel + frame + talk + cards + care + manners;
