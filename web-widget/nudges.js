/** @import { CartLine } from './shoptalk' */
import { h, icon } from './dom.js';
import { read, shared, tab, write } from './guarded.js';

// Words of the chat's own in a bubble beside its button, where the shop has any: one at a time, a few a day, and never
// again once dismissed. It takes no focus and is not announced; who comes to it by keyboard finds two buttons.

const KEPT = 'shoptalk:nudges';
const VISIT = 'shoptalk:nudged';
const TICK = 1_000;
const DAY = 86_400_000;
/** A dismissed nudge rests for so long; who dismissed two is left alone. */
const RESTS = 30 * DAY;
const ENOUGH = 2;
/** A conversation counts as going on for so long after its last word. */
const TALKING = 30 * 60_000;
/** What is never covered. A page can mark more of it. */
const CLEAR = '[name="checkout"], [href*="checkout"], [action*="checkout"] [type="submit"], [class*="checkout-button"], [data-shoptalk-clear]';
/** @type {Record<string, string>} */
const DISMISS = { en: 'Dismiss', de: 'Schließen', fr: 'Fermer', es: 'Cerrar', it: 'Chiudi', nl: 'Sluiten', pt: 'Fechar', pl: 'Zamknij', ar: 'إغلاق' };

const css = `
.nudge {
  all: initial; position: absolute; inset-block-end: calc(100% + 12px); inset-inline-end: 0; display: flex; align-items: start; box-sizing: border-box;
  width: max-content; max-width: min(280px, calc(100vw - 40px)); color-scheme: inherit; font: inherit; font-size: 15px; line-height: 1.4;
  border: 1px solid light-dark(rgb(20 25 22 / 0.12), rgb(255 255 255 / 0.18)); border-radius: 14px 14px 4px 14px;
  background: light-dark(#fff, #23282a); color: light-dark(#1d2320, #eef1ee); box-shadow: 0 8px 24px -8px rgb(20 25 22 / 0.3);
}
:host([data-position="start"]) .nudge { inset-inline: 0 auto; border-radius: 14px 14px 14px 4px; }
.nudge.covers { visibility: hidden; }
.nudge button { all: initial; box-sizing: border-box; font: inherit; color: inherit; cursor: pointer; border-radius: 12px; }
.nudge .words { flex: 1; padding: 12px 0 12px 15px; overflow-wrap: anywhere; }
.nudge .away { flex: none; display: grid; place-items: center; width: 44px; height: 44px; }
.nudge .away svg { width: 18px; height: 18px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; opacity: 0.75; }
.nudge button:focus-visible { outline: 2px solid currentColor; outline-offset: -3px; }
.nudge button:hover { background: light-dark(rgb(20 25 22 / 0.05), rgb(255 255 255 / 0.07)); }
@media (prefers-reduced-motion: no-preference) {
  .nudge { animation: nudge 0.25s ease-out; }
  @keyframes nudge { from { opacity: 0; transform: translateY(6px); } }
}
`;

/**
 * @typedef {{
 *   id: string, on: string[], after: number, idle: number, leaving: boolean, cart_from: string,
 *   text: Record<string, string>, say: Record<string, string>,
 * }} Nudge
 * @typedef {{ per_visit: number, per_day: number, quiet_on: string[], language: string, nudges: Nudge[] }} Rules
 * @typedef {{ dismissed: Record<string, number>, day: number, shown: number }} Kept
 * @typedef {HTMLElement & {
 *   opened: boolean, page: string, locale: string, cart: CartLine[] | (() => CartLine[]) | null,
 *   open: () => Promise<void>, send: (text: string) => Promise<void>,
 * }} Chat
 */

/** `/products/*` as it is meant. @param {string[]} patterns @param {string} path */
const fits = (patterns, path) =>
  patterns.some((pattern) => new RegExp(`^${pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`).test(path));

export class Nudges {
  #chat;
  #dock;
  #server;
  /** @type {Rules | null} */
  #rules = null;
  /** @type {{ nudge: Nudge, element: HTMLElement } | null} */
  #shown = null;
  /** Of storage, where there is none. @type {Kept} */
  #kept = { dismissed: {}, day: 0, shown: 0 };
  #visit = 0;
  #page = '';
  /** Seconds this page was looked at, and since something moved. */
  #seen = 0;
  #still = 0;
  #timer = 0;
  #sheet = new CSSStyleSheet();
  #stop = new AbortController();

  /** @param {Chat} chat @param {HTMLElement} dock where the bubble goes @param {string} server */
  constructor(chat, dock, server) {
    this.#chat = chat;
    this.#dock = dock;
    this.#server = server;
    this.#sheet.replaceSync(css);
    const { signal } = this.#stop;
    const moved = () => (this.#still = 0);
    for (const name of ['pointermove', 'pointerdown', 'keydown', 'scroll', 'touchstart']) addEventListener(name, moved, { signal, passive: true, capture: true });
    document.addEventListener('mouseout', (event) => !event.relatedTarget && event.clientY <= 0 && this.#look(true), { signal });
    for (const name of ['scroll', 'resize']) addEventListener(name, () => this.#clear(), { signal, passive: true, capture: true });
    addEventListener('shoptalk-open', () => this.#hide(), { signal });
    // Dismissed in another tab is dismissed here.
    addEventListener('storage', () => this.#shown && !this.#may(this.#shown.nudge) && this.#hide(), { signal });
    this.#timer = setInterval(() => this.#tick(), TICK);
    void this.#load();
  }

  async #load() {
    try {
      const answer = await fetch(new URL('widget/nudges.json', this.#server), { credentials: 'omit' });
      if (answer.ok) this.#rules = await answer.json();
    } catch {
      // Nobody misses what was not asked for.
    }
  }

  #end() {
    clearInterval(this.#timer);
    this.#stop.abort();
  }

  #tick() {
    if (!this.#chat.isConnected) return this.#end();
    const { page } = this.#chat;
    if (page !== this.#page) {
      this.#page = page;
      this.#seen = 0;
      if (this.#shown && !fits(this.#shown.nudge.on, page)) this.#hide();
    }
    if (this.#shown) this.#dress();
    if (this.#rules && this.#shown && fits(this.#rules.quiet_on, page)) this.#hide();
    // Time that nobody looks at the page does not count.
    if (document.hidden) return;
    this.#seen += 1;
    this.#still += 1;
    this.#look(false);
  }

  /** Shows the first that fits now. @param {boolean} leaving */
  #look(leaving) {
    const rules = this.#rules;
    if (!rules || this.#shown || !this.#quiet(rules)) return;
    const found = rules.nudges.find((nudge) => {
      const { on, after, idle, cart_from: least } = nudge;
      const timely = this.#seen >= after && this.#still >= idle && (leaving || !nudge.leaving);
      return timely && fits(on, this.#chat.page) && this.#may(nudge) && (!least || this.#worth() >= Number(least));
    });
    if (found) this.#show(found, rules);
  }

  /** Is now a moment for any? @param {Rules} rules */
  #quiet(rules) {
    const kept = this.#state();
    const today = kept.day === Math.floor(Date.now() / DAY) ? kept.shown : 0;
    const visit = Number(read(tab, VISIT) ?? this.#visit);
    return (
      !document.hidden &&
      !this.#chat.opened &&
      !fits(rules.quiet_on, this.#chat.page) &&
      visit < rules.per_visit &&
      today < rules.per_day &&
      Object.keys(kept.dismissed).length < ENOUGH &&
      !document.querySelector('dialog:modal') &&
      !this.#talking()
    );
  }

  /** Does a conversation go on, here or in another tab? */
  #talking() {
    try {
      const last = JSON.parse(read(shared, `shoptalk:${this.#server}`) ?? 'null')?.entries.at(-1)?.at;
      return last !== undefined && Date.now() - Date.parse(last) < TALKING;
    } catch {
      return false;
    }
  }

  /** @param {Nudge} nudge */
  #may({ id }) {
    return Date.now() - (this.#state().dismissed[id] ?? 0) > RESTS;
  }

  /** What the cart comes to, as far as the page tells prices. */
  #worth() {
    const { cart } = this.#chat;
    const lines = (typeof cart === 'function' ? cart() : cart) ?? [];
    return lines.reduce((sum, { price = 0, quantity }) => sum + price * quantity, 0);
  }

  /** @returns {Kept} */
  #state() {
    try {
      return { ...this.#kept, ...JSON.parse(read(shared, KEPT) ?? '{}') };
    } catch {
      return this.#kept;
    }
  }

  /** @param {Partial<Kept>} change */
  #keep(change) {
    this.#kept = { ...this.#state(), ...change };
    write(shared, KEPT, JSON.stringify(this.#kept));
  }

  /** @param {Nudge} nudge @param {Rules} rules */
  #show(nudge, rules) {
    const language = this.#chat.locale.slice(0, 2).toLowerCase();
    /** @param {Record<string, string>} words */
    const inWords = (words) => words[language] ?? words[rules.language] ?? words[''] ?? Object.values(words)[0] ?? '';
    const element = h(
      'div',
      { class: 'nudge', part: 'nudge', dir: 'auto' },
      h('button', { type: 'button', class: 'words', onclick: () => this.#follow(nudge, inWords(nudge.say)) }, inWords(nudge.text)),
      h('button', { type: 'button', class: 'away', 'aria-label': DISMISS[language] ?? 'Dismiss', onclick: () => this.#dismiss(nudge) }, icon('close')),
    );
    this.#dress();
    // Before the button, for who goes through the page by keyboard.
    this.#dock.prepend(element);
    // Over a checkout button it waits for another moment.
    if (covers(element)) return element.remove();
    this.#shown = { nudge, element };
    const kept = this.#state();
    const day = Math.floor(Date.now() / DAY);
    this.#keep({ day, shown: kept.day === day ? kept.shown + 1 : 1 });
    this.#visit += 1;
    write(tab, VISIT, String(Number(read(tab, VISIT) ?? 0) + 1));
    this.#tell(nudge, 'shown');
  }

  /** The chat in another language has begun its styles anew. */
  #dress() {
    const { adoptedStyleSheets: all } = /** @type {ShadowRoot} */ (this.#dock.getRootNode());
    if (!all.includes(this.#sheet)) all.push(this.#sheet);
  }

  /** A page that moves may bring a checkout button under it. */
  #clear() {
    if (!this.#shown) return;
    const { element } = this.#shown;
    requestAnimationFrame(() => element.classList.toggle('covers', covers(element)));
  }

  #hide() {
    this.#shown?.element.remove();
    this.#shown = null;
  }

  /** @param {Nudge} nudge @param {string} say */
  #follow(nudge, say) {
    this.#tell(nudge, 'opened');
    this.#hide();
    void (say ? this.#chat.send(say) : this.#chat.open());
  }

  /** @param {Nudge} nudge */
  #dismiss(nudge) {
    this.#tell(nudge, 'dismissed');
    this.#hide();
    this.#keep({ dismissed: { ...this.#state().dismissed, [nudge.id]: Date.now() } });
  }

  /** @param {Nudge} nudge @param {'shown' | 'opened' | 'dismissed'} what */
  #tell({ id }, what) {
    this.#chat.dispatchEvent(new CustomEvent('shoptalk-nudge', { detail: { id, what }, bubbles: true, composed: true }));
  }
}

/** Does the bubble lie over what must be reached? @param {HTMLElement} bubble */
function covers(bubble) {
  const { left, right, top, bottom } = bubble.getBoundingClientRect();
  return [...document.querySelectorAll(CLEAR)].some((one) => {
    const other = one.getBoundingClientRect();
    return other.width > 0 && other.left < right && other.right > left && other.top < bottom && other.bottom > top;
  });
}
