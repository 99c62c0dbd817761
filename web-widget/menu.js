/** @import { Words } from './i18n.js' */
import { h, icon } from './dom.js';
import { read, shared, write } from './guarded.js';
import { chime } from './sound.js';

const SOUND = 'shoptalk:sound';

/** The panel's menu. Most items say words, so that what they do works by typing, too. */
export class Menu {
  #button;

  /**
   * @param {Words} words
   * @param {HTMLElement} button what opens it
   * @param {{ say: (key: 'talk' | 'say_restart' | 'say_privacy' | 'say_delete') => void, privacy: () => void }} on
   */
  constructor(words, button, on) {
    this.#button = button;
    const item = (/** @type {'restart' | 'person' | 'shield' | 'trash' | 'book'} */ name, /** @type {'talk' | 'say_restart' | 'say_privacy' | 'say_delete' | 'privacy'} */ key) =>
      h('li', {}, h('button', { type: 'button', onclick: () => (key === 'privacy' ? on.privacy() : on.say(key)) }, icon(name), words.say(key)));
    const sounds = () => read(shared, SOUND) === '1';
    const toggle = () => {
      const on = !sounds();
      write(shared, SOUND, on ? '1' : null);
      sound.setAttribute('aria-checked', String(on));
      // Switching it on is also the gesture that browsers ask for before anything may sound.
      if (on) chime();
    };
    const sound = h('button', { type: 'button', role: 'switch', 'aria-checked': String(sounds()), onclick: toggle }, icon('sound'), words.say('sound'));
    this.element = h(
      'ul',
      { class: 'menu', id: 'menu', role: 'list', hidden: true },
      item('person', 'talk'),
      item('restart', 'say_restart'),
      h('li', {}, sound),
      item('shield', 'say_privacy'),
      item('trash', 'say_delete'),
      item('book', 'privacy'),
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
}
