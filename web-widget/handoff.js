/** @import { Block } from './types' */
/** @import { Setting } from './blocks.js' */
import { h, icon } from './dom.js';
import { drawing } from './drawings.js';

/** What became of the wish for a person. @param {Block & { type: 'handoff' }} block @param {Setting} setting */
export function handoff({ state, message }, { words, shop }) {
  const waiting = state === 'waiting';
  return h(
    'section',
    { class: 'box handoff', part: 'card' },
    h('span', { class: 'sign' }, waiting ? drawing('person') : icon('clock')),
    h(
      'div',
      {},
      h('h3', {}, words.say(state)),
      h('p', { dir: 'auto' }, message.text),
      !waiting && shop?.hours && h('p', { class: 'quiet' }, words.say('hours', { hours: shop.hours })),
    ),
  );
}
