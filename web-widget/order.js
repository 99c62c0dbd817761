/** @import { OrderCard, ReturnCard } from './types' */
/** @import { Setting } from './blocks.js' */
/** @import { Words } from './i18n.js' */
import { h, heard, icon, link } from './dom.js';
import { drawing } from './drawings.js';

/** Where an order is, how it went and how to follow it. @param {OrderCard} card @param {Setting} setting */
export function order(card, { words }) {
  const newTab = words.say('new_tab');
  const { parcels = [], timeline } = card;
  const reached = timeline.findLastIndex((step) => step.on);
  return h(
    'section',
    { class: 'order pad box', part: 'card', 'aria-label': `${words.say('order')} ${card.number}` },
    h('header', {}, h('h3', {}, `${words.say('order')} `, number(card.number)), h('p', { class: 'quiet' }, words.say('ordered', { date: words.day(card.placed_on) }))),
    h(
      'div',
      {},
      h('p', { class: `headline ${card.status}`, dir: 'auto' }, card.headline.text),
      card.expected_on && h('p', {}, `${words.say('expected')} `, h('strong', {}, words.day(card.expected_on))),
    ),
    h(
      'ol',
      { class: 'timeline', role: 'list' },
      ...timeline.map((step, at) => {
        const state = at < reached ? 'done' : at === reached ? 'current' : 'coming';
        return h(
          'li',
          { class: state, 'aria-current': state === 'current' && 'step' },
          h('span', { class: 'dot' }, state !== 'coming' && icon('check')),
          h('span', { class: 'step-name', dir: 'auto' }, heard(`${words.say(state)} `), step.label.text),
          step.on && h('span', { class: 'quiet' }, words.day(step.on)),
        );
      }),
    ),
    ...parcels.map(({ carrier, tracking }, at) =>
      h(
        'div',
        { class: 'parcel' },
        drawing('truck'),
        h(
          'p',
          {},
          h('bdi', {}, carrier || words.say('carrier')),
          parcels.length > 1 && h('span', { class: 'quiet' }, ` ${words.say('of', { at: words.number(at + 1), n: words.number(parcels.length) })}`),
          tracking && h('span', { class: 'quiet line' }, heard(`${words.say('tracking')} `), number(tracking.number)),
        ),
        tracking?.url && link(tracking.url, newTab, { class: 'button' }, words.say('track'), parcels.length > 1 && heard(` ${tracking.number}`)),
      ),
    ),
    card.items.length > 0 && items(card.items, words),
    h('p', { class: 'total' }, words.say('total'), ' ', h('bdi', {}, words.money(card.total))),
  );
}

/** Left to right in every language. @param {string} text */
const number = (text) => h('bdi', { dir: 'ltr' }, text);

/** @param {OrderCard['items']} all @param {Words} words */
function items(all, words) {
  return h(
    'ul',
    { class: 'pairs', role: 'list', 'aria-label': words.say('items') },
    ...all.map((item) =>
      h(
        'li',
        {},
        h('span', { dir: 'auto' }, `${words.number(item.quantity)} × ${item.title}`, item.variant && h('span', { class: 'quiet' }, ` ${item.variant}`)),
        h('bdi', {}, words.money({ ...item.price, minor: item.price.minor * item.quantity })),
      ),
    ),
  );
}

/** @param {ReturnCard} card @param {Setting} setting */
export function returned(card, { words }) {
  return h(
    'section',
    { class: 'order pad box', part: 'card', 'aria-label': card.headline.text },
    h('header', {}, h('h3', { dir: 'auto' }, card.headline.text), card.rma && h('p', { class: 'quiet' }, `${words.say('order')} `, number(card.order))),
    items(card.items, words),
    h('div', {}, card.reason && h('p', { class: 'quiet', dir: 'auto' }, card.reason.text), h('p', { class: 'headline', dir: 'auto' }, card.wish.text)),
    ...(card.next ?? []).map((line) => h('p', { dir: 'auto' }, line.text)),
    card.label && link(card.label.url, words.say('new_tab'), { class: 'button' }, card.label.label.text),
  );
}
