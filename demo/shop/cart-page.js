/** @import { Product, Variant } from './shop.js' */
import { lines, set } from './cart.js';
import { rows, track } from './rows.js';
import { amount, catalog, el, part } from './shop.js';

const box = part('cart');

/** @param {Product[]} products */
function draw(products) {
  /** @type {Map<string, { product: Product, variant: Variant }>} */
  const bySku = new Map(products.flatMap((product) => product.variants.map((variant) => [variant.sku, { product, variant }])));
  const kept = lines().flatMap(({ sku, quantity }) => {
    const goods = bySku.get(sku);
    return goods ? [{ ...goods, quantity }] : [];
  });
  if (kept.length === 0) {
    return box.replaceChildren(el('p', { class: 'lead' }, 'Nothing in it yet.'), el('p', {}, el('a', { class: 'button', href: '/' }, 'Look around')));
  }
  /** @param {string} sku @param {number} quantity @param {string} id of what to focus after the redraw */
  const change = (sku, quantity, id) => {
    const before = kept.find((line) => line.variant.sku === sku)?.quantity ?? 0;
    set(sku, quantity);
    track(quantity > before ? 'add' : 'remove', { sku, quantity: Math.abs(quantity - before) || 1 });
    draw(products);
    (document.getElementById(id) ?? box.querySelector('button'))?.focus();
  };
  const total = kept.reduce((sum, { variant, quantity }) => sum + variant.price.minor * quantity, 0);
  const currency = kept[0]?.variant.price.currency ?? 'EUR';
  box.replaceChildren(
    el(
      'ul',
      { class: 'cart-lines', role: 'list' },
      ...kept.map(({ product, variant, quantity }) => {
        const { sku } = variant;
        const words = Object.values(variant.options).join(', ');
        const step = (/** @type {string} */ label, /** @type {string} */ sign, /** @type {number} */ by) => {
          const id = `${label}-${sku}`;
          return el('button', { type: 'button', id, 'aria-label': `${label}: ${product.title}`, onclick: () => change(sku, quantity + by, id) }, sign);
        };
        return el(
          'li',
          {},
          el('div', { class: 'frame' }, product.image && el('img', { src: product.image, alt: '', width: 96, height: 96 })),
          el('div', {}, el('h2', {}, el('a', { href: product.url ?? '#' }, product.title)), words && el('p', { class: 'quiet' }, words)),
          el('div', { class: 'steps' }, step('One less', '−', -1), el('span', { 'aria-label': `Quantity ${quantity}`, role: 'img' }, String(quantity)), step('One more', '+', 1)),
          el('p', { class: 'sum' }, amount({ ...variant.price, minor: variant.price.minor * quantity })),
        );
      }),
    ),
    el(
      'div',
      { class: 'totals' },
      el('p', { class: 'sum', role: 'status' }, 'Total ', el('strong', {}, amount({ minor: total, currency }))),
      el('p', { class: 'quiet' }, 'Shipping is added at checkout; within Norway it is free from 120.'),
      el('button', { type: 'button', class: 'button', onclick: () => void order() }, 'To the checkout'),
      said,
    ),
  );
}

const said = el('p', { role: 'status' });
let ordered = false;

/** What a shop shows when an order was received. */
async function order() {
  said.textContent = 'This is a demo shop: there is no checkout, and nothing was ordered. After an order, the page would go on like this:';
  ordered = true;
  track('checkout', { items: lines() });
  await suggest();
}

async function suggest() {
  const items = lines().map(({ sku }) => sku);
  await rows(ordered ? 'after_purchase' : items.length > 0 ? 'cart' : 'home', { items });
}

try {
  const products = await catalog();
  draw(products);
  await suggest();
  addEventListener('cart-changed', () => {
    draw(products);
    void suggest();
  });
  addEventListener('consent-changed', () => void suggest());
} catch {
  box.replaceChildren(el('p', {}, 'The cart could not be shown. Please reload the page.'));
}
