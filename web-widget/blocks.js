/** @import { Block, CartCard, Choice, Line, Money, OrderCard, ProductCard, ReturnCard, Shop, Source, Stock } from './types' */
/** @import { Words } from './i18n.js' */
import { h, heard, icon, link, safePicture } from './dom.js';
import { watch } from './events.js';
import { form } from './form.js';
import { markdown } from './markdown.js';

/**
 * What blocks need around them.
 * @typedef {{
 *   words: Words, shop: Shop | null, say: (text: string) => void,
 *   photos: (photos: import('./types').Photo[]) => HTMLElement,
 *   beneath: (entry: import('./types').Entry) => HTMLElement[],
 * }} Setting `beneath`: what a shopper may say about a reply
 */

/**
 * @param {Block} block
 * @param {Setting} setting
 * @returns {HTMLElement | null} nothing for a type this version does not know
 */
export function render(block, setting) {
  switch (block.type) {
    case 'text':
      return h('div', { class: 'bubble', part: 'message', dir: 'auto' }, ...lines(block.lines, setting));
    case 'choices':
      return choices(block.choices, block.prompt, setting);
    case 'products':
      return products(block.items, setting);
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
    case 'link':
      return h('p', { class: 'block' }, link(block.url, setting.words.say('new_tab'), { class: 'button' }, block.label.text));
    case 'image':
      return picture(block.url, block.alt.text);
    case 'handoff':
      return handoff(block, setting);
    default:
      return null;
  }
}

/**
 * Paragraphs, and under the sentences of one article its name.
 * @param {Line[]} all @param {Setting} setting
 */
function lines(all, { words }) {
  const newTab = words.say('new_tab');
  return all.flatMap((line, at) => {
    const source = line.source;
    const next = all[at + 1]?.source;
    const last = source.kind === 'article' && !(next?.kind === 'article' && next.title === source.title);
    return [...markdown(line.text, newTab), ...(last ? [from(source, words)] : [])];
  });
}

/** @param {Source & { kind: 'article' }} source @param {Words} words */
function from(source, words) {
  const title = link(source.url, words.say('new_tab'), {}, source.title);
  return h('p', { class: 'source' }, icon('book'), h('span', {}, `${words.say('from_source')} `, title));
}

let groups = 0;

/** @param {Choice[]} all @param {Line | undefined} prompt @param {Setting} setting */
function choices(all, prompt, { words, say }) {
  const id = `choices-${++groups}`;
  const buttons = all.map((choice) =>
    h('button', { type: 'button', class: 'choice', part: 'choice', onclick: () => say(choice.say ?? choice.label) }, choice.label),
  );
  return h(
    'div',
    { class: 'choices' },
    prompt && h('p', { class: 'prompt', id, dir: 'auto' }, prompt.text),
    h(
      'div',
      { role: 'group', class: 'row', 'aria-labelledby': prompt && id, 'aria-label': !prompt && words.say('options_were') },
      ...buttons,
    ),
  );
}

/** Once the talk has moved on, old choices are only words. @param {ParentNode} entry @param {Words} words */
export function retire(entry, words) {
  for (const row of entry.querySelectorAll('.choices .row')) {
    const labels = [...row.querySelectorAll('button')].map((button) => button.textContent);
    row.replaceWith(h('p', { class: 'spent' }, heard(`${words.say('options_were')} `), labels.join(' · ')));
  }
  for (const taps of entry.querySelectorAll('.cart .steps')) taps.replaceChildren(h('span', { class: 'quiet' }, '× ', taps.querySelector('.pieces')?.lastChild?.textContent));
  for (const field of entry.querySelectorAll('form :is(input, button)')) field.setAttribute('disabled', '');
}

/** @param {ProductCard[]} items @param {Setting} setting */
function products(items, setting) {
  const { words } = setting;
  const list = h('ul', { class: 'cards', role: 'list', 'aria-label': words.say('products') }, ...items.map((item, at) => h('li', {}, product(item, setting, at + 1))));
  if (items.length < 2) return h('div', { class: 'products one' }, list);
  const step = (/** @type {number} */ direction) => {
    const forward = getComputedStyle(list).direction === 'rtl' ? -direction : direction;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    list.scrollBy({ left: forward * list.clientWidth * 0.8, behavior: calm ? 'instant' : 'smooth' });
  };
  const count = h('span', { class: 'count' });
  const back = h('button', { type: 'button', class: 'step back', 'aria-label': words.say('previous'), onclick: () => step(-1) }, icon('next'));
  const on = h('button', { type: 'button', class: 'step', 'aria-label': words.say('next'), onclick: () => step(1) }, icon('next'));
  const bar = h('div', { class: 'bar' }, count, back, on);
  const look = () => {
    const frame = list.getBoundingClientRect();
    const seen = [...list.children].flatMap((card, at) => {
      const box = card.getBoundingClientRect();
      const middle = (box.left + box.right) / 2;
      return middle > frame.left && middle < frame.right ? [at + 1] : [];
    });
    if (seen.length === 0) return;
    const [from, to] = [Math.min(...seen), Math.max(...seen)];
    count.textContent = words.say('range', { from, to, n: items.length });
    bar.hidden = from === 1 && to === items.length;
    back.setAttribute('aria-disabled', String(from === 1));
    on.setAttribute('aria-disabled', String(to === items.length));
  };
  list.addEventListener('scroll', look, { passive: true });
  new ResizeObserver(look).observe(list);
  return h('div', { class: 'products' }, list, bar);
}

/** @param {ProductCard} item @param {Setting} setting @param {number} position in its row */
function product(item, { words }, position) {
  const newTab = words.say('new_tab');
  const price = words.money(item.price);
  const image = safePicture(item.image);
  const card = h(
    'article',
    { class: 'card', part: 'card' },
    h(
      'div',
      { class: 'picture' },
      // The name follows, so the picture itself is silent.
      image && h('img', { src: image, alt: '', width: 400, height: 400, loading: 'lazy', decoding: 'async' }),
      item.was && h('span', { class: 'sale', 'aria-hidden': 'true' }, percent(item.was.minor, item.price.minor)),
    ),
    h(
      'div',
      { class: 'about' },
      h('h3', { dir: 'auto' }, link(item.url, newTab, {}, item.title)),
      h(
        'p',
        { class: 'price' },
        h('bdi', {}, item.from ? words.say('from_price', { price }) : price),
        item.was && h('s', {}, heard(words.say('was_price', { price: words.money(item.was) })), h('bdi', { 'aria-hidden': 'true' }, words.money(item.was))),
      ),
      h(
        'p',
        { class: 'facts' },
        stock(item.stock, words),
        item.rating !== undefined &&
          h('span', { class: 'rating' }, heard(words.say('rated', { rating: words.number(item.rating) })), h('span', { 'aria-hidden': 'true' }, `★ ${words.number(item.rating)}`)),
      ),
      h('p', { class: 'options' }, ...(item.options ?? []).map(({ name, values }) => h('span', {}, heard(`${name}: `), values.join(', ')))),
      item.why?.length &&
        h('details', { class: 'why' }, h('summary', {}, words.say('why'), heard(`: ${item.title}`)), ...item.why.map((line) => h('p', {}, line.text))),
    ),
  );
  watch(card, { sku: item.sku, placement: 'chat', position });
  return card;
}

/**
 * One column a product; what is alike comes last, and quieter.
 * @param {Block & { type: 'comparison' }} block @param {Setting} setting
 */
function comparison({ products, rows }, { words }) {
  const newTab = words.say('new_tab');
  const head = products.map((item) => {
    const image = safePicture(item.image);
    return h(
      'th',
      { scope: 'col' },
      image && h('img', { src: image, alt: '', width: 96, height: 96, loading: 'lazy', decoding: 'async' }),
      h('span', { dir: 'auto' }, link(item.url, newTab, {}, item.title)),
    );
  });
  const cell = (/** @type {Line | null} */ value) => h('td', { dir: 'auto' }, value ? value.text : h('span', { class: 'quiet' }, words.say('not_said')));
  return h(
    'div',
    { class: 'comparison block', part: 'card', role: 'region', tabindex: 0, 'aria-label': words.say('comparison') },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, h('td', {}), ...head)),
      h('tbody', {}, ...rows.map((row) => h('tr', { class: row.alike && 'alike' }, h('th', { scope: 'row' }, row.name), ...row.values.map(cell)))),
    ),
  );
}

/** @param {number} was @param {number} now */
const percent = (was, now) => `−${Math.round((1 - now / was) * 100)} %`;

/** @param {Stock} stock @param {Words} words */
function stock(stock, words) {
  switch (stock.state) {
    case 'low':
      return h('span', { class: 'stock low' }, words.count('low', stock.left));
    case 'out':
      return h('span', { class: 'stock out' }, words.say('out'));
    default:
      return h('span', { class: 'stock' }, words.say('in_stock'));
  }
}

/** @param {CartCard} card @param {Setting} setting */
function cart(card, { words, say }) {
  const tap = (/** @type {Choice} */ choice, /** @type {string} */ label, /** @type {import('./dom.js').Child} */ sign) =>
    h('button', { type: 'button', class: 'tap', 'aria-label': label, onclick: () => say(choice.say ?? choice.label) }, sign);
  const sum = (/** @type {string} */ name, /** @type {Money} */ amount) => h('div', {}, h('dt', { dir: 'auto' }, name), h('dd', {}, h('bdi', {}, words.money(amount))));
  const { lines, discount, shipping } = card;
  return h(
    'section',
    { class: 'cart block', part: 'card', 'aria-label': words.say('cart') },
    h(
      'ul',
      { role: 'list' },
      ...lines.map((line) => {
        const name = [line.title, line.variant].filter(Boolean).join(', ');
        const image = safePicture(line.image);
        return h(
          'li',
          {},
          h('span', { class: 'thumb' }, image && h('img', { src: image, alt: '', width: 56, height: 56, loading: 'lazy', decoding: 'async' })),
          h(
            'div',
            { class: 'what' },
            h('p', { dir: 'auto' }, link(line.url, words.say('new_tab'), {}, line.title), line.variant && h('span', { class: 'quiet' }, ` ${line.variant}`)),
            h(
              'div',
              { class: 'steps', role: 'group', 'aria-label': name },
              tap(line.less, words.say('one_less', { name }), '−'),
              h('span', { class: 'pieces' }, heard(words.say('pieces')), words.number(line.quantity)),
              tap(line.more, words.say('one_more', { name }), '+'),
              tap(line.remove, words.say('take_out', { name }), icon('close')),
            ),
          ),
          h('bdi', { class: 'sum' }, words.money({ ...line.price, minor: line.price.minor * line.quantity })),
        );
      }),
    ),
    (discount || shipping) &&
      h('dl', {}, sum(words.say('goods'), card.goods), discount && sum(discount.label.text, discount.amount), shipping && sum(shipping.label.text, shipping.amount)),
    h('p', { class: 'total' }, words.say('total'), ' ', h('bdi', {}, words.money(card.total))),
    card.note && h('p', { class: 'quiet', dir: 'auto' }, card.note.text),
  );
}

/** @param {OrderCard} card @param {Setting} setting */
function order(card, { words }) {
  const newTab = words.say('new_tab');
  const reached = card.timeline.findLastIndex((step) => step.on);
  const fact = (/** @type {string} */ name, /** @type {import('./dom.js').Child} */ value) =>
    value && h('div', {}, h('dt', {}, name), h('dd', {}, value));
  return h(
    'section',
    { class: 'order block', part: 'card', 'aria-label': `${words.say('order')} ${card.number}` },
    h(
      'header',
      {},
      h('h3', {}, `${words.say('order')} `, h('bdi', {}, card.number)),
      h('p', { class: 'quiet' }, words.say('ordered', { date: words.day(card.placed_on) })),
    ),
    h('p', { class: `headline ${card.status}`, dir: 'auto' }, card.headline.text),
    h(
      'ol',
      { class: 'timeline', role: 'list' },
      ...card.timeline.map((step, at) => {
        const state = at < reached ? 'done' : at === reached ? 'current' : 'coming';
        return h(
          'li',
          { class: state, 'aria-current': state === 'current' && 'step' },
          h('span', { class: 'dot' }, state !== 'coming' && icon('check')),
          h('span', { class: 'step-name' }, heard(`${words.say(state)} `), step.label.text),
          step.on && h('span', { class: 'quiet' }, words.day(step.on)),
        );
      }),
    ),
    h(
      'dl',
      {},
      fact(words.say('expected'), card.expected_on && words.day(card.expected_on)),
      ...(card.parcels ?? []).flatMap(({ carrier, tracking }) => [
        fact(words.say('carrier'), carrier),
        fact(words.say('tracking'), tracking && h('bdi', {}, tracking.number)),
      ]),
    ),
    ...(card.parcels ?? []).map(
      ({ tracking }) => tracking?.url && link(tracking.url, newTab, { class: 'button' }, icon('truck'), words.say('track')),
    ),
    card.items.length > 0 && items(card.items, words),
    h('p', { class: 'total' }, words.say('total'), ' ', h('bdi', {}, words.money(card.total))),
  );
}

/** @param {OrderCard['items']} all @param {Words} words */
function items(all, words) {
  return h(
    'ul',
    { class: 'lines', role: 'list', 'aria-label': words.say('items') },
    ...all.map((item) =>
      h(
        'li',
        {},
        h('span', { dir: 'auto' }, `${item.quantity} × ${item.title}`, item.variant && h('span', { class: 'quiet' }, ` ${item.variant}`)),
        h('bdi', {}, words.money(item.price)),
      ),
    ),
  );
}

/** @param {ReturnCard} card @param {Setting} setting */
function returned(card, { words }) {
  return h(
    'section',
    { class: 'order block', part: 'card', 'aria-label': card.headline.text },
    h('header', {}, h('h3', { dir: 'auto' }, card.headline.text), card.rma && h('p', { class: 'quiet' }, `${words.say('order')} `, h('bdi', {}, card.order))),
    items(card.items, words),
    h('div', {}, card.reason && h('p', { class: 'quiet', dir: 'auto' }, card.reason.text), h('p', { class: 'total', dir: 'auto' }, card.wish.text)),
    ...(card.next ?? []).map((line) => h('p', { dir: 'auto' }, line.text)),
    card.label && link(card.label.url, words.say('new_tab'), { class: 'button' }, card.label.label.text),
  );
}

/** @param {string} url @param {string} alt */
function picture(url, alt) {
  const src = safePicture(url);
  return src ? h('img', { class: 'block photo', src, alt, loading: 'lazy', decoding: 'async' }) : h('p', { class: 'bubble' }, alt);
}

/** @param {Block & { type: 'handoff' }} block @param {Setting} setting */
function handoff(block, { words, shop }) {
  const waiting = block.state === 'waiting';
  return h(
    'div',
    { class: `handoff block ${block.state}` },
    icon(waiting ? 'person' : 'clock'),
    h(
      'div',
      {},
      h('h3', {}, words.say(block.state)),
      h('p', { dir: 'auto' }, block.message.text),
      !waiting && shop?.hours && h('p', { class: 'quiet' }, words.say('hours', { hours: shop.hours })),
    ),
  );
}
