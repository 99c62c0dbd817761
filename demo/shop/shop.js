// What the three pages share: elements, amounts, the catalog and product tiles.

/** @typedef {{ minor: number, currency: string }} Money */
/** @typedef {{ sku: string, options: Record<string, string>, price: Money, was?: Money | null, stock?: number | null }} Variant */
/**
 * @typedef {{
 *   sku: string, title: string, category: string[], brand?: string | null, description: string,
 *   attributes: Record<string, string>, images: { url: string, alt?: string }[], image?: string, url?: string | null,
 *   rating?: number | null, variants: Variant[],
 * }} Product
 */
/** What a tile shows. @typedef {{ title: string, url?: string | null, image?: string | null, price: Money, from?: boolean, was?: Money | null, note?: string, reason?: string, colours?: string[] }} Tile */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/** @template {HTMLElement} T @param {string} name @returns {T} the element marked `data-name` */
export function part(name) {
  const found = document.querySelector(`[data-${name}]`);
  if (!found) throw new Error(`the page has no [data-${name}]`);
  return /** @type {T} */ (found);
}

/** @param {Money} money */
export function amount({ minor, currency }) {
  const format = new Intl.NumberFormat(document.documentElement.lang, { style: 'currency', currency });
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** @returns {Promise<Product[]>} */
export async function catalog() {
  const answer = await fetch('/v1/catalog');
  if (!answer.ok) throw new Error(`the catalog answered ${answer.status}`);
  /** @type {Product[]} */
  const products = (await answer.json()).products;
  return products.map((product) => ({ ...product, image: product.images[0]?.url }));
}

/** The variant a tile speaks for: the cheapest. @param {Product} product */
export function cheapest(product) {
  return product.variants.reduce((least, one) => (one.price.minor < least.price.minor ? one : least));
}

/** The values of an option over all variants, in the catalog's order. @param {Product} product @param {string} name */
export function values(product, name) {
  return [...new Set(product.variants.flatMap((variant) => variant.options[name] ?? []))];
}

/** @param {Product} product @returns {Tile} */
export function tileOf(product) {
  const { price, was } = cheapest(product);
  const counted = product.variants.every((variant) => typeof variant.stock === 'number');
  const stock = product.variants.reduce((sum, variant) => sum + (variant.stock ?? 0), 0);
  return {
    ...product,
    price,
    was,
    from: product.variants.some((variant) => variant.price.minor !== price.minor),
    note: counted && stock === 0 ? 'Sold out' : counted && stock <= 5 ? `Only ${stock} left` : '',
    colours: values(product, 'colour'),
  };
}

/** @param {string} colour a swatch is only a hint: the name is in the product's options */
export function swatch(colour) {
  return el('span', { class: `swatch ${colour.toLowerCase().replace(/\W+/g, '-')}` });
}

/** @param {Money} price @param {Money | null | undefined} was @param {boolean} [from] */
export function priceTag(price, was, from) {
  return el(
    'span',
    { class: 'price' },
    el('span', {}, from ? `from ${amount(price)}` : amount(price)),
    was && el('s', {}, el('span', { class: 'heard' }, 'before '), amount(was)),
  );
}

/** @param {Tile} item @param {keyof HTMLElementTagNameMap} [heading] */
export function tile(item, heading = 'h3') {
  const colours = item.colours ?? [];
  return el(
    'li',
    { class: 'tile' },
    el(
      'div',
      { class: 'frame' },
      item.image && el('img', { src: item.image, alt: '', width: 400, height: 400, loading: 'lazy', decoding: 'async' }),
      item.was && el('span', { class: 'flag' }, 'Sale'),
    ),
    el(heading, {}, el('a', { href: item.url ?? '#' }, item.title)),
    el(
      'p',
      { class: 'under' },
      priceTag(item.price, item.was, item.from),
      item.note && el('span', { class: 'note' }, item.note),
      item.reason && el('span', { class: 'reason' }, item.reason),
      colours.length > 1 && el('span', { class: 'swatches', 'aria-hidden': 'true' }, ...colours.slice(0, 5).map(swatch)),
    ),
  );
}
