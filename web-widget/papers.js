// Blocks of a talk that goes further: fetched when the first of them comes.

/** @import { Block } from './types' */
/** @import { Setting } from './blocks.js' */
import { cart } from './cart.js';
import { comparison } from './comparison.js';
import { h } from './dom.js';
import { form } from './form.js';
import { handoff } from './handoff.js';
import { image } from './image.js';
import { order, returned } from './order.js';
import './papers-strings.js';

export { css } from './papers-style.js';

/** @param {Block} block @param {Setting} setting @returns {HTMLElement | null} nothing for a type this version does not know */
export function draw(block, setting) {
  switch (block.type) {
    case 'comparison':
      return comparison(block, setting);
    case 'cart':
      return block.lines.length > 0 ? cart(block, setting) : null;
    case 'order':
      return order(block, setting);
    case 'return':
      return returned(block, setting);
    case 'form':
      return form(block, setting);
    case 'image':
      return image(block);
    case 'handoff':
      return handoff(block, setting);
    default:
      return null;
  }
}

/** Once the talk has moved on, what could be tapped or filled in is only words; how it was can still be said. @param {ParentNode} entry */
export function retire(entry) {
  for (const taps of entry.querySelectorAll('.steps')) taps.replaceWith(h('p', { class: 'quiet' }, '× ', taps.querySelector('.pieces')?.lastChild?.textContent));
  for (const form of entry.querySelectorAll('form:not(.rating)')) form.replaceWith(h('p', { class: 'quiet', dir: 'auto' }, form.firstChild?.textContent));
}
