// Blocks of a talk that goes further: fetched when the first of them comes.

import './papers-strings.js';

export { cart } from './cart.js';
export { comparison } from './comparison.js';
export { form } from './form.js';
export { order, returned } from './order.js';
export { css } from './papers-style.js';
