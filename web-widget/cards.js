// Products, which most talks come to: fetched while the first message is on its way, not when the panel opens.

export { css } from './cards-style.js';
export { products } from './products.js';
