// The one file a shop adds: <script type="module" src="https://chat.example/widget.js"></script>.
// It shows the button. Everything else, the socket included, waits until a shopper wants it.
//
// Attributes of the tag, all optional:
//   data-label     words on the button, beside its picture
//   data-locale    language of the widget's own words and of amounts; else the page's `lang`
//   data-theme     `light` or `dark`; else as the system is set
//   data-position  `start` or `end` of the bottom edge (`end`)
//   data-server    where the chat is served from; else where this file is
// Looks are custom properties, set on the element: shop-talk { --st-accent: #2f5d50 }.

/** @typedef {import('./panel.js').Panel} Panel */
/** @import { CartCard, CartItem } from './types' */

const TAG = 'shop-talk';
const STORED_OPEN = 'shoptalk:open';
const CONSENT = 'shoptalk:consent';
const NAME = 'Chat with us';
const PATHS = {
  chat: 'M4.5 11.5c0-4 3.4-7 7.6-7s7.4 3 7.4 6.9-3.2 6.9-7.4 6.9c-1 0-2-.2-2.9-.5L5 19.5l1-3.4a6.6 6.6 0 0 1-1.5-4.6ZM9 11.5h.01M12 11.5h.01M15 11.5h.01',
  down: 'm6 9.5 6 6 6-6',
};

// A bright brand colour takes dark words, a middling one is darkened until white ones can be read.
// Shops style `*`, and inner `!important` is all that wins over that; `all` leaves `direction` alone.
const css = `
:host {
  all: initial !important; direction: ltr !important; color-scheme: light dark !important;
  --accent-base: var(--st-accent, #2f5d50);
  --dark: clamp(0, (0.72 - l) * 9999, 1);
  --accent: oklch(from var(--accent-base) calc(l + var(--dark) * (min(l, 0.54) - l)) c h);
  --on-accent: oklch(from var(--accent-base) max(0.2, var(--dark)) 0 h);
}
:host([data-theme="light"]) { color-scheme: light !important; }
:host([data-theme="dark"]) { color-scheme: dark !important; }
.frame { all: initial; display: contents; color-scheme: inherit; font: medium/1.5 var(--st-font, Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif); }
.dock {
  all: initial; position: fixed; display: none; color-scheme: inherit; font: inherit;
  inset-block-end: max(var(--st-offset-y, 20px), env(safe-area-inset-bottom));
  inset-inline-end: max(var(--st-offset-x, 20px), env(safe-area-inset-right));
}
.dock:popover-open { display: block; }
:host([data-position="start"]) .dock { inset-inline: max(var(--st-offset-x, 20px), env(safe-area-inset-left)) auto; }
.launcher {
  all: initial; box-sizing: border-box; display: flex; align-items: center; justify-content: center; gap: 0.55em;
  min-width: 56px; height: 56px; padding: 0 15px; border: 1px solid transparent; border-radius: 28px;
  background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 550; line-height: 1; cursor: pointer;
  box-shadow: 0 1px 2px rgb(20 25 22 / 0.2), 0 8px 24px -6px rgb(20 25 22 / 0.35);
  transition: transform 0.16s ease, box-shadow 0.16s ease;
}
.launcher:has(.words) { padding-inline: 17px 21px; }
.launcher:hover { transform: translateY(-1px); box-shadow: 0 1px 2px rgb(20 25 22 / 0.2), 0 12px 28px -6px rgb(20 25 22 / 0.42); }
.launcher:active { transform: none; }
.launcher:focus-visible { outline: 3px solid var(--on-accent); outline-offset: -5px; box-shadow: 0 0 0 3px var(--accent), 0 0 0 5px #fff; }
.launcher[aria-busy="true"] svg { opacity: 0.55; }
.launcher svg { width: 25px; height: 25px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.badge {
  position: absolute; inset-block-start: -4px; inset-inline-start: -4px; box-sizing: border-box; min-width: 22px; height: 22px; padding: 0 6px;
  border: 2px solid #fff; border-radius: 11px; background: #b3261e; color: #fff; font-size: 12px; font-weight: 650; line-height: 18px; text-align: center;
}
[hidden] { display: none !important; }
@media (forced-colors: active) { .launcher { border-color: ButtonText; } }
@media (prefers-reduced-motion: reduce) { .launcher { transition: none; } }
`;

/** @param {keyof typeof PATHS} name */
function picture(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}

/** @param {string} tag @param {Record<string, string>} attributes @param {...(Node | string)} children */
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** The chat of the page: there is never a second one. @type {ShopTalk | null} */
let live = null;

/** The button, and behind it the panel. In its open shadow root no style of the shop applies. */
class ShopTalk extends HTMLElement {
  #root = this.attachShadow({ mode: 'open' });
  #frame = make('aside', { class: 'frame', 'aria-label': NAME });
  #dock = make('div', { class: 'dock', popover: 'manual' });
  #button = make('button', { type: 'button', class: 'launcher', part: 'launcher', 'aria-expanded': 'false' });
  #badge = make('span', { class: 'badge', 'aria-hidden': 'true', hidden: '' });
  /** @type {Promise<Panel> | null} */
  #panel = null;
  #unread = 0;
  #built = false;
  #ended = false;

  /**
   * What is in the page's cart, or what tells it: the assistant goes by it. When the chat changes the cart, the event
   * `shoptalk-cart` tells the page, `detail` being the lines and the promo code.
   * @type {CartItem[] | (() => CartItem[]) | null}
   */
  cart = null;
  /** @type {string | undefined} */
  #identity;

  /**
   * Says who is signed in on the page, by a token of the shop's server; null when nobody is any more.
   * @param {string | null} token
   */
  identify(token) {
    this.#identity = token ?? undefined;
    this.#panel?.then((panel) => panel.identified());
  }

  /**
   * Did the shopper agree that what they do here is remembered for them? The page asks, and says so here. Switched off,
   * the server deletes what it remembered.
   */
  get consent() {
    return stored(() => localStorage.getItem(CONSENT) === '1');
  }

  set consent(on) {
    if (on !== this.consent) void this.#events().then((events) => events.consent(on));
  }

  /** Tells what happens on the page: `track('view', { sku })`. @type {typeof import('./events.js').track} */
  track = (type, details) => void this.#events().then((events) => events.track(type, details));

  get opened() {
    return this.#button.getAttribute('aria-expanded') === 'true';
  }

  /** Replies that came while the panel was closed. */
  get unread() {
    return this.#unread;
  }

  set unread(n) {
    this.#unread = n;
    this.#badge.hidden = n === 0;
    this.#badge.textContent = String(n);
    this.#name();
  }

  /** Opens the panel, with words in its composer if given. @param {{ focus?: boolean, draft?: string }} [how] */
  async open({ focus = true, draft } = {}) {
    this.#button.setAttribute('aria-busy', 'true');
    try {
      const panel = await this.#load();
      this.#show(true);
      panel.open(focus);
      if (draft) panel.draft(draft);
    } catch (error) {
      // The network failed between the button and the panel: the next press tries again.
      this.#panel = null;
      console.error('shoptalk: the chat could not be loaded', error);
    } finally {
      this.#button.removeAttribute('aria-busy');
    }
  }

  /** @param {{ focus?: boolean }} [how] */
  async close({ focus = true } = {}) {
    if (!this.#panel) return;
    const panel = await this.#panel;
    panel.close();
    this.#show(false);
    if (focus) this.#button.focus();
  }

  /** Takes the chat off the page for good. */
  async destroy() {
    this.#ended = true;
    if (this.#panel) (await this.#panel).end();
    this.remove();
    live = null;
  }

  connectedCallback() {
    if (live && live !== this) return this.remove();
    live = this;
    if (!this.#built) this.#build();
    this.#dock.showPopover();
    if (this.opened) this.#panel?.then((panel) => panel.restore());
  }

  /** Shops that swap their body on navigation would take the chat along: it comes back. */
  disconnectedCallback() {
    queueMicrotask(() => {
      if (!this.isConnected && !this.#ended && live === this) document.body.append(this);
    });
  }

  #name() {
    const name = this.dataset.label || NAME;
    this.#button.setAttribute('aria-label', this.#unread === 0 ? name : `${name}, ${this.#unread} new`);
  }

  #build() {
    this.#built = true;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    this.#root.adoptedStyleSheets = [sheet];
    this.#button.append(picture('chat'));
    if (this.dataset.label) this.#button.append(make('span', { class: 'words' }, this.dataset.label));
    this.#name();
    this.#dock.append(this.#button, this.#badge);
    this.#frame.append(this.#dock);
    this.#root.append(this.#frame);
    this.#button.addEventListener('click', () => (this.opened ? this.close() : this.open()));
    for (const intent of ['pointerenter', 'focus', 'touchstart']) {
      this.#button.addEventListener(intent, () => void this.#load().catch(() => (this.#panel = null)), { once: true, passive: true });
    }
    if (stored(() => sessionStorage.getItem(STORED_OPEN) === '1')) void this.open({ focus: false });
  }

  /** @param {boolean} open */
  #show(open) {
    this.#button.setAttribute('aria-expanded', String(open));
    this.#button.querySelector('svg')?.replaceWith(picture(open ? 'down' : 'chat'));
  }

  /** @returns {Promise<typeof import('./events.js')>} */
  async #events() {
    const events = await import(new URL('widget/events.js', import.meta.url).href);
    events.serveFrom(this.#server());
    return events;
  }

  #server() {
    return new URL(this.dataset.server ?? '.', import.meta.url).href.replace(/\/?$/, '/');
  }

  /** @returns {Promise<Panel>} */
  #load() {
    this.#panel ??= (async () => {
      const server = this.#server();
      /** @type {typeof import('./panel.js')} */
      const { Panel } = await import(new URL('widget/panel.js', import.meta.url).href);
      const locale = this.dataset.locale || document.documentElement.lang || navigator.language;
      const host = {
        onclose: (/** @type {boolean} */ focus) => void this.close({ focus }),
        setUnread: (/** @type {number} */ n) => (this.unread = n),
        identity: () => this.#identity,
        cart: () => (typeof this.cart === 'function' ? this.cart() : (this.cart ?? undefined)),
        oncart: (/** @type {CartCard} */ { lines, beside = [], code }) => {
          const detail = { lines: [...lines.map(({ sku, quantity }) => ({ sku, quantity })), ...beside], code };
          this.dispatchEvent(new CustomEvent('shoptalk-cart', { detail, bubbles: true, composed: true }));
        },
      };
      const panel = await Panel.load(host, this.#root, this.#frame, { server, locale });
      this.#button.setAttribute('aria-controls', 'panel');
      return panel;
    })();
    return this.#panel;
  }
}

/** Storage can be forbidden, and then throws. @param {() => boolean} read */
function stored(read) {
  try {
    return read();
  } catch {
    return false;
  }
}

function start() {
  const tags = [...document.querySelectorAll('script')];
  const tag = tags.find((script) => script.src === import.meta.url);
  const element = document.querySelector(TAG) ?? document.createElement(TAG);
  Object.assign(/** @type {HTMLElement} */ (element).dataset, tag?.dataset);
  if (!element.isConnected) document.body.append(element);
}

if (customElements.get(TAG)) {
  console.info('shoptalk: widget.js is on this page twice; the first one serves.');
} else {
  customElements.define(TAG, ShopTalk);
  const idle = () => ('requestIdleCallback' in window ? requestIdleCallback(start, { timeout: 2_000 }) : setTimeout(start, 1));
  if (document.body && document.readyState !== 'loading') idle();
  else document.addEventListener('DOMContentLoaded', idle, { once: true });
}
