// Blocks that come later in a talk, if at all: fetched while the first message is on its way, not when the panel opens.

export { cart } from './cart.js';
export { css } from './cards-style.js';
export { comparison } from './comparison.js';
export { form } from './form.js';
export { order, returned } from './order.js';
export { products } from './products.js';
