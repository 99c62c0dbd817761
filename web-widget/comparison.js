/** @import { Block, Line } from './types' */
/** @import { Setting } from './blocks.js' */
import { h, link, picture } from './dom.js';

/**
 * One column a product, the names of the rows always in sight; what is alike comes last, and quieter.
 * @param {Block & { type: 'comparison' }} block @param {Setting} setting
 */
export function comparison({ products, rows }, { words }) {
  const head = products.map((item) =>
    h('th', { scope: 'col' }, picture(item.image, 72, 72), h('bdi', {}, link(item.url, words.say('new_tab'), {}, item.title))),
  );
  const cell = (/** @type {Line | null} */ value) => h('td', { dir: 'auto' }, value ? value.text : h('span', { class: 'quiet' }, words.say('not_said')));
  return h(
    'div',
    { class: 'comparison box', part: 'card', role: 'region', tabindex: 0, 'aria-label': words.say('comparison') },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, h('td', {}), ...head)),
      h('tbody', {}, ...rows.map((row) => h('tr', { class: row.alike && 'alike' }, h('th', { scope: 'row' }, h('bdi', {}, row.name)), ...row.values.map(cell)))),
    ),
  );
}
