// The looks of papers.js, adopted beside those of the panel.

export const css = `
.pad { display: flex; flex-direction: column; gap: calc(var(--gap) * 1.75); padding: calc(var(--gap) * 2) 16px; }
.comparison tbody th::first-letter { text-transform: uppercase; }
.comparison { overflow-x: auto; scrollbar-width: thin; scrollbar-color: var(--line) transparent; }
.comparison:focus-visible { outline-offset: -2px; }
.comparison table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: 0.9em; line-height: 1.4; font-variant-numeric: tabular-nums; }
.comparison :is(th, td) { min-width: 7em; padding: 8px 12px; border-block-start: 1px solid var(--line); text-align: start; vertical-align: top; }
.comparison tr > :first-child { position: sticky; inset-inline-start: 0; z-index: 1; min-width: 5.6em; border-inline-end: 1px solid var(--line); background: var(--surface); overflow-wrap: break-word; }
.comparison thead :is(th, td) { border-block-start: 0; font-weight: 640; }
.comparison thead a { color: var(--text); text-decoration-color: var(--line); }
.comparison img { display: block; width: 72px; height: 72px; margin-block: 4px 6px; border-radius: 10px; background: var(--hollow); object-fit: cover; }
.comparison tbody th { color: var(--muted); font-weight: 400; }
.comparison tbody td { font-weight: 560; }
.comparison .quiet { font-weight: 400; }
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
.pieces { min-width: 1.8em; font-weight: 640; text-align: center; font-variant-numeric: tabular-nums; }
.sum { font-weight: 640; font-variant-numeric: tabular-nums; white-space: nowrap; }
.pairs { display: grid; gap: 4px; padding-block-start: calc(var(--gap) * 1.5); border-block-start: 1px solid var(--line); font-variant-numeric: tabular-nums; }
:is(.pairs > *, .total) { display: flex; justify-content: space-between; gap: 16px; }
.pairs dt { color: var(--muted); }
.pairs bdi { white-space: nowrap; }
.panel .total, .total dt { color: var(--text); font-size: 1.0667em; font-weight: 640; font-variant-numeric: tabular-nums; }
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
.current .step-name { font-weight: 640; }
.coming .step-name { color: var(--muted); }
.parcel { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 10px; padding: 10px 12px; border-radius: var(--small); background: var(--hollow); line-height: 1.35; }
.parcel p { flex: 1 1 8em; }
.parcel .button { flex: 1 0 auto; }
.parcel > .icon { color: var(--accent-text); }
.parcel .line { display: block; }
.field { display: grid; gap: 5px; }
.field label { font-weight: 560; }
.field input { width: 100%; min-height: 44px; padding: 8px 12px; border: 1px solid var(--edge); border-radius: var(--small); background: var(--paper); color: var(--text); font-size: max(16px, 1em); cursor: text; }
.field input[aria-invalid] { border-color: var(--bad); box-shadow: inset 0 0 0 1px var(--bad); }
.panel .field input:focus-visible { outline: 2px solid var(--accent-text); outline-offset: -1px; }
.form { scroll-margin: 18px; }
.error { display: flex; align-items: center; gap: 0.4em; color: var(--bad); font-size: 0.9em; }
@media (forced-colors: active) {
  .parcel { border: 1px solid CanvasText; }
  .current .dot { forced-color-adjust: none; border-color: Highlight; background: Highlight; color: HighlightText; }
}
figure { overflow: hidden; }
figure img { display: block; width: 100%; height: auto; aspect-ratio: 4 / 3; background: var(--hollow); object-fit: cover; }
figcaption { padding: 8px 14px; color: var(--muted); font-size: 0.8667em; }
.handoff p { text-wrap: pretty; }
.handoff { display: flex; gap: 14px; padding: 16px; border-color: transparent; background: var(--tint); }
.sign { display: grid; place-items: center; flex: none; width: 40px; height: 40px; border-radius: 50%; background: var(--accent); color: var(--on-accent); }
@media (forced-colors: active) { .sign { border: 1px solid CanvasText; } }
`;
