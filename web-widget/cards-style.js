// The looks of products.js, adopted beside those of the panel.

export const css = `
.primary.busy { cursor: default; }
.primary.held { border-color: currentColor; background: var(--tint); color: var(--accent-text); }
.products { width: calc(100% + 32px); margin-inline: -16px; }
.products > .button { display: flex; margin: 4px 16px 0; scroll-margin: 18px; }
.cards { position: relative; display: flex; gap: 12px; padding: 2px 16px 6px; overflow-x: auto; overscroll-behavior-x: contain; scroll-snap-type: x mandatory; scroll-padding-inline: 16px; scrollbar-width: none; }
.cards > li { display: flex; flex: 0 0 min(15.5em, 84%); scroll-snap-align: start; }
.one > .cards > li { flex: 0 1 18em; }
.card { display: flex; flex-direction: column; overflow: hidden; }
.picture { position: relative; aspect-ratio: 1; background: var(--hollow); }
.picture img { display: block; width: 100%; height: 100%; object-fit: cover; }
.sale { position: absolute; inset-block-start: 10px; inset-inline-start: 10px; padding: 2px 9px; border-radius: 11px; background: #8c3b1b; color: #fff; font-size: 0.8em; font-weight: 640; line-height: 1.5; }
.about { display: flex; flex: 1; flex-direction: column; gap: 4px; padding: 12px 14px; }
.card h3 { display: -webkit-box; overflow: hidden; -webkit-box-orient: vertical; -webkit-line-clamp: 2; }
.card h3:has(:focus-visible) { outline: 2px solid var(--accent-text); outline-offset: 2px; border-radius: 4px; }
.price { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 0.5em; font-size: 1.0667em; font-weight: 640; font-variant-numeric: tabular-nums; }
.price s { color: var(--muted); font-size: 0.875em; font-weight: 400; }
.facts, .options { display: flex; flex-wrap: wrap; gap: 0 0.8em; color: var(--muted); font-size: 0.8667em; }
.options { gap: 0 0.4em; }
.options > span + span::before { content: "· "; }
.stock { color: var(--good); }
.stock::before { content: ""; display: inline-block; width: 7px; height: 7px; margin-inline-end: 0.45em; border-radius: 50%; background: currentColor; vertical-align: 0.06em; }
.stock.low { color: var(--warn); }
.stock.out { color: var(--muted); }
.stock.out::before { background: none; border: 1.5px solid currentColor; }
.picker { display: flex; flex-wrap: wrap; gap: 6px; padding-block-start: 2px; }
.picker legend { float: inline-start; width: 100%; color: var(--muted); font-size: 0.8667em; }
.picker legend::first-letter { text-transform: uppercase; }
.chip { position: relative; display: grid; place-items: center; min-width: var(--hit); min-height: var(--hit); padding: 2px 10px; border: 1px solid var(--edge); border-radius: var(--small); font-size: 0.8667em; cursor: pointer; }
.chip:hover { background: var(--tint); }
.chip input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: inherit; }
.chip:has(:checked) { border-color: var(--accent-text); background: var(--tint); box-shadow: inset 0 0 0 1px var(--accent-text); color: var(--accent-text); font-weight: 640; }
.chip.gone { border-style: dashed; color: var(--muted); text-decoration: line-through; }
.picker select { width: 100%; min-height: 44px; padding: 6px 10px; border: 1px solid var(--edge); border-radius: var(--small); background: var(--surface); color: var(--text); font: inherit; font-size: max(16px, 1em); }
.why { font-size: 0.8667em; line-height: 1.45; }
.why summary { display: inline-flex; align-items: center; gap: 0.4em; min-height: var(--hit); color: var(--accent-text); font-weight: 560; cursor: pointer; list-style: none; }
.why summary::-webkit-details-marker { display: none; }
.why summary::after { content: ""; width: 0.42em; height: 0.42em; border: solid currentColor; border-width: 0 1.6px 1.6px 0; transform: translateY(-0.12em) rotate(45deg); }
.why[open] summary::after { transform: translateY(0.12em) rotate(225deg); }
.why p { padding-block-end: 4px; color: var(--muted); }
.acts { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 2px 12px; margin-block: auto -6px; padding-block-start: 10px; }
.acts .button, .why[open] { flex: 1 0 100%; }
.tick { display: flex; align-items: center; gap: 0.6em; min-height: var(--hit); color: var(--muted); font-size: 0.8667em; cursor: pointer; }
.tick input { width: 18px; height: 18px; margin: 0; accent-color: var(--accent-text); }
.bar { display: flex; align-items: center; justify-content: flex-end; gap: 8px; padding-inline: 16px; }
.bar .quiet { margin-inline-end: auto; font-variant-numeric: tabular-nums; }
.step { display: grid; place-items: center; width: 44px; height: 44px; border: 1px solid var(--line); border-radius: 50%; background: var(--surface); color: var(--accent-text); }
.step[aria-disabled="true"] { background: none; color: var(--line); cursor: default; }
.step.back .icon, [dir="rtl"] .step:not(.back) .icon { transform: scaleX(-1); }
[dir="rtl"] .step.back .icon { transform: none; }
.chip:has(:focus-visible) { outline: 2px solid var(--accent-text); outline-offset: 2px; }
@media (forced-colors: active) {
  .chip:has(:checked) { forced-color-adjust: none; border-color: Highlight; background: Highlight; color: HighlightText; }
  .stock::before { forced-color-adjust: none; background: CanvasText; }
}
`;
