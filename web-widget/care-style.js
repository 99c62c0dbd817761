/** Looks of what care.js draws, and of the page about one's data. */
export const css = `
.panel .thumb { width: 56px; height: 56px; overflow: hidden; border-radius: 10px; }
.panel .field { display: grid; gap: 5px; }
.panel .field label { font-weight: 560; }
.rating .error { color: var(--bad); font-size: 0.9em; }
.panel .tray { display: grid; gap: 6px; flex: none; max-height: 40%; padding: 10px 12px 4px; overflow-y: auto; border-block-start: 1px solid var(--line); background: var(--surface); font-size: 0.875em; }
.tray:not([hidden]) + .composer { border-block-start: 0; }
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
.rating { display: grid; gap: 14px; width: 100%; padding: 16px; border: 1px solid var(--line); border-radius: 14px; background: var(--surface); }
.rating.over { padding: 10px 16px; border-style: dashed; color: var(--muted); }
.rating.over:has(p:empty) { display: none; }
.rating fieldset { min-width: 0; margin: 0; padding: 0; border: 0; }
.rating legend { padding: 0; font-weight: 640; }
.scores { display: grid; grid-template-columns: repeat(5, 1fr); gap: 6px; padding-block-start: 10px; }
.scores label { display: flex; flex-direction: column; align-items: center; gap: 2px; min-height: 64px; padding: 8px 2px; border: 1px solid var(--edge); border-radius: 12px; background: var(--paper); text-align: center; line-height: 1.25; cursor: pointer; }
.scores label span { font-size: 0.8em; color: var(--muted); overflow-wrap: anywhere; }
.scores label b { font-weight: 640; font-size: 1.1em; }
.scores input { position: absolute; opacity: 0; pointer-events: none; }
.scores label:has(:checked) { border-color: transparent; background: var(--accent); color: var(--on-accent); }
.scores label:has(:checked) span { color: inherit; }
.scores label:has(:focus-visible) { outline: 2px solid var(--accent-text); outline-offset: 2px; }
.rating textarea { width: 100%; min-height: 60px; padding: 8px 12px; border: 1px solid var(--edge); border-radius: 10px; background: var(--paper); font-size: max(16px, 1em); white-space: pre-wrap; overflow-wrap: anywhere; cursor: text; }
.panel .rating textarea:focus-visible { outline: 2px solid var(--accent-text); outline-offset: -1px; border-radius: 10px; }
.page { position: absolute; inset: 0; z-index: 1; display: flex; flex-direction: column; gap: 16px; padding: 10px 16px 18px; overflow-y: auto; background: var(--paper); font-size: 0.9375em; line-height: 1.5; }
.page header { position: sticky; inset-block-start: -10px; z-index: 1; background: var(--paper); display: flex; align-items: center; gap: 4px; margin-inline-start: -10px; }
.page header .plain { display: grid; place-items: center; width: 44px; height: 44px; border-radius: 12px; color: var(--accent-text); }
.page header .icon { transform: scaleX(-1); }
[dir="rtl"] .page header .icon { transform: none; }
.page h3 { font-weight: 640; font-size: 1.12em; }
.page h3:focus, .rating p:focus { outline: none; }
.page > .noted:not(:empty) { position: sticky; inset-block-end: -18px; margin: auto -16px -18px; padding: 10px 16px 18px; border-block-start: 1px solid var(--line); background: var(--paper); }
.kept { display: grid; gap: 10px; }
.kept li { display: flex; gap: 0.75em; }
.kept .icon { margin-block-start: 0.15em; color: var(--muted); }
.agree { display: flex; gap: 0.75em; align-items: flex-start; padding: 12px 14px; border: 1px solid var(--line); border-radius: 12px; background: var(--surface); cursor: pointer; }
.agree input { flex: none; width: 24px; height: 24px; margin: 0; accent-color: var(--accent); }
.sure { display: grid; gap: 10px; padding: 14px; border: 1px solid var(--bad); border-radius: 12px; background: var(--surface); }
.button.danger { color: var(--bad); }
`;
