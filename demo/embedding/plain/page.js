import { PRODUCTS } from '../shop.js';

const [socks] = PRODUCTS;
let lines = [];

function draw() {
  document.querySelector('output').textContent = String(lines.reduce((sum, { quantity }) => sum + quantity, 0));
}

// The chat's script may come later than this one: what it is to do is kept for it.
(window.shoptalk ??= []).push((shoptalk) => {
  shoptalk.setCart(() => lines);
  shoptalk.on('cart', (cart) => {
    lines = cart.lines;
    draw();
  });
});

document.querySelector('#add').addEventListener('click', () => {
  lines = [{ sku: socks.sku, quantity: (lines[0]?.quantity ?? 0) + 1, price: socks.price }];
  draw();
});
document.querySelector('#ask').addEventListener('click', () => window.shoptalk.push(['open', { draft: `About the ${socks.title}: ` }]));
