// Elements made by hand. Text only ever becomes text nodes, so nothing a message says can become
// markup, and no page policy (CSP, Trusted Types) has anything to refuse.

/** @typedef {Node | string | 0 | null | undefined | false} Child */
/** @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} Attributes */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes] a function listens (`onclick`), `true` is an empty attribute, `false` and nothing are none
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/** Lets the page have its turn: what takes long is done in pieces. @returns {Promise<unknown>} */
export const pause = () => /** @type {any} */ (globalThis).scheduler?.yield?.() ?? new Promise((done) => setTimeout(done));

/** Waits until what was changed is on the screen: to ask for sizes or to move the focus before would lay it out in the middle of our work. */
export const painted = () => (document.hidden ? pause() : new Promise((done) => requestAnimationFrame(() => setTimeout(done))));

/** Strokes in a 24 × 24 box. */
const ICONS = {
  close: 'M6 6l12 12M18 6 6 18',
  down: 'm6 9.5 6 6 6-6',
  more: 'M5.5 12h.01M12 12h.01M18.5 12h.01',
  send: 'M12 19V5.5M6 11l6-6 6 6',
  next: 'm9.5 5.5 6.5 6.5-6.5 6.5',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  alert: 'M12 7.5v5.5M12 16.5h.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z',
  clock: 'M12 7v5l3.2 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z',
  photo: 'M4 8h3.2l1.6-2.5h6.4L16.8 8H20v11H4zM12 16.5a3.4 3.4 0 1 0 0-6.8 3.4 3.4 0 0 0 0 6.8Z',
  up: 'M8 11v8.5H4.5V11zM8 11l3.5-7c1.5 0 2.3 1 2.1 2.4L13.1 9.5h5.4c1.2 0 2 1.1 1.7 2.2l-1.5 6c-.2.9-1 1.6-2 1.6H8',
  thumb_down: 'M8 13V4.5H4.5V13zM8 13l3.5 7c1.5 0 2.3-1 2.1-2.4l-.5-3.1h5.4c1.2 0 2-1.1 1.7-2.2l-1.5-6c-.2-.9-1-1.6-2-1.6H8',
  book: 'M12 6.5C10 5 7.3 4.6 4.5 4.8v13.5c2.8-.2 5.5.2 7.5 1.7 2-1.5 4.7-1.9 7.5-1.7V4.8c-2.8-.2-5.5.2-7.5 1.7Zm0 0V20',
  bag: 'M6 8h12l1 12H5L6 8ZM9 10.5V7a3 3 0 0 1 6 0v3.5',
};

/** A decoration: the words beside it carry the meaning. @param {keyof typeof ICONS} name */
export const icon = (name) => drawn(name, ICONS[name]);

/** @param {string} name @param {string} strokes in a 24 × 24 box */
export function drawn(name, strokes) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', `icon i-${name}`);
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', strokes);
  svg.append(path);
  return svg;
}

/** Words for those who listen, where the eye has a picture. @param {string} words */
export function heard(words) {
  return h('span', { class: 'heard' }, words);
}

/**
 * The address if a shopper may be sent there, else nothing: http, https, mailto, tel, and
 * addresses relative to the page. `javascript:` and `data:` are not among them.
 * @param {string | undefined} address
 */
export function safeHref(address) {
  if (!address) return undefined;
  try {
    const url = new URL(address, document.baseURI);
    return ['http:', 'https:', 'mailto:', 'tel:'].includes(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A picture in a box of fixed shape, silent, as words beside it say what it shows; nothing without an address that can be
 * one. One that does not arrive leaves an empty box.
 * @param {string | undefined} address @param {number} width @param {number} height
 */
export function picture(address, width, height) {
  const src = safeHref(address);
  if (!src?.startsWith('http')) return undefined;
  const img = h('img', { src, alt: '', width, height, loading: 'lazy', decoding: 'async', onerror: () => img.remove() });
  return img;
}

/**
 * A link that opens here when it stays in the shop, else in a new tab. Without a safe address
 * only its words are left.
 * @param {string | undefined} address
 * @param {string} newTab words added for a link that opens a new tab
 * @param {Attributes} attributes
 * @param {...Child} children
 */
export function link(address, newTab, attributes, ...children) {
  const href = safeHref(address);
  if (!href) return h('span', attributes, ...children);
  const away = /^https?:/.test(href) && new URL(href).origin !== location.origin;
  return h(
    'a',
    { ...attributes, href, target: away && '_blank', rel: away && 'noopener noreferrer' },
    ...children,
    away && heard(` ${newTab}`),
  );
}
