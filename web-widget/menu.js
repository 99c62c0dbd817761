/** @import { Api } from './api.js' */
/** @import { Supplies } from './blocks.js' */
/** @import { Words } from './i18n.js' */
/** @import { Shop } from './types' */
import { h, icon } from './dom.js';
import { drawing } from './drawings.js';
import { read, shared, write } from './guarded.js';
import { chime } from './sound.js';
import { en } from './strings.js';

const SOUND = 'shoptalk:sound';

const items = {
  privacy: 'Your data',
  sound: 'Sound',
  // They say these words, as a shopper could type them.
  say_restart: 'Start over',
  say_privacy: 'What do you know about me?',
  say_delete: 'Delete my data',
};

Object.assign(en, items);

/** @typedef {typeof items} Items its words, in English */

/** Its looks, adopted beside those of the panel. */
export const css = `
.menu {
  position: absolute; inset-block-start: calc(100% - 4px); inset-inline-end: 10px; min-width: 15em; max-width: calc(100% - 20px); padding: 6px;
  border: 1px solid var(--line); border-radius: min(14px, var(--radius)); background: var(--surface); color: var(--text); box-shadow: 0 10px 30px -8px rgb(20 25 22 / 0.35);
  animation: rise 0.14s ease-out;
}
.menu button { display: flex; align-items: center; gap: 12px; width: 100%; min-height: 44px; padding: 6px 12px; border-radius: 8px; font-size: 0.9375em; }
.menu button:hover { background: var(--tint); }
.menu button:focus-visible { outline-offset: -2px; }
.menu .icon { color: var(--muted); }
[role="switch"]::after { content: ""; width: 36px; height: 22px; margin-inline-start: auto; border: 2px solid var(--edge); border-radius: 11px; background: radial-gradient(circle, var(--edge) 6px, transparent 6.5px) 0 / 18px 18px no-repeat; transition: background 0.15s; }
[role="switch"][aria-checked="true"]::after { border-color: var(--accent-text); background: radial-gradient(circle, var(--surface) 6px, transparent 6.5px) 100% / 18px 18px no-repeat var(--accent-text); }
@media (forced-colors: active) {
  [role="switch"]::after { forced-color-adjust: none; border-color: CanvasText; background: radial-gradient(circle, CanvasText 6px, transparent 6.5px) 0 / 18px 18px no-repeat; }
  [role="switch"][aria-checked="true"]::after { background-position: 100%; }
}
`;

/** @typedef {{ element: HTMLElement, focus: () => void }} Page what lies over the conversation */

/**
 * What the menu needs: `say` words, `tell` those who listen, `lay` a page over the conversation; and what one's data is about, `deleted`
 * when they are.
 * @typedef {{
 *   say: (key: 'talk' | 'say_restart' | 'say_privacy' | 'say_delete') => void,
 *   tell: (words: string) => void,
 *   lay: (page: HTMLElement) => void,
 *   privacy: (kind: typeof Api) => { api: Api, shop: Shop | null, started: boolean },
 *   deleted: () => void,
 * }} Needs
 */

/** The panel's menu. Most items say words, so that what they do works by typing, too. */
export class Menu {
  #words;
  #button;
  #supplies;
  #on;
  /** What is kept, while it is looked at. @type {Page | null} */
  page = null;

  /**
   * @param {Words} words
   * @param {HTMLElement} button what opens it
   * @param {Supplies} supplies
   * @param {Needs} on
   */
  constructor(words, button, supplies, on) {
    this.#words = words;
    this.#button = button;
    this.#supplies = supplies;
    this.#on = on;
    const item = (/** @type {Element} */ sign, /** @type {'talk' | 'say_restart' | 'say_privacy' | 'say_delete' | 'privacy'} */ key) =>
      h('li', {}, h('button', { type: 'button', onclick: () => (key === 'privacy' ? void this.#privacy() : on.say(key)) }, sign, words.say(key)));
    const sounds = () => read(shared, SOUND) === '1';
    const toggle = () => {
      const on = !sounds();
      write(shared, SOUND, on ? '1' : null);
      sound.setAttribute('aria-checked', String(on));
      // Switching it on is also the gesture that browsers ask for before anything may sound.
      if (on) chime();
    };
    const sound = h('button', { type: 'button', role: 'switch', 'aria-checked': String(sounds()), onclick: toggle }, drawing('sound'), words.say('sound'));
    this.element = h(
      'ul',
      { class: 'menu', id: 'menu', role: 'list', hidden: true },
      item(drawing('person'), 'talk'),
      item(drawing('restart'), 'say_restart'),
      h('li', {}, sound),
      item(drawing('shield'), 'say_privacy'),
      item(drawing('trash'), 'say_delete'),
      item(icon('book'), 'privacy'),
    );
    this.element.addEventListener('focusout', (event) => {
      const to = /** @type {Node | null} */ (event.relatedTarget);
      if (to && to !== button && !this.element.contains(to)) this.show(false);
    });
  }

  get opened() {
    return !this.element.hidden;
  }

  /** @param {boolean} shown */
  show(shown) {
    this.element.hidden = !shown;
    this.#button.setAttribute('aria-expanded', String(shown));
  }

  /** What is kept, over the conversation. */
  async #privacy() {
    this.show(false);
    this.page?.element.remove();
    this.page = null;
    const words = this.#words;
    try {
      const { Api, privacy } = await this.#supplies.fetchCare();
      const close = () => this.#talk();
      const deleted = () => {
        this.#on.deleted();
        close();
        this.#on.tell(words.say('deleted_talk'));
      };
      this.page = privacy({ words, ...this.#on.privacy(Api), close, deleted });
      this.#on.lay(this.page.element);
      this.page.focus();
    } catch {
      this.#on.tell(words.say('not_noted'));
    }
  }

  /** The conversation again. */
  #talk() {
    this.show(false);
    this.page?.element.remove();
    this.page = null;
    this.#button.focus();
  }

  /** Closes what is open; was anything? */
  escape() {
    if (!this.opened && !this.page) return false;
    if (!this.opened) this.#talk();
    this.show(false);
    this.#button.focus();
    return true;
  }
}
