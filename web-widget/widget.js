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
// A page's own script talks to `window.shoptalk`: shoptalk.d.ts and docs/widget.md say what it understands.

/** @import { Panel } from './panel.js' */
/** @import { CartCard, CartItem, Entry } from './types' */
/** @import { Settings, Shoptalk } from './shoptalk' */

const TAG = 'shop-talk';
const STORED_OPEN = 'shoptalk:open';
const CONSENT = 'shoptalk:consent';
/** The server writes `true` here when the shop has nudges. */
const NUDGES = false;
/** And here, on which paths a chat that was left open does not come back by itself. */
const QUIET = RegExp('/(cart|basket|checkout|orders?)(/|$)');
/** The button's name, and what it says of a number of unread replies. @type {Record<string, [string, string]>} */
const NAMES = {
  en: ['Chat with us', 'new'],
  de: ['Chatten Sie mit uns', 'neu'],
  fr: ['Discutez avec nous', 'nouveaux'],
  es: ['Habla con nosotros', 'nuevos'],
  it: ['Chatta con noi', 'nuovi'],
  nl: ['Chat met ons', 'nieuw'],
  pt: ['Fale connosco', 'novas'],
  pl: ['Porozmawiaj z nami', 'nowe'],
  ar: ['تحدث معنا', 'جديدة'],
};
const PATHS = {
  chat: 'M4.5 11.5c0-4 3.4-7 7.6-7s7.4 3 7.4 6.9-3.2 6.9-7.4 6.9c-1 0-2-.2-2.9-.5L5 19.5l1-3.4a6.6 6.6 0 0 1-1.5-4.6ZM9 11.5h.01M12 11.5h.01M15 11.5h.01',
  down: 'm6 9.5 6 6 6-6',
};

// A bright brand colour takes dark words, a middling one is darkened until white ones can be read.
// Shops style `*`, and inner `!important` is all that wins over that; `all` leaves `direction` alone.
const css = `
:host {
  all: initial !important; direction: ltr !important; color-scheme: light dark !important; --lift: 0px;
  --accent-base: var(--st-accent, #2f5d50);
  --dark: clamp(0, (0.72 - l) * 9999, 1);
  --accent: oklch(from var(--accent-base) calc(l + var(--dark) * (min(l, 0.54) - l)) c h);
  --on-accent: oklch(from var(--accent-base) max(0.2, var(--dark)) 0 h);
}
:host([data-theme="light"]) { color-scheme: light !important; }
:host([data-theme="dark"]) { color-scheme: dark !important; }
.frame { all: initial; display: contents; color-scheme: inherit; font: medium/1.5 var(--st-font, system-ui, sans-serif); }
.dock {
  all: initial; position: fixed; display: none; color-scheme: inherit; font: inherit; translate: 0 calc(-1 * var(--lift));
  inset-block-end: max(var(--st-offset-y, 20px), env(safe-area-inset-bottom));
  inset-inline-end: max(var(--st-offset-x, 20px), env(safe-area-inset-right));
}
.dock:popover-open { display: block; }
.away * { visibility: hidden !important; }
:host([data-position="start"]) .dock { inset-inline: max(var(--st-offset-x, 20px), env(safe-area-inset-left)) auto; }
.launcher {
  all: initial; box-sizing: border-box; display: flex; align-items: center; justify-content: center; gap: 0.55em;
  min-width: 56px; height: 56px; padding: 0 15px; border: 1px solid transparent; border-radius: 28px;
  background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 560; line-height: 1; cursor: pointer;
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
  border: 2px solid #fff; border-radius: 11px; background: #b3261e; color: #fff; font-size: 12px; font-weight: 640; line-height: 18px; text-align: center;
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

/** Where it is asked what lies under the button, in its widths and heights from its lower edge. @type {[number, number][]} */
const PLACES = [[0.1, 0.5], [0.9, 0.5], [0.5, 0.1]];
/** Milliseconds after which it is looked once more: what a script moves tells nobody. */
const LOOK = 1_000;

/**
 * What the page fixes over the screen at a point: a bar, a drawer, a button of somebody else.
 * @param {number} x @param {number} y @param {DocumentOrShadowRoot} [root] @returns {Element | undefined}
 */
function fixedAt(x, y, root = document) {
  // Firefox finds nothing in the tree of an element that is fixed itself.
  let at = root.elementsFromPoint(x, y).find((one) => one !== live) ?? /** @type {ShadowRoot} */ (root).host;
  if (at?.shadowRoot && at.shadowRoot !== root) return fixedAt(x, y, at.shadowRoot);
  while (at && getComputedStyle(at).position !== 'fixed') at = at.parentElement ?? /** @type {ShadowRoot} */ (at.getRootNode()).host;
  return at;
}

/** The chat of the page: there is never a second one. @type {ShopTalk | null} */
let live = null;

/** The button, and behind it the panel. In its open shadow root no style of the shop applies. */
class ShopTalk extends /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? Object) {
  static observedAttributes = ['data-label', 'data-locale'];

  #root = this.attachShadow({ mode: 'open' });
  #frame = make('aside', { class: 'frame' });
  #dock = make('div', { class: 'dock', popover: 'manual' });
  #button = make('button', { type: 'button', class: 'launcher', part: 'launcher', 'aria-expanded': 'false' });
  #badge = make('span', { class: 'badge', 'aria-hidden': 'true', hidden: '' });
  /** @type {Promise<Panel> | null} */
  #panel = null;
  #unread = 0;
  #built = false;
  #ended = false;
  /** Pixels that the button stands above its place. */
  #lift = 0;
  /** @type {string | undefined} */
  #identity;
  /** @type {string | undefined} */
  #page;
  /** What had the focus before the chat. @type {HTMLElement | null} */
  #before = null;

  /**
   * What is in the page's cart, or what tells it: the assistant goes by it. When the chat changes the cart, the event
   * `shoptalk-cart` tells the page, `detail` being the lines and the promo code.
   * @type {CartItem[] | (() => CartItem[]) | null}
   */
  cart = null;

  /** @param {ShopTalk['cart']} cart */
  setCart(cart) {
    this.cart = cart;
  }

  /**
   * Says who is signed in on the page, by a token of the shop's server; null when nobody is any more.
   * @param {string | null} token
   */
  identify(token) {
    this.#identity = token ?? undefined;
    this.#panel?.then((panel) => panel.identified());
  }

  /** The page is another one now, though nothing was loaded. @param {string} path */
  setPage(path) {
    this.#page = path;
    this.#tell('page', { path });
  }

  /** @param {string} locale */
  setLocale(locale) {
    this.dataset.locale = locale;
  }

  get opened() {
    return this.#button.getAttribute('aria-expanded') === 'true';
  }

  /** Replies that came while the panel was closed. */
  get unread() {
    return this.#unread;
  }

  set unread(unread) {
    if (unread === this.#unread) return;
    this.#unread = unread;
    this.#badge.hidden = unread === 0;
    this.#badge.textContent = String(unread);
    this.#name();
    this.#tell('unread', { unread });
  }

  /** Opens the panel, with words in its composer if given. @param {{ focus?: boolean, draft?: string }} [how] */
  async open({ focus = true, draft } = {}) {
    this.#button.setAttribute('aria-busy', 'true');
    try {
      const panel = await this.#load();
      const news = !this.opened;
      const { activeElement: at } = document;
      if (at !== this) this.#before = /** @type {HTMLElement | null} */ (at);
      this.#show(true);
      await panel.open(focus);
      if (draft) panel.draft(draft);
      if (news) this.#tell('open');
    } catch (error) {
      // The network failed between the button and the panel: the next press tries again.
      this.#panel = null;
      console.error('shoptalk: the chat could not be loaded', error);
      this.#tell('error', { code: 'not_loaded', message: String(error) });
    } finally {
      this.#button.removeAttribute('aria-busy');
    }
  }

  /** @param {{ focus?: boolean }} [how] */
  async close({ focus = true } = {}) {
    if (!this.#panel || !this.opened) return;
    const panel = await this.#panel;
    panel.close();
    this.#show(false);
    if (focus) this.#button.focus();
    this.#tell('close');
  }

  /** @param {{ focus?: boolean, draft?: string }} [how] */
  toggle(how) {
    return this.opened ? this.close(how) : this.open(how);
  }

  /** Opens the panel and says words as if the shopper had typed them. @param {string} text */
  async send(text) {
    await this.open();
    if (text.trim()) (await this.#panel)?.say(text);
  }

  /** Takes the chat off the page, until it is mounted again. */
  async destroy() {
    this.#ended = true;
    const focused = document.activeElement === this;
    if (this.#panel) (await this.#panel).end();
    this.remove();
    if (focused) this.#before?.focus({ preventScroll: true });
    if (live === this) live = null;
    this.#show(false);
    this.#panel = null;
  }

  connectedCallback() {
    if (live && live !== this) return this.remove();
    live = this;
    this.#ended = false;
    if (!this.#built) this.#build();
    // In a turn of its own: building and styling in one would keep a slow page waiting.
    setTimeout(() => {
      if (!this.isConnected || this.#dock.matches(':popover-open')) return;
      this.#dock.showPopover();
      this.makeRoom();
    });
    if (this.opened) this.#panel?.then((panel) => panel.restore());
    found(this);
    this.#tell('ready');
  }

  /** Shops that swap their body on navigation would take the chat along: it comes back. */
  disconnectedCallback() {
    queueMicrotask(() => {
      if (!this.isConnected && !this.#ended && live === this) document.body.append(this);
    });
  }

  /** @param {string} name @param {string | null} before @param {string | null} now */
  attributeChangedCallback(name, before, now) {
    if (!this.#built || before === now) return;
    this.#name();
    if (name === 'data-locale' && this.#panel) void this.#reload(this.#panel);
  }

  /** The panel is made anew in another language, and goes on where it was. @param {Promise<Panel>} panel */
  async #reload(panel) {
    const { opened } = this;
    this.#panel = null;
    const old = await panel;
    old.end();
    old.element.remove();
    this.#root.adoptedStyleSheets.splice(1);
    if (opened) await this.open({ focus: false });
  }

  get locale() {
    return this.dataset.locale || document.documentElement.lang || navigator.language;
  }

  #name() {
    const [chat, fresh] = NAMES[this.locale.slice(0, 2)] ?? NAMES.en ?? ['', ''];
    const name = this.dataset.label || chat;
    this.#frame.setAttribute('aria-label', chat);
    this.#button.setAttribute('aria-label', this.#unread ? `${name}, ${this.#unread} ${fresh}` : name);
    this.#button.querySelector('.words')?.remove();
    if (this.dataset.label) this.#button.append(make('span', { class: 'words' }, name));
  }

  #build() {
    this.#built = true;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    this.#root.adoptedStyleSheets = [sheet];
    this.#button.append(picture('chat'));
    this.#name();
    this.#dock.append(this.#button, this.#badge);
    this.#frame.append(this.#dock);
    this.#root.append(this.#frame);
    this.#button.addEventListener('click', () => this.toggle());
    for (const intent of ['pointerenter', 'focus', 'touchstart']) {
      this.#button.addEventListener(intent, () => void this.#load().catch(() => (this.#panel = null)), { once: true, passive: true });
    }
    if (stored(() => sessionStorage.getItem(STORED_OPEN) === '1') && !QUIET.test(this.page)) void this.open({ focus: false });
    if (NUDGES) void import('./nudges.js').then(({ Nudges }) => new Nudges(this, this.#dock, this.server));
  }

  /** Stands above a bar that the page fixes to the lower edge, and is away while a drawer lies there. */
  makeRoom() {
    const { left, bottom, width, height } = this.#dock.getBoundingClientRect();
    const low = bottom + this.#lift;
    let lift = 0;
    let away = false;
    // A bar may lie on another.
    for (let bars = 0; bars < 3; bars++) {
      const y = low - lift;
      const under = PLACES.map(([along, up]) => fixedAt(left + along * width, y - up * height)).find(Boolean);
      const box = under?.getBoundingClientRect();
      // A dialog's backdrop counts as the dialog, which is elsewhere.
      if (!under || !box || box.bottom < y - height) break;
      if (box.height > innerHeight / 2) {
        // What holds the page's heading is the page, and what is a picture lies behind it.
        away = !under.matches('img, svg, canvas, video') && !under.contains(this) && !under.contains(document.querySelector('main, h1'));
        break;
      }
      // What it holds may stand above it.
      const above = low - box.top + 12;
      lift = above > lift ? above : lift + height;
    }
    if (lift !== this.#lift) this.#frame.style.setProperty('--lift', `${lift}px`);
    this.#lift = lift;
    this.#dock.classList.toggle('away', away);
  }

  /** @param {boolean} open */
  #show(open) {
    // Behind a sheet nothing could be asked.
    if (!open) this.makeRoom();
    this.#button.setAttribute('aria-expanded', String(open));
    this.#button.querySelector('svg')?.replaceWith(picture(open ? 'down' : 'chat'));
  }

  /** Tells the page. @param {string} name @param {object} [detail] */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`shoptalk-${name}`, { detail, bubbles: true, composed: true }));
  }

  get server() {
    return serverOf(this);
  }

  /** What is in the page's cart, where it says so. @returns {CartItem[] | undefined} */
  inCart() {
    const cart = typeof this.cart === 'function' ? this.cart() : this.cart;
    return cart?.map(({ sku, quantity }) => ({ sku, quantity }));
  }

  /** The path of the page. */
  get page() {
    return this.#page ?? location.pathname;
  }

  /** @returns {Promise<Panel>} */
  #load() {
    this.#panel ??= (async () => {
      const { Panel } = await import('./panel.js');
      const host = {
        onclose: (/** @type {boolean} */ focus) => void this.close({ focus }),
        setUnread: (/** @type {number} */ n) => (this.unread = n),
        identity: () => this.#identity,
        page: () => this.page,
        cart: () => this.inCart(),
        onmessage: (/** @type {Entry} */ { from, seq, text, at }) => this.#tell('message', { from, seq, text, at }),
        onerror: (/** @type {string} */ code, /** @type {string} */ message) => this.#tell('error', { code, message }),
        oncart: (/** @type {CartCard} */ { lines, beside = [], code }) =>
          this.#tell('cart', { lines: [...lines.map(({ sku, id, quantity }) => ({ sku, id, quantity })), ...beside], code }),
      };
      const panel = await Panel.load(host, this.#root, this.#frame, { server: this.server, locale: this.locale });
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

/** @type {(chat: ShopTalk) => void} */
let found = () => {};
/** The chat once it is on the page. @type {Promise<ShopTalk>} */
const chat = new Promise((answer) => (found = answer));

/** A server that renders pages has neither window nor document. @type {any} */
const page = globalThis.document && globalThis;
/** The tag that brought this file; none when it is bundled with a page's own script. */
const tag = page && [...document.scripts].find(({ src }) => src === import.meta.url && /\/widget\.js$/.test(new URL(src).pathname));

/** Where the chat is served. @param {HTMLElement} by */
const serverOf = (by) => new URL(by.dataset.server ?? '.', import.meta.url).href.replace(/\/?$/, '/');

/** What tells what happens on the page; it does not wait for the button. */
async function events() {
  const by = live ?? tag ?? (await chat);
  const events = await import('./events.js');
  events.serveFrom(serverOf(by));
  return events;
}

/** Puts the chat on the page, now. @param {Settings} [settings] */
function mount(settings) {
  const element = /** @type {HTMLElement} */ (live ?? document.querySelector(TAG) ?? document.createElement(TAG));
  Object.assign(element.dataset, settings);
  if (!customElements.get(TAG)) customElements.define(TAG, ShopTalk);
  if (!element.isConnected) document.body.append(element);
}

let looking = 0;
/** Looks once what moves has come to rest. */
const look = () => {
  clearTimeout(looking);
  looking = setTimeout(() => live?.makeRoom(), 100);
};

/** Calls a method of the chat as soon as there is one. @param {keyof ShopTalk} name @param {boolean} [now] do not wait for the page to be idle */
const call = (name, now) => async (/** @type {any[]} */ ...given) => {
  if (now && document.body) mount();
  return /** @type {any} */ (live ?? (await chat))[name](...given);
};

/** What takes each listener off again, by name. @type {Map<Function, Record<string, () => void>>} */
const heard = new Map();

/** @type {Shoptalk} */
const api = {
  ready: chat.then(() => api),
  get opened() {
    return live?.opened ?? false;
  },
  get unread() {
    return live?.unread ?? 0;
  },
  get consented() {
    return stored(() => localStorage.getItem(CONSENT) === '1');
  },
  mount: (settings) => (mount(settings), api.ready),
  open: call('open', true),
  toggle: call('toggle', true),
  send: call('send', true),
  close: call('close'),
  identify: call('identify'),
  setLocale: call('setLocale'),
  setPage: call('setPage'),
  setCart: call('setCart'),
  consent: async (on) => void (on === api.consented || (await (await events()).consent(on))),
  track: async (/** @type {any[]} */ ...what) => (await events()).track(.../** @type {[any]} */ (what)),
  watch: async (/** @type {any[]} */ ...what) => (await events()).watch(.../** @type {[any, any]} */ (what)),
  authorization: async () => (await events()).authorization(),
  destroy: async () => live?.destroy(),
  on(name, listener) {
    if (name === 'ready') void api.ready.then(/** @type {any} */ (listener));
    const hear = (/** @type {Event} */ event) => listener(/** @type {CustomEvent} */ (event).detail);
    const off = () => removeEventListener(`shoptalk-${name}`, hear);
    if (name !== 'ready') addEventListener(`shoptalk-${name}`, hear);
    heard.set(listener, { ...heard.get(listener), [name]: off });
    return off;
  },
  off(name, listener) {
    heard.get(listener)?.[name]?.();
  },
  /** What a page asked for before this file was there, and after: `['open']` or `(shoptalk) => …`. */
  push(...calls) {
    for (const one of calls) {
      if (typeof one === 'function') one(api);
      else /** @type {any} */ (api)[one[0]](...one.slice(1));
    }
  },
};

/** @type {Shoptalk} */
export const shoptalk = page?.shoptalk?.mount ? page.shoptalk : api;

if (page && shoptalk !== api) {
  console.info('shoptalk: widget.js is on this page twice; the first one serves.');
} else if (page) {
  const queue = page.shoptalk ?? [];
  page.shoptalk = api;
  // What may have brought something to the lower edge, or taken it away.
  for (const name of ['click', 'transitionend', 'scroll', 'resize']) addEventListener(name, look, { capture: true, passive: true });
  setInterval(() => live?.makeRoom(), LOOK);
  const start = () => {
    // Without a tag it waits for the page to place or mount it.
    if (tag || document.querySelector(TAG)) mount(tag?.dataset);
    else if (!customElements.get(TAG)) customElements.define(TAG, ShopTalk);
  };
  const idle = () => ('requestIdleCallback' in window ? requestIdleCallback(start, { timeout: 2_000 }) : setTimeout(start, 1));
  if (document.body && document.readyState !== 'loading') idle();
  else document.addEventListener('DOMContentLoaded', idle, { once: true });
  api.push(...queue);
}
