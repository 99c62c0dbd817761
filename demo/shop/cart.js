// The cart lives in this browser only; the demo shop's server never hears of it.

import { chat } from './chat.js';

const KEY = 'alder-and-pine:cart';

/** @typedef {{ sku: string, quantity: number }} Line by the variant's SKU */

/** @returns {Line[]} */
export function lines() {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter((line) => typeof line?.sku === 'string' && line.quantity > 0) : [];
  } catch {
    return [];
  }
}

/** @param {Line[]} next */
function store(next) {
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // A browser that forbids storage has a cart until the page is left.
  }
  showCount();
}

/** @param {string} sku @param {number} quantity more of it */
export function add(sku, quantity) {
  const kept = lines();
  const line = kept.find((one) => one.sku === sku);
  if (line) line.quantity += quantity;
  else kept.push({ sku, quantity });
  store(kept);
}

/** @param {string} sku @param {number} quantity of it in all; 0 takes it out */
export function set(sku, quantity) {
  store(lines().flatMap((line) => (line.sku !== sku ? line : quantity > 0 ? { sku, quantity } : [])));
}

/** The number beside "Cart" in the page's head. */
export function showCount() {
  const n = lines().reduce((sum, line) => sum + line.quantity, 0);
  for (const badge of document.querySelectorAll('[data-cart-count]')) {
    badge.textContent = String(n);
    badge.toggleAttribute('hidden', n === 0);
  }
}

// The chat and the page have one cart: it asks for the lines, and tells what was changed in words.
void chat.then((shoptalk) => {
  void shoptalk.setCart(lines);
  shoptalk.on('cart', (cart) => {
    store(cart.lines);
    dispatchEvent(new Event('cart-changed'));
  });
});

showCount();
addEventListener('storage', showCount);
addEventListener('pageshow', showCount);
