/** @import { Supplies } from './blocks.js' */
/** @import { Words } from './i18n.js' */
/** @import { Menu, Needs } from './menu.js' */
/** @import { Shop } from './types' */
import { h, icon } from './dom.js';

/** The panel's header: whose chat it is and who is there, its menu, and the way out. */
export class Header {
  #words;
  #supplies;
  #on;
  /** Fetched when somebody reaches for it. @type {Menu | undefined} */
  menu;

  /** @param {Words} words @param {Supplies} supplies @param {Needs & { close: () => void }} on */
  constructor(words, supplies, on) {
    this.#words = words;
    this.#supplies = supplies;
    this.#on = on;
    this.title = h('h2', { id: 'title' }, '\u00a0');
    this.line = h('p', { class: 'line' }, words.say('connecting'));
    const fetch = () => void this.#fetchMenu().catch(() => {});
    this.button = h(
      'button',
      { type: 'button', class: 'plain', 'aria-label': words.say('menu'), 'aria-expanded': 'false', 'aria-controls': 'menu', onclick: () => void this.#toggleMenu(), onpointerenter: fetch, onfocus: fetch },
      icon('more'),
    );
    this.element = h(
      'header',
      { class: 'top', part: 'header' },
      h('span', { class: 'mark', 'aria-hidden': 'true' }),
      h('div', { class: 'names' }, this.title, this.line),
      this.button,
      h('button', { type: 'button', class: 'plain', 'aria-label': words.say('close'), onclick: on.close }, icon('close')),
    );
  }

  /** @param {Shop} shop @param {HTMLElement} panel whose looks tell of both */
  shop({ name, people, hours }, panel) {
    const words = this.#words;
    this.title.textContent = name;
    // The sign is the shop's logo, or else its first letter.
    const logo = getComputedStyle(panel).getPropertyValue('--st-logo').trim();
    panel.style.setProperty('--initial', JSON.stringify(logo ? '' : ([...name.trim()][0] ?? '').toUpperCase()));
    panel.classList.toggle('staffed', people === 'open');
    this.line.textContent = people === 'open' ? words.say('people_open') : hours ? words.say('people_hours', { hours }) : words.say('people_closed');
  }

  async #fetchMenu() {
    const { Menu, css } = await import('./menu.js');
    if (this.menu) return this.menu;
    this.#supplies.wear(css);
    this.menu = new Menu(this.#words, this.button, this.#supplies, this.#on);
    this.element.append(this.menu.element);
    return this.menu;
  }

  async #toggleMenu() {
    const menu = await this.#fetchMenu().catch(() => this.#on.tell(this.#words.say('not_noted')));
    menu?.show(!menu.opened);
  }
}
