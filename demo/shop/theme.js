// The chat's looks, tried live, and the lines a shop copies for them.

import { el, part } from './shop.js';

/** Brand colours that are easy and hard on words. */
const BRANDS = [
  '#2c4c3e', '#1f4fd8', '#0a84ff', '#00b3a4', '#00a651', '#7ac143', '#ffe14d', '#ffb000', '#ff6a00', '#e4002b',
  '#c2185b', '#ff5fa2', '#8e24aa', '#5e35b1', '#3e2723', '#8d6e63', '#607d8b', '#111111', '#9e9e9e', '#f5f5f5',
];

/** What is set where, and what it is when nothing is said. @type {Record<string, { property?: string, attribute?: string, unit?: string, else: string }>} */
const LOOKS = {
  accent: { property: '--st-accent', else: '' },
  radius: { property: '--st-radius', unit: 'px', else: '16' },
  density: { property: '--st-density', else: '1' },
  font: { property: '--st-font', else: '' },
  logo: { property: '--st-logo', else: '' },
  offset: { property: '--st-offset-x', unit: 'px', else: '20' },
  theme: { attribute: 'theme', else: '' },
  position: { attribute: 'position', else: '' },
  label: { attribute: 'label', else: '' },
  locale: { attribute: 'locale', else: '' },
};

/** @type {HTMLFormElement} */
const form = part('looks');
const snippet = part('snippet');

/** @typedef {HTMLElement & { open(how?: object): Promise<void>, destroy(): Promise<void> }} Chat */

/** @returns {Chat | null} */
const chat = () => document.querySelector('shop-talk');

/** What was chosen, but for what is so anyway. */
function chosen() {
  const values = new FormData(form);
  return Object.entries(LOOKS).flatMap(([name, look]) => {
    const value = String(values.get(name) ?? '').trim();
    return value === look.else ? [] : [{ ...look, name, value: value + (look.unit ?? '') }];
  });
}

/** Words, language and logo are read when the chat is made: it is made anew for them. */
let words = '';

async function show() {
  const all = chosen();
  write(all);
  let element = chat();
  const now = JSON.stringify(all.filter(({ name }) => ['label', 'locale', 'logo'].includes(name)));
  if (element && now !== words) {
    await element.destroy();
    element = /** @type {Chat} */ (document.createElement('shop-talk'));
  }
  words = now;
  if (!element) return;
  for (const { property, attribute } of Object.values(LOOKS)) {
    if (property) element.style.removeProperty(property);
    if (attribute) delete element.dataset[attribute];
  }
  for (const { property, attribute, value } of all) {
    if (property) element.style.setProperty(property, value);
    if (attribute) element.dataset[attribute] = value;
  }
  if (!element.isConnected) document.body.append(element);
  // On a narrow screen the chat would cover what changes it.
  if (innerWidth > 900) await element.open({ focus: false });
}

/** @param {ReturnType<typeof chosen>} all */
function write(all) {
  const quote = (/** @type {string} */ value) => `"${value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`;
  const attributes = all.flatMap(({ attribute, value }) => (attribute ? [` data-${attribute}=${quote(value)}`] : []));
  const properties = all.flatMap(({ property, value }) => (property ? [` ${property}: ${value};`] : []));
  const style = properties.length ? `<style>shop-talk {${properties.join('')} }</style>\n` : '';
  snippet.textContent = `${style}<script type="module" src="${new URL('/widget.js', location.href).href}"${attributes.join('')}></script>`;
}

/** @type {HTMLInputElement} */
const own = /** @type {any} */ (form.elements.namedItem('accent'));
part('brands').append(
  ...BRANDS.map((colour) => {
    const button = el('button', { type: 'button', 'aria-label': colour, onclick: () => choose(colour) });
    button.style.background = colour;
    return button;
  }),
);

/** @param {string} colour */
function choose(colour) {
  own.value = colour;
  void show();
}

form.addEventListener('input', () => void show());
form.addEventListener('submit', (event) => event.preventDefault());
part('copy').addEventListener('click', async () => {
  await navigator.clipboard?.writeText(snippet.textContent ?? '');
  part('copied').textContent = 'Copied.';
});

write(chosen());
await customElements.whenDefined('shop-talk');
if (!chat()) await new Promise((done) => new MutationObserver((_, seen) => chat() && (seen.disconnect(), done(null))).observe(document.body, { childList: true }));
await show();
