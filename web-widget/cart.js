/** @import { CartCard, Choice, Money } from './types' */
/** @import { Setting } from './blocks.js' */
import { h, heard, link, picture } from './dom.js';
import { drawing } from './drawings.js';

/** @param {CartCard} card @param {Setting} setting */
export function cart(card, { words, say }) {
  const tap = (/** @type {Choice} */ choice, /** @type {string} */ label, /** @type {import('./dom.js').Child} */ sign) =>
    h('button', { type: 'button', class: 'tap', 'aria-label': label, onclick: () => say(choice.say ?? choice.label) }, sign);
  const sum = (/** @type {string} */ name, /** @type {Money} */ amount) => h('div', {}, h('dt', { dir: 'auto' }, name), h('dd', {}, h('bdi', {}, words.money(amount))));
  const { lines, discount, shipping } = card;
  return h(
    'section',
    { class: 'cart pad box', part: 'card', 'aria-label': words.say('cart') },
    h(
      'ul',
      { role: 'list' },
      ...lines.map((line) => {
        const name = [line.title, line.variant].filter(Boolean).join(', ');
        return h(
          'li',
          {},
          h('span', { class: 'thumb' }, picture(line.image, 56, 56)),
          h(
            'div',
            { class: 'what' },
            h('h3', { dir: 'auto' }, link(line.url, words.say('new_tab'), {}, line.title)),
            line.variant && h('p', { class: 'quiet', dir: 'auto' }, line.variant),
            h(
              'div',
              { class: 'steps', role: 'group', 'aria-label': name },
              tap(line.less, words.say('one_less', { name }), drawing('minus')),
              h('span', { class: 'pieces' }, heard(words.say('pieces')), words.number(line.quantity)),
              tap(line.more, words.say('one_more', { name }), drawing('plus')),
              tap(line.remove, words.say('take_out', { name }), drawing('trash')),
            ),
          ),
          h('bdi', { class: 'sum' }, words.money({ ...line.price, minor: line.price.minor * line.quantity })),
        );
      }),
    ),
    h(
      'dl',
      { class: 'pairs' },
      (discount || shipping) && sum(words.say('goods'), card.goods),
      discount && sum(discount.label.text, discount.amount),
      shipping && sum(shipping.label.text, shipping.amount),
      h('div', { class: 'total' }, h('dt', {}, words.say('total')), h('dd', {}, h('bdi', {}, words.money(card.total)))),
    ),
    card.note && h('p', { class: 'quiet', dir: 'auto' }, card.note.text),
  );
}
