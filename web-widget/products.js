// Which most talks come to: fetched while the first message is on its way, not when the panel opens.
/** @import { Block, Choice, ProductCard, Stock, VariantCard } from './types' */
/** @import { Setting } from './blocks.js' */
/** @import { Words } from './i18n.js' */
import { h, heard, icon, link, picture } from './dom.js';
import { watch } from './events.js';

export { css } from './cards-style.js';

/** More stand side by side in no reply. */
const MOST_COMPARED = 3;
/** More values than these are a list to open instead of chips. */
const MOST_CHIPS = 8;

/** What a tap says, with what it is about. @param {Choice} choice @param {string} what */
const fill = ({ label, say }, what) => (say ?? label).replace('{what}', () => what);

/**
 * A row to swipe through, or to step through by buttons.
 * @param {Block & { type: 'products' }} block @param {Setting} setting @param {(() => void)[]} [later] takes what puts in each card, for who has time
 */
export function products(block, setting, later) {
  const { items, compare } = block;
  const { words, say } = setting;
  const list = h('ul', { class: 'cards', role: 'list', 'aria-label': words.say('products') });
  for (const [at, item] of items.entries()) {
    const put = () => list.append(h('li', {}, product(item, setting, at + 1, compare && items.length > 1)));
    if (later) later.push(put);
    else put();
  }
  if (items.length < 2) return h('div', { class: 'products one' }, list);

  const ticks = () => /** @type {HTMLInputElement[]} */ ([...list.querySelectorAll('.tick input')]);

  const step = (/** @type {number} */ direction) => {
    const forward = getComputedStyle(list).direction === 'rtl' ? -direction : direction;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    list.scrollBy({ left: forward * list.clientWidth * 0.8, behavior: calm ? 'instant' : 'smooth' });
  };
  const range = (/** @type {number} */ from, /** @type {number} */ to) => words.say('range', { from: words.number(from), to: words.number(to), n: words.number(items.length) });
  const where = document.createTextNode(range(1, 1));
  const back = h('button', { type: 'button', class: 'step back', 'aria-label': words.say('previous'), onclick: () => step(-1) }, icon('next'));
  const on = h('button', { type: 'button', class: 'step', 'aria-label': words.say('next'), onclick: () => step(1) }, icon('next'));
  const beside = h('button', { type: 'button', class: 'button', hidden: true, onclick: () => side() }, compare?.label);
  const bar = h('div', { class: 'bar' }, h('span', { class: 'quiet' }, where), back, on);
  const ticked = () => items.filter((_, at) => ticks()[at]?.checked);
  const count = () => {
    const n = ticked().length;
    beside.hidden = n < 2;
    if (n === 2) beside.scrollIntoView({ block: 'nearest' });
    for (const tick of ticks()) tick.disabled = n >= MOST_COMPARED && !tick.checked;
  };
  const side = () => {
    const titles = ticked().map((item) => item.title);
    if (compare) say(fill(compare, new Intl.ListFormat(setting.shop?.language).format(titles)));
    for (const tick of ticks()) tick.checked = false;
    count();
  };
  const look = () => {
    const frame = list.getBoundingClientRect();
    const seen = [...list.children].flatMap((card, at) => {
      const box = card.getBoundingClientRect();
      const middle = (box.left + box.right) / 2;
      return middle > frame.left && middle < frame.right ? [at + 1] : [];
    });
    if (seen.length === 0) return;
    const [from, to] = [Math.min(...seen), Math.max(...seen)];
    where.data = range(from, to);
    bar.hidden = from === 1 && to === items.length;
    back.setAttribute('aria-disabled', String(from === 1));
    on.setAttribute('aria-disabled', String(to === items.length));
  };
  list.addEventListener('scroll', look, { passive: true });
  list.addEventListener('change', count);
  new ResizeObserver(look).observe(list);
  return h('div', { class: 'products' }, list, bar, beside);
}

let cards = 0;

/**
 * @param {ProductCard} item
 * @param {Setting} setting
 * @param {number} position in its row
 * @param {boolean | undefined} tick whether it can be ticked to be compared
 */
function product(item, setting, position, tick) {
  const { words, tell } = setting;
  const { options = [], variants = [] } = item;
  /** By place among the options; empty while nothing is picked. @type {string[]} */
  const picked = options.map((_, at) => only(variants.map((one) => one.values[at] ?? '')));
  const fits = (/** @type {VariantCard} */ one, /** @type {number} */ but = -1) => picked.every((value, at) => at === but || !value || one.values[at] === value);

  const img = picture(item.image, 400, 400);
  const price = h('p', { class: 'price' });
  const facts = h('p', { class: 'facts' });
  const sale = h('span', { class: 'sale', 'aria-hidden': 'true' });
  const add = item.add && addTo(item, setting, () => ({ fitting: variants.filter((one) => fits(one)), picked: picked.filter(Boolean) }));
  const pickers = options.flatMap(({ name }, at) => {
    const values = [...new Set(variants.map((one) => one.values[at] ?? ''))].filter(Boolean);
    return values.length > 1 ? [{ at, ...picker(name, values, words, (value) => pick(at, value)) }] : [];
  });

  const paint = () => {
    const fitting = variants.filter((one) => fits(one));
    const buyable = fitting.filter((one) => one.stock.state !== 'out');
    const amount = (/** @type {VariantCard} */ one) => (one.price ?? item.price).minor;
    const [cheapest, ...more] = [...(buyable.length ? buyable : fitting)].sort((a, b) => amount(a) - amount(b));
    const chosen = picked.every(Boolean) && fitting.length === 1 ? fitting[0] : undefined;
    const now = cheapest?.price ?? item.price;
    const was = cheapest?.price ? cheapest.was : item.was;
    const from = cheapest ? more.some((one) => amount(one) !== amount(cheapest)) : item.from;
    const words_ = words.money(now);
    price.replaceChildren(
      h('bdi', {}, from ? words.say('from_price', { price: words_ }) : words_),
      was ? h('s', {}, heard(words.say('was_price', { price: words.money(was) })), h('bdi', { 'aria-hidden': 'true' }, words.money(was))) : '',
    );
    sale.hidden = !was;
    sale.textContent = was ? words.percent(now.minor / was.minor - 1) : '';
    facts.replaceChildren(
      stock(chosen?.stock ?? (fitting.length && !buyable.length ? { state: 'out' } : item.stock), words),
      item.rating === undefined ? '' : h('span', {}, heard(words.say('rated', { rating: words.number(item.rating) })), h('span', { 'aria-hidden': 'true' }, `★ ${words.number(item.rating)}`)),
    );
    if (img && picked.some(Boolean)) img.src = picture(cheapest?.image ?? item.image, 1, 1)?.src ?? img.src;
    for (const { at, mark } of pickers) {
      mark((value) => variants.some((one) => one.values[at] === value && fits(one, at) && one.stock.state !== 'out'));
    }
    add?.ready();
  };
  /** @param {number} at @param {string} value */
  const pick = (at, value) => {
    picked[at] = value;
    paint();
    tell(`${price.textContent}. ${facts.firstChild?.textContent}`);
  };
  paint();

  const plain = options.filter((_, at) => !pickers.some((one) => one.at === at)).map(({ name, values }, at) => h('span', {}, heard(`${name}: `), (variants.length && picked[at]) || values.join(', ')));
  const card = h(
    'article',
    { class: 'card box', part: 'card' },
    // The name follows, so the picture itself is silent.
    h('div', { class: 'picture' }, img, sale),
    h(
      'div',
      { class: 'about' },
      h('h3', { dir: 'auto' }, link(item.url, words.say('new_tab'), {}, item.title)),
      price,
      facts,
      plain.length > 0 && h('p', { class: 'options', dir: 'auto' }, ...plain),
      ...pickers.map((one) => one.element),
      h(
        'div',
        { class: 'acts' },
        add?.element,
        item.why?.length &&
          h('details', { class: 'why' }, h('summary', {}, words.say('why'), heard(`: ${item.title}`)), ...item.why.map((line) => h('p', { dir: 'auto' }, line.text))),
        tick && h('label', { class: 'tick' }, h('input', { type: 'checkbox' }), words.say('compare'), heard(`: ${item.title}`)),
      ),
    ),
  );
  watch(card, { sku: item.sku, placement: 'chat', position });
  return card;
}

/** The value all have, or nothing. @param {string[]} values */
const only = (values) => (new Set(values).size === 1 ? (values[0] ?? '') : '');

/**
 * One choice to make, by chips, or from a list when there are many.
 * @param {string} name @param {string[]} values @param {Words} words @param {(value: string) => void} onpick
 */
function picker(name, values, words, onpick) {
  const group = `pick-${++cards}`;
  const gone = (/** @type {boolean} */ there) => (there ? '' : ` (${words.say('out')})`);
  if (values.length > MOST_CHIPS) {
    const options = values.map((value) => h('option', { value }, value));
    const select = h('select', { 'aria-label': name, onchange: () => onpick(select.value) }, h('option', { value: '' }, name), ...options);
    const mark = (/** @type {(value: string) => boolean} */ there) => options.forEach((option) => (option.textContent = option.value + gone(there(option.value))));
    return { element: h('div', { class: 'picker' }, select), mark };
  }
  const chips = values.map((value) => {
    const radio = h('input', { type: 'radio', name: group, value, onchange: () => onpick(value) });
    const note = heard('');
    return { value, note, element: h('label', { class: 'chip', dir: 'auto' }, radio, h('span', {}, value), note) };
  });
  /** @param {(value: string) => boolean} there */
  const mark = (there) => {
    for (const { value, note, element } of chips) {
      element.classList.toggle('gone', !there(value));
      note.textContent = gone(there(value));
    }
  };
  return { element: h('fieldset', { class: 'picker' }, h('legend', {}, name), ...chips.map((chip) => chip.element)), mark };
}

/**
 * The button, and what became of pressing it.
 * @param {ProductCard} item @param {Setting} setting @param {() => { fitting: VariantCard[], picked: string[] }} choice
 */
function addTo(item, { words, say }, choice) {
  const { add } = item;
  if (!add) return undefined;
  const element = h('button', { type: 'button', class: 'button primary', onclick: () => press() });
  const show = (/** @type {string} */ state, /** @type {string} */ text, /** @type {'bag' | 'check'} */ sign) => {
    element.className = `button primary ${state}`;
    element.setAttribute('aria-disabled', String(state === 'busy'));
    element.replaceChildren(icon(sign), text, heard(`: ${item.title}`));
  };
  const ready = () => show('', add.label, 'bag');
  const press = async () => {
    if (element.classList.contains('busy')) return;
    const { fitting, picked } = choice();
    show('busy', words.say('adding'), 'bag');
    const reply = await say(fill(add, [item.title, ...picked].join(', ')));
    const cart = reply?.blocks?.find((block) => block.type === 'cart');
    const held = cart?.lines.some((line) => (fitting.length ? fitting.some((one) => one.sku === line.sku) : line.title === item.title));
    if (held) show('held', words.say('in_cart'), 'check');
    else ready();
  };
  return { element, ready };
}

/** @param {Stock} stock @param {Words} words */
function stock(stock, words) {
  const text = stock.state === 'low' ? words.count('low', stock.left) : words.say(stock.state);
  return h('span', { class: `stock ${stock.state}` }, text);
}
