// Blocks of a talk that goes further: fetched when the first of them comes.

import { h } from './dom.js';
import './papers-strings.js';

export { cart } from './cart.js';
export { comparison } from './comparison.js';
export { form } from './form.js';
export { handoff } from './handoff.js';
export { image } from './image.js';
export { order, returned } from './order.js';
export { css } from './papers-style.js';

/** Once the talk has moved on, what could be tapped or filled in is only words; how it was can still be said. @param {ParentNode} entry */
export function retire(entry) {
  for (const taps of entry.querySelectorAll('.steps')) taps.replaceWith(h('p', { class: 'quiet' }, '× ', taps.querySelector('.pieces')?.lastChild?.textContent));
  for (const form of entry.querySelectorAll('form:not(.rating)')) form.replaceWith(h('p', { class: 'quiet', dir: 'auto' }, form.firstChild?.textContent));
}
