/** @import { Product, Variant } from './shop.js' */
import { add } from './cart.js';
import { chat } from './chat.js';
import { rows, track } from './rows.js';
import { catalog, cheapest, el, part, priceTag, swatch, values } from './shop.js';

/** The words of an attribute's name, as a page shows it. @param {string} name */
const titled = (name) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');

/** `/pictures/socks/navy.svg` in another colour. @param {string} image @param {string | undefined} colour */
const inColour = (image, colour) => (colour ? image.replace(/^(\/pictures\/[\w-]+\/)[\w-]+\.svg$/, `$1${colour}.svg`) : image);

/** @param {Variant} variant */
function stockWords({ stock }) {
  if (stock === 0) return ['Sold out', 'out'];
  if (typeof stock === 'number' && stock <= 5) return [`Only ${stock} left`, 'low'];
  return ['In stock', ''];
}

/** @param {Product} product */
function show(product) {
  document.title = `${product.title} · Alder & Pine`;
  const names = [...new Set(product.variants.flatMap((variant) => Object.keys(variant.options)))];
  const first = product.variants.find((variant) => variant.stock !== 0) ?? cheapest(product);
  let chosen = first;

  const picture = el('img', { src: product.image ?? '', alt: '', width: 400, height: 400 });
  const price = el('p', { class: 'big-price' });
  const stock = el('p', { class: 'stock' });
  const button = el('button', { class: 'button' }, 'Add to the cart');
  const done = el('p', { class: 'quiet', role: 'status' });

  const form = el(
    'form',
    { class: 'buy', onsubmit: put },
    ...names.map((name) =>
      el(
        'fieldset',
        {},
        el('legend', {}, titled(name)),
        el(
          'div',
          { class: 'picks' },
          ...values(product, name).map((value) =>
            el(
              'label',
              { class: 'pick' },
              el('input', { type: 'radio', name, value, checked: first.options[name] === value, onchange: choose }),
              el('span', {}, name === 'colour' && swatch(value), value),
            ),
          ),
        ),
      ),
    ),
    stock,
    button,
    done,
  );

  function choose() {
    const picked = Object.fromEntries(new FormData(form));
    const fits = product.variants.find((variant) => names.every((name) => variant.options[name] === picked[name]));
    chosen = fits ?? { ...first, options: /** @type {Record<string, string>} */ (picked), stock: 0 };
    draw();
  }

  /** @param {Event} event */
  function put(event) {
    event.preventDefault();
    add(chosen.sku, 1);
    track('add', { sku: chosen.sku, quantity: 1 });
    done.replaceChildren(`${product.title} is in your cart. `, el('a', { href: '/cart' }, 'See the cart'));
  }

  function draw() {
    price.replaceChildren(priceTag(chosen.price, chosen.was));
    const [words = '', mark = ''] = stockWords(chosen);
    stock.className = `stock ${mark}`;
    stock.textContent = words;
    button.disabled = chosen.stock === 0;
    if (product.image) picture.src = inColour(product.image, chosen.options['colour']);
  }

  const facts = Object.entries(product.attributes);
  part('trail').replaceChildren(
    el('a', { href: '/' }, 'Shop'),
    ...product.category.slice(0, 1).flatMap((name) => [' / ', el('a', { href: `/?category=${encodeURIComponent(name)}#goods` }, name)]),
    ...product.category.slice(1).flatMap((name) => [' / ', name]),
  );
  part('product').replaceChildren(
    el('div', { class: 'frame large' }, picture),
    el(
      'div',
      { class: 'about' },
      el('h1', {}, product.title),
      typeof product.rating === 'number' && el('p', { class: 'quiet' }, el('span', { 'aria-hidden': 'true' }, '★ '), `${product.rating} of 5`),
      price,
      el('p', { class: 'lead' }, product.description),
      form,
      facts.length > 0 && el('dl', { class: 'facts' }, ...facts.map(([name, value]) => el('div', {}, el('dt', {}, titled(name)), el('dd', {}, value)))),
      el('button', { type: 'button', class: 'ask', onclick: () => ask(product) }, 'Ask about this product'),
    ),
  );
  draw();
}

/** @param {Product} product */
async function ask(product) {
  await (await chat).open({ draft: `About the ${product.title}: ` });
}

/** @param {string} words */
function missing(words) {
  part('product').replaceChildren(el('div', {}, el('h1', {}, words), el('p', {}, el('a', { href: '/' }, 'Back to the shop'))));
}

try {
  const slug = decodeURIComponent(location.pathname.split('/').at(-1) ?? '');
  const product = (await catalog()).find((one) => one.url?.split('/').at(-1) === slug);
  if (product) {
    show(product);
    track('view', { sku: product.sku });
    await rows('product', { items: [product.sku] });
    addEventListener('consent-changed', () => void rows('product', { items: [product.sku] }));
  } else {
    missing('There is no such product');
  }
} catch {
  missing('The product could not be fetched');
}
