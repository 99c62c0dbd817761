/** @import { Tile } from './shop.js' */
import { chat } from './chat.js';
import { el, part, tile } from './shop.js';

/** Tells what happens on the page. @type {import('../../web-widget/shoptalk').Shoptalk['track']} */
export const track = async (type, details) => (await chat).track(type, details);

/** @typedef {Tile & { sku: string, why?: { text: string }[] }} Suggestion */

/**
 * Fetches the rows of a place and draws them into `[data-rows]`, or another part.
 * @param {'product' | 'cart' | 'home' | 'after_purchase' | 'no_results'} placement
 * @param {{ items?: string[], most?: number, into?: string }} [how] `most` rows
 */
export async function rows(placement, { items = [], most = 2, into = 'rows' } = {}) {
  const box = part(into);
  const query = new URLSearchParams({ items: items.slice(-50).join(','), language: document.documentElement.lang.slice(0, 2) });
  const answer = await fetch(`/v1/recommendations/${placement}?${query}`, { headers: await (await chat).authorization() });
  box.hidden = !answer.ok;
  if (!answer.ok) return box.replaceChildren();
  /** @type {{ rows: { kind: string, heading: { text: string }, items: Suggestion[] }[] }} */
  const found = await answer.json();
  box.replaceChildren(...found.rows.slice(0, most).map(({ kind, heading, items: all }) => row(placement, kind, heading.text, all)));
}

/** @param {string} placement @param {string} kind @param {string} heading @param {Suggestion[]} items */
function row(placement, kind, heading, items) {
  const id = `${placement}-${kind}`;
  return el(
    'section',
    { class: 'goods row', 'aria-labelledby': id },
    el('h2', { id }, heading.replace(/:$/, '')),
    el(
      'ul',
      { class: 'grid four', role: 'list' },
      ...items.map((item, at) => {
        const shown = tile({ ...item, reason: item.why?.[0]?.text });
        void chat.then((shoptalk) => shoptalk.watch(shown, { sku: item.sku, placement, position: at + 1 }));
        return shown;
      }),
    ),
  );
}

// The shopper decides, and nothing personal is kept before. The switch stands at the foot of every page.
const box = el('input', { type: 'checkbox', role: 'switch', id: 'consent', onchange: () => void agree() });
async function agree() {
  await (await chat).consent(box.checked);
  dispatchEvent(new Event('consent-changed'));
}
void chat.then(({ consented }) => (box.checked = consented));
document.querySelector('.foot')?.append(
  el(
    'p',
    { class: 'consent' },
    box,
    el('label', { for: 'consent' }, 'Suggestions of my own'),
    el('span', {}, ' On, this shop remembers what you look at. Off, it forgets it.'),
  ),
);
