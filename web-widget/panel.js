/** @import { Block, Entry, Link, Pending, Shop, View } from './types' */
import { Api } from './api.js';
import { Conversation } from './conversation.js';
import { h, icon } from './dom.js';
import { Words } from './i18n.js';
import { serveFrom } from './events.js';
import { helpful, isArticle } from './helpful.js';
import { Log } from './log.js';
import { shown } from './photo.js';
import { rating } from './rating.js';
import { css } from './style.js';
import { Tray } from './upload.js';

/** Below this the panel is a sheet over the whole screen. */
const PHONE = '(max-width: 480px), (max-height: 500px) and (pointer: coarse)';
const LONGEST_TEXT = 4_000;
/** An answer that takes longer than this is announced by dots. Milliseconds. */
const DOTS_AFTER = 400;

/**
 * What the panel needs from the element that carries it.
 * @typedef {{
 *   onclose: (focus: boolean) => void,
 *   setUnread: (n: number) => void,
 *   identity: () => string | undefined,
 *   cart: () => import('./types').CartItem[] | undefined,
 *   oncart: (cart: import('./types').CartCard) => void,
 * }} Host
 */

/** @implements {View} */
export class Panel {
  #host;
  #words;
  #conversation;
  #log;
  /** @type {Shop | null} */
  #shop = null;
  #api;
  #tray;
  /** What was said about the conversation before. @type {import('./types').Feedback} */
  #feedback = {};
  /** @type {{ element: HTMLElement, focus: () => void } | null} */
  #page = null;
  #begun = false;
  /** Waits for the first welcome. @type {(() => void)[]} */
  #unsaid = [];
  #open = false;
  #modal = false;
  #dots = 0;
  #missed = 0;
  #pageOverflow = '';
  #phone = matchMedia(PHONE);
  #touch = matchMedia('(pointer: coarse)');

  /**
   * @param {Host} host
   * @param {ShadowRoot} root
   * @param {HTMLElement} frame where the panel goes
   * @param {{ server: string, locale: string }} settings
   */
  constructor(host, root, frame, settings) {
    const words = new Words(settings.locale);
    serveFrom(settings.server);
    this.#host = host;
    this.#words = words;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets.push(sheet);
    frame.lang = words.locale;
    frame.dir = words.direction;

    this.#conversation = new Conversation(settings.server, words.locale, this);
    this.#api = new Api(settings.server, () => this.#conversation.token);
    const self = this;
    const setting = {
      words,
      get shop() {
        return self.#shop;
      },
      say: (/** @type {string} */ text) => this.say(text),
      photos: (/** @type {import('./types').Photo[]} */ photos) => shown(photos, this.#api, words),
      beneath: (/** @type {Entry} */ entry) => this.#beneath(entry),
    };
    this.#log = new Log(setting, {
      retry: (id) => this.#conversation.retry(id),
      discard: (id) => this.#conversation.discard(id),
      older: () => this.#conversation.older(),
      behind: (behind) => (this.pill.hidden = !behind),
    });

    this.title = h('h2', { id: 'title' }, '\u00a0');
    this.line = h('p', { class: 'line' }, words.say('connecting'));
    this.menu = this.#menu();
    this.notice = h('p', { class: 'offline', hidden: true }, words.say('offline'));
    this.pill = h('button', { type: 'button', class: 'pill', hidden: true, onclick: () => this.#log.toEnd() }, words.say('newest'), icon('down'));
    this.status = h('p', { role: 'status', class: 'heard' });
    this.input = h('textarea', {
      'aria-label': words.say('write'),
      placeholder: words.say('placeholder'),
      rows: 1,
      maxlength: LONGEST_TEXT,
      enterkeyhint: 'send',
      dir: 'auto',
      oninput: () => this.#typed(),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
    });
    this.#tray = new Tray(words, this.#api, { changed: () => this.#grow(), announce: (said) => this.#announce(said) });
    this.composer = h(
      'form',
      { class: 'composer', part: 'composer', onsubmit: (/** @type {Event} */ event) => this.#submit(event) },
      this.input,
      this.#tray.button,
      this.#tray.input,
      h('button', { class: 'send', 'aria-label': words.say('send') }, icon('send')),
    );
    this.element = h(
      'dialog',
      { id: 'panel', class: 'panel', part: 'panel', popover: 'manual', 'aria-labelledby': 'title' },
      h(
        'header',
        { class: 'top', part: 'header' },
        h('span', { class: 'mark', 'aria-hidden': 'true' }),
        h('div', { class: 'names' }, this.title, this.line),
        this.menu.button,
        h('button', { type: 'button', class: 'plain', 'aria-label': words.say('close'), onclick: () => this.#host.onclose(true) }, icon('close')),
        this.menu.list,
      ),
      this.notice,
      h('div', { class: 'middle' }, this.#log.element, this.pill),
      this.#tray.element,
      this.composer,
      h(
        'footer',
        {},
        h('span', {}, words.say('automated')),
        h('span', { 'aria-hidden': 'true' }, ' · '),
        h('button', { type: 'button', onclick: () => this.say(words.say('talk')) }, words.say('talk')),
      ),
      this.status,
    );
    this.#tray.watch(this.element, this.composer);
    this.element.addEventListener('keydown', (event) => this.#escape(event));
    this.element.addEventListener('cancel', (event) => {
      event.preventDefault();
      this.#host.onclose(true);
    });
    this.#phone.addEventListener('change', () => this.#open && this.#layer());
    frame.append(this.element);
    this.input.value = this.#conversation.memory.draft;
  }

  /** @param {boolean} focus move the focus into the panel, as for one that was just asked for */
  open(focus) {
    if (this.#open) return;
    this.#open = true;
    this.#layer();
    this.#conversation.start();
    this.#remember();
    this.#unread(0);
    this.#log.toEnd();
    this.#grow();
    // On a touch screen the composer would bring up the keyboard before anything was read.
    if (focus) (this.#touch.matches ? this.#log.element : this.input).focus();
  }

  close() {
    if (!this.#open) return;
    this.#open = false;
    this.menu.close(false);
    this.#unlayer();
    this.#remember();
    if (!this.#conversation.started) this.#conversation.stop();
  }

  /** Taken off the page and put back, it is in no layer any more. */
  restore() {
    if (this.#open) this.#layer();
  }

  end() {
    this.close();
    this.#conversation.stop();
  }

  /** Says words as if the shopper had typed them. @param {string} text */
  say(text) {
    this.menu.close(false);
    this.#conversation.say(text);
    // The button that was pressed may be gone now.
    (this.#touch.matches ? this.#log.element : this.input).focus();
  }

  /** Puts words into the composer for the shopper to finish. @param {string} text */
  draft(text) {
    this.input.value = text;
    this.#typed();
  }

  // What the conversation tells.

  cleared() {
    this.#log.cleared();
    this.#begun = true;
  }

  /** @param {Shop} shop @param {import('./types').Feedback} feedback */
  shop(shop, feedback) {
    this.#shop = shop;
    this.#feedback = feedback;
    this.#tray.terms(shop.uploads);
    if (this.#unsaid.length) this.#log.hush();
    for (const fill of this.#unsaid.splice(0)) fill();
    // Photos belong to a conversation: one that is over has none to give.
    if (this.#begun) this.#tray.again();
    this.#begun = false;
    this.title.textContent = shop.name;
    /** @type {HTMLElement} */ (this.element.querySelector('.mark')).textContent = shop.name.trim().charAt(0).toUpperCase();
    const words = this.#words;
    this.line.textContent =
      shop.people === 'open' ? words.say('people_open') : shop.hours ? words.say('people_hours', { hours: shop.hours }) : words.say('people_closed');
  }

  cart() {
    return this.#host.cart();
  }

  identity() {
    return this.#host.identity();
  }

  /** Somebody signed in or out on the page. */
  identified() {
    this.#conversation.identified();
  }

  /** @param {Block[]} blocks */
  greeting(blocks) {
    this.#log.greeting(blocks);
  }

  /** @param {Entry} entry @param {boolean} live */
  entry(entry, live) {
    if (live && entry.from !== 'shopper') this.#answered();
    this.#log.entry(entry, live);
    if (live) this.#remember();
    const cart = live && entry.blocks?.findLast((block) => block.type === 'cart');
    if (cart) this.#host.oncart(cart);
    if (live && !this.#open && entry.from !== 'shopper') this.#unread(this.#missed + 1);
  }

  /** @param {Pending} message */
  pending(message) {
    this.#log.pending(message);
    if (message.state !== 'sending') return;
    clearTimeout(this.#dots);
    this.#dots = setTimeout(() => this.typing(), DOTS_AFTER);
  }

  /** @param {string} id */
  discarded(id) {
    this.#log.discarded(id);
  }

  /** @param {boolean} older */
  more(older) {
    this.#log.earlier.hidden = !older;
  }

  /** What may be said about a reply; what the browser remembered is painted before the server says what was said. @param {Entry} entry */
  #beneath({ from, seq, blocks = [] }) {
    const asked = blocks.find((block) => block.type === 'rating');
    if (from === 'shopper' || !(asked || isArticle(blocks))) return [];
    const place = h('div', { class: 'beneath' });
    const fill = () => {
      const { helpful: said, rated } = this.#feedback;
      if (this.#shop?.asks_helpful && isArticle(blocks)) place.append(helpful(seq, said?.[seq], this.#api, this.#words));
      if (asked && !rated) place.append(rating(asked, seq, this.#api, this.#words));
    };
    if (this.#shop) fill();
    else this.#unsaid.push(fill);
    return [place];
  }

  /** What is kept, over the conversation; or the conversation again. @param {boolean} shown */
  async #privacy(shown) {
    this.menu.close(false);
    this.#page?.element.remove();
    this.#page = null;
    if (!shown) return this.menu.button.focus();
    const { privacy } = await import('./privacy.js');
    this.#page = privacy({
      words: this.#words,
      api: this.#api,
      shop: this.#shop,
      started: this.#conversation.kept,
      close: () => void this.#privacy(false),
      deleted: () => {
        this.#tray.clear();
        this.input.value = '';
        this.#typed();
        this.#conversation.deleted();
        void this.#privacy(false);
        this.#announce(this.#words.say('deleted_talk'));
      },
    });
    this.#log.element.parentElement?.append(this.#page.element);
    this.#page.focus();
  }

  typing() {
    this.#log.waiting(true);
    this.#announce(this.#words.say('is_typing'));
  }

  /** @param {Link} link @param {number} failures */
  link(link, failures) {
    if (link === 'up') {
      if (!this.notice.hidden) this.#announce(this.#words.say('back'));
      this.notice.hidden = true;
      return;
    }
    if (link === 'waiting') this.#answered();
    // A short interruption mends itself unseen; a longer one is said once.
    const lost = link !== 'off' && (failures >= 3 || (failures > 0 && !navigator.onLine));
    if (lost && this.notice.hidden) {
      this.notice.hidden = false;
      this.#announce(this.#words.say('offline'));
    }
  }

  /** @param {number} n */
  #unread(n) {
    this.#missed = n;
    this.#host.setUnread(n);
  }

  #answered() {
    clearTimeout(this.#dots);
    this.#log.waiting(false);
    this.#announce('');
  }

  /** @param {string} words */
  #announce(words) {
    if (this.status.textContent !== words) this.status.textContent = words;
  }

  /** Shows the panel as what the screen asks for: a sheet that covers the page, or a window beside it. */
  #layer() {
    this.#unlayer();
    this.#modal = this.#phone.matches;
    this.element.classList.toggle('sheet', this.#modal);
    if (!this.#modal) return this.element.showPopover();
    // A dialog that can be a popover cannot be modal, so it is one thing at a time.
    this.element.removeAttribute('popover');
    this.element.showModal();
    const page = document.documentElement.style;
    this.#pageOverflow = page.overflow;
    page.overflow = 'hidden';
    visualViewport?.addEventListener('resize', this.#fit);
    visualViewport?.addEventListener('scroll', this.#fit);
    this.#fit();
  }

  #unlayer() {
    if (this.#modal) {
      this.element.close();
      this.element.setAttribute('popover', 'manual');
      document.documentElement.style.overflow = this.#pageOverflow;
      visualViewport?.removeEventListener('resize', this.#fit);
      visualViewport?.removeEventListener('scroll', this.#fit);
      this.#modal = false;
    } else if (this.element.matches(':popover-open')) {
      this.element.hidePopover();
    }
  }

  /** A phone's keyboard shrinks only what is visible, not the page: the sheet follows what is visible. */
  #fit = () => {
    const seen = visualViewport;
    if (!seen || seen.scale > 1.05) return;
    this.element.style.setProperty('--height', `${seen.height}px`);
    this.element.style.setProperty('--shift', `${seen.offsetTop}px`);
  };

  /** A sheet hides the shop, so it never opens by itself on the next page. */
  #remember() {
    if (this.#conversation.kept) this.#conversation.memory.open = this.#open && !this.#modal;
  }

  #typed() {
    this.#grow();
    this.#ready();
    if (this.#conversation.kept) this.#conversation.memory.draft = this.input.value;
    this.#conversation.typing();
  }

  /** Grows with its text where the browser does not do it by itself. */
  #grow() {
    this.#ready();
    if (CSS.supports('field-sizing', 'content')) return;
    this.input.style.height = 'auto';
    this.input.style.height = `${this.input.scrollHeight}px`;
  }

  #ready() {
    this.composer.classList.toggle('ready', this.input.value.trim() !== '' || !this.#tray.empty);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.composer.requestSubmit();
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text && this.#tray.empty) return this.input.focus();
    // What is on its way or failed is the shopper's to wait for, to try again or to take out.
    if (this.#tray.busy) return this.#announce(this.#words.say('photo_wait'));
    if (this.#tray.failed) return this.#announce(this.#words.say('photo_failed'));
    this.#conversation.say(text, this.#tray.take());
    this.input.value = '';
    this.#typed();
    this.input.focus();
  }

  /** @param {KeyboardEvent} event */
  #escape(event) {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.menu.opened) this.menu.close(true);
    else if (this.#page) void this.#privacy(false);
    else this.#host.onclose(true);
  }

  /** Its items say words, so all they do works by typing, too. */
  #menu() {
    const words = this.#words;
    const item = (/** @type {'restart' | 'person' | 'shield' | 'trash'} */ name, /** @type {string} */ text) =>
      h('li', {}, h('button', { type: 'button', onclick: () => this.say(text) }, icon(name), text));
    const list = h(
      'ul',
      { class: 'menu', id: 'menu', role: 'list', hidden: true },
      item('person', words.say('talk')),
      item('restart', words.say('say_restart')),
      item('shield', words.say('say_privacy')),
      item('trash', words.say('say_delete')),
      h('li', {}, h('button', { type: 'button', onclick: () => void this.#privacy(true) }, icon('book'), words.say('privacy'))),
    );
    const show = (/** @type {boolean} */ shown) => {
      list.hidden = !shown;
      button.setAttribute('aria-expanded', String(shown));
    };
    const button = h(
      'button',
      { type: 'button', class: 'plain', 'aria-label': words.say('menu'), 'aria-expanded': 'false', 'aria-controls': 'menu', onclick: () => show(list.hidden === true) },
      icon('more'),
    );
    list.addEventListener('focusout', (event) => {
      const to = /** @type {Node | null} */ (event.relatedTarget);
      if (to && to !== button && !list.contains(to)) show(false);
    });
    return {
      button,
      list,
      get opened() {
        return !list.hidden;
      },
      /** @param {boolean} focus */
      close(focus) {
        show(false);
        if (focus) button.focus();
      },
    };
  }
}
