// The looks of cards.js, adopted beside those of the panel.

export const css = `
.pad { display: flex; flex-direction: column; gap: calc(var(--gap) * 1.75); padding: calc(var(--gap) * 2) 16px; }
.primary.busy { cursor: default; }
.primary.held { border-color: currentColor; background: var(--tint); color: var(--accent-text); }
.products { width: calc(100% + 32px); margin-inline: -16px; }
.products > .button { display: flex; margin: 4px 16px 0; }
.cards { position: relative; display: flex; gap: 12px; padding: 2px 16px 6px; overflow-x: auto; overscroll-behavior-x: contain; scroll-snap-type: x mandatory; scroll-padding-inline: 16px; scrollbar-width: none; }
.cards > li { display: flex; flex: 0 0 min(15.5em, 84%); scroll-snap-align: start; }
.one > .cards > li { flex: 0 1 18em; }
.card { display: flex; flex-direction: column; overflow: hidden; }
.picture { position: relative; aspect-ratio: 1; background: var(--hollow); }
.picture img { display: block; width: 100%; height: 100%; object-fit: cover; }
.sale { position: absolute; inset-block-start: 10px; inset-inline-start: 10px; padding: 2px 9px; border-radius: 11px; background: #8c3b1b; color: #fff; font-size: 0.8em; font-weight: 620; line-height: 1.5; }
.about { display: flex; flex: 1; flex-direction: column; gap: 4px; padding: 12px 14px; }
.card h3 { display: -webkit-box; overflow: hidden; -webkit-box-orient: vertical; -webkit-line-clamp: 2; }
.card h3:has(:focus-visible) { outline: 2px solid var(--accent-text); outline-offset: 2px; border-radius: 4px; }
.price { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 0.5em; font-size: 1.0667em; font-weight: 660; font-variant-numeric: tabular-nums; }
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
:is(legend, .comparison tbody th)::first-letter { text-transform: uppercase; }
.chip { position: relative; display: grid; place-items: center; min-width: var(--hit); min-height: var(--hit); padding: 2px 10px; border: 1px solid var(--edge); border-radius: var(--small); font-size: 0.8667em; cursor: pointer; }
.chip:hover { background: var(--tint); }
.chip input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: inherit; }
.chip:has(:checked) { border-color: var(--accent-text); background: var(--tint); box-shadow: inset 0 0 0 1px var(--accent-text); color: var(--accent-text); font-weight: 600; }
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
.comparison { overflow-x: auto; scrollbar-width: thin; scrollbar-color: var(--line) transparent; }
.comparison:focus-visible { outline-offset: -2px; }
.comparison table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: 0.9em; line-height: 1.4; font-variant-numeric: tabular-nums; }
.comparison :is(th, td) { min-width: 7em; padding: 8px 12px; border-block-start: 1px solid var(--line); text-align: start; vertical-align: top; }
.comparison tr > :first-child { position: sticky; inset-inline-start: 0; z-index: 1; min-width: 5.6em; border-inline-end: 1px solid var(--line); background: var(--surface); overflow-wrap: break-word; }
.comparison thead :is(th, td) { border-block-start: 0; font-weight: 600; }
.comparison thead a { color: var(--text); text-decoration-color: var(--line); }
.comparison img { display: block; width: 72px; height: 72px; margin-block: 4px 6px; border-radius: 10px; background: var(--hollow); object-fit: cover; }
.comparison tbody th { color: var(--muted); font-weight: 400; }
.comparison tbody td { font-weight: 580; }
.alike td { color: var(--muted); font-weight: 400 !important; }
.cart > ul { display: grid; gap: 14px; }
.cart li { display: grid; grid-template-columns: 56px minmax(0, 1fr) auto; gap: 0 12px; align-items: start; }
.thumb { width: 56px; height: 56px; overflow: hidden; border-radius: 10px; background: var(--hollow); }
.thumb img { display: block; width: 100%; height: 100%; object-fit: cover; }
.steps { display: flex; align-items: center; width: max-content; margin-block-start: 4px; border: 1px solid var(--line); border-radius: var(--small); }
.tap { display: grid; place-items: center; width: var(--hit); height: var(--hit); color: var(--accent-text); border-radius: var(--small); }
.tap:hover { background: var(--tint); }
.tap:last-child { border-inline-start: 1px solid var(--line); border-radius: 0; }
.tap .icon { width: 1.1em; height: 1.1em; }
.pieces { min-width: 1.8em; font-weight: 600; text-align: center; font-variant-numeric: tabular-nums; }
.sum { font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }
.pairs { display: grid; gap: 4px; padding-block-start: calc(var(--gap) * 1.5); border-block-start: 1px solid var(--line); font-variant-numeric: tabular-nums; }
:is(.pairs > *, .total) { display: flex; justify-content: space-between; gap: 16px; }
.pairs dt { color: var(--muted); }
.pairs bdi { white-space: nowrap; }
.panel .total, .total dt { color: var(--text); font-size: 1.0667em; font-weight: 660; font-variant-numeric: tabular-nums; }
.order header { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 12px; }
.headline { font-size: 1.2em; font-weight: 640; line-height: 1.35; letter-spacing: -0.01em; }
.headline.cancelled { color: var(--bad); }
.timeline > li { position: relative; display: grid; grid-template-columns: 22px 1fr auto; gap: 0 12px; align-items: center; min-height: 36px; }
.timeline > li:not(:last-child)::after { content: ""; position: absolute; inset-block: 31px -5px; inset-inline-start: 10px; width: 2px; border-radius: 1px; background: var(--line); }
.timeline > li.done:not(:last-child)::after { background: color-mix(in oklab, var(--accent-text) 50%, var(--surface)); }
.dot { display: grid; place-items: center; width: 22px; height: 22px; border: 2px solid var(--line); border-radius: 50%; }
.dot .icon { width: 13px; height: 13px; stroke-width: 3; }
.done .dot { border-color: transparent; background: var(--tint); color: var(--accent-text); }
.current .dot { border-color: transparent; background: var(--accent); color: var(--on-accent); box-shadow: 0 0 0 4px var(--tint); }
.current .step-name { font-weight: 660; }
.coming .step-name { color: var(--muted); }
.parcel { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 10px; padding: 10px 12px; border-radius: var(--small); background: var(--hollow); line-height: 1.35; }
.parcel p { flex: 1 1 8em; }
.parcel .button { flex: 1 0 auto; }
.parcel > .icon { color: var(--accent-text); }
.parcel .line { display: block; }
.field { display: grid; gap: 5px; }
.field label { font-weight: 580; }
.field input { all: unset; box-sizing: border-box; width: 100%; min-height: 44px; padding: 8px 12px; border: 1px solid var(--edge); border-radius: var(--small); background: var(--paper); color: var(--text); font-size: max(16px, 1em); cursor: text; }
.field input[aria-invalid] { border-color: var(--bad); box-shadow: inset 0 0 0 1px var(--bad); }
.panel .field input:focus-visible { outline: 2px solid var(--accent-text); outline-offset: -1px; }
.error { display: flex; align-items: center; gap: 0.4em; color: var(--bad); font-size: 0.9em; }
.chip:has(:focus-visible) { outline: 2px solid var(--accent-text); outline-offset: 2px; }
@media (forced-colors: active) {
  .parcel { border: 1px solid CanvasText; }
  .chip:has(:checked), .current .dot { forced-color-adjust: none; border-color: Highlight; background: Highlight; color: HighlightText; }
  .stock::before { forced-color-adjust: none; background: CanvasText; }
}
`;
