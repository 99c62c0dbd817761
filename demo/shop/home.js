/** @import { Product } from './shop.js' */
import './cart.js';
import { rows, track } from './rows.js';
import { catalog, el, part, tile, tileOf } from './shop.js';

const PAGE = 24;

/** @type {Product[]} */
let products = [];
const asked = new URLSearchParams(location.search);
let category = asked.get('category') ?? '';
let kind = '';
let shown = PAGE;

const search = /** @type {HTMLInputElement} */ (document.querySelector('#search'));
const more = part('more');

/** Everything a search may hit, in lower case. @param {Product} product */
function haystack({ title, category, description, attributes, variants }) {
  const options = variants.flatMap((variant) => Object.values(variant.options));
  return [title, ...category, description, ...Object.values(attributes), ...options].join(' ').toLowerCase();
}

function found() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  return products.filter((product) => {
    const fits = (!category || product.category[0] === category) && (!kind || product.category[1] === kind);
    return fits && words.every((word) => haystack(product).includes(word));
  });
}

/** One of each kind in turn, so that the first page shows what the shop has. @param {Product[]} all */
function mixed(all) {
  const kinds = Map.groupBy(all, (product) => product.category.join(' '));
  const rounds = Math.max(0, ...[...kinds.values()].map((some) => some.length));
  return Array.from({ length: rounds }, (_, round) => [...kinds.values()].flatMap((some) => some[round] ?? [])).flat();
}

/** @param {string} name @param {string[]} names @param {string} chosen @param {(name: string) => void} choose */
function chips(name, names, chosen, choose) {
  const box = part(name);
  const chip = (/** @type {string} */ label, /** @type {string} */ value) =>
    el('button', { type: 'button', class: 'chip', 'aria-pressed': String(value === chosen), onclick: () => choose(value) }, label);
  const focused = box.contains(document.activeElement);
  box.replaceChildren(chip('All', ''), ...names.map((one) => chip(one, one)));
  box.hidden = names.length < 2;
  // The chip that was pressed has been redrawn.
  if (focused) /** @type {HTMLElement | null} */ (box.querySelector('[aria-pressed="true"]'))?.focus();
}

/** @param {(string | undefined)[]} names */
const unique = (names) => /** @type {string[]} */ ([...new Set(names.filter(Boolean))]);

function draw() {
  chips('categories', unique(products.map((product) => product.category[0])), category, (chosen) => {
    category = chosen;
    kind = '';
    shown = PAGE;
    draw();
  });
  const kinds = category ? products.filter((product) => product.category[0] === category).map((product) => product.category[1]) : [];
  chips('kinds', unique(kinds), kind, (chosen) => {
    kind = chosen;
    shown = PAGE;
    draw();
  });
  const hits = category || search.value ? found() : mixed(products);
  part('grid').replaceChildren(...hits.slice(0, shown).map((product) => tile(tileOf(product))));
  part('found').textContent = hits.length === 0 ? 'Nothing like that. The chat can help you look.' : `${hits.length} ${hits.length === 1 ? 'product' : 'products'}`;
  more.hidden = hits.length <= shown;
  part('rows').hidden = Boolean(category || search.value);
  const words = search.value.trim();
  clearTimeout(typing);
  part('instead').replaceChildren();
  if (words) typing = setTimeout(() => void searched(words, hits.length), TYPED);
}

/** Milliseconds after the last key in which a search is taken for meant. */
const TYPED = 900;
let typing = 0;

/** @param {string} query @param {number} results */
async function searched(query, results) {
  track('search', { query: query.slice(0, 100), results });
  if (results === 0) await rows('no_results', { into: 'instead', most: 1 });
}

search.addEventListener('input', () => {
  shown = PAGE;
  draw();
});
search.form?.addEventListener('submit', (event) => event.preventDefault());
more.addEventListener('click', () => {
  const first = shown;
  shown += PAGE;
  draw();
  /** @type {HTMLElement | null} */ (document.querySelectorAll('.grid .tile a')[first])?.focus();
});

try {
  products = await catalog();
  if (!products.some((product) => product.category[0] === category)) category = '';
  search.value = asked.get('q') ?? '';
  draw();
  await rows('home');
  addEventListener('consent-changed', () => void rows('home'));
  // The grid has made the page long enough only now.
  if (location.hash === '#goods') document.querySelector('#goods')?.scrollIntoView();
} catch {
  part('found').textContent = 'The products could not be fetched. Please reload the page.';
}
