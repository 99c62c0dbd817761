/** @import { Block, Entry, Link, Pending, Shop, View } from './types' */
import { Supplies, fetchCards } from './blocks.js';
import { Composer } from './composer.js';
import { Conversation } from './conversation.js';
import { h, icon, painted, pause } from './dom.js';
import { serveFrom } from './events.js';
import { Feedback } from './feedback.js';
import { Header } from './header.js';
import { Words } from './i18n.js';
import { Layer } from './layer.js';
import { Log } from './log.js';
import { css } from './style.js';
import { Unread } from './unread.js';

/** An answer that takes longer than this is announced by dots. Milliseconds. */
const DOTS_AFTER = 400;
/** Milliseconds between two announcements: those who listen are not talked over. */
const STATUS_EVERY = 3_000;
/**
 * What the panel needs from the element that carries it.
 * @typedef {{
 *   onclose: (focus: boolean) => void,
 *   setUnread: (n: number) => void,
 *   identity: () => string | undefined,
 *   cart: () => import('./types').CartItem[] | undefined,
 *   page: () => string,
 *   oncart: (cart: import('./types').CartCard) => void,
 *   onmessage: (entry: Entry) => void,
 *   onerror: (code: string, message: string) => void,
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
  /** Where the chat is served. */
  #server;
  #composer;
  #feedback;
  #header;
  #begun = false;
  #open = false;
  #dots = 0;
  #unread;
  #unseen = 0;
  /** The widget's words in a language that the assistant understands. */
  #spoken;
  #supplies;
  #announced = 0;
  #announcing = 0;
  /** Who waits for the next reply. @type {((reply: Entry | null) => void)[]} */
  #awaiting = [];
  /** What is not in the panel yet: with everything at once, a slow device would stand still. @type {HTMLElement[]} */
  #parts;
  #layer;
  #touch = matchMedia('(pointer: coarse)');

  /**
   * A panel that speaks the language asked for.
   * @param {Host} host
   * @param {ShadowRoot} root
   * @param {HTMLElement} frame where the panel goes
   * @param {{ server: string, locale: string }} settings
   */
  static async load(host, root, frame, settings) {
    const words = await Words.of(settings.locale);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    await pause();
    const panel = new Panel(host, root, frame, settings, words);
    await pause();
    root.adoptedStyleSheets.push(sheet);
    frame.append(panel.element);
    return panel;
  }

  /** @param {Host} host @param {ShadowRoot} root @param {HTMLElement} frame @param {{ server: string }} settings @param {Words} words */
  constructor(host, root, frame, settings, words) {
    serveFrom(settings.server);
    this.#host = host;
    this.#words = words;
    this.#spoken = words;
    frame.lang = words.locale;
    frame.dir = words.direction;

    const self = this;
    const setting = {
      words,
      get shop() {
        return self.#shop;
      },
      say: (/** @type {string} */ text) => this.say(text),
      tell: (/** @type {string} */ text) => this.#announce(text),
      photos: (/** @type {import('./types').Photo[]} */ photos) => this.#photos(photos),
      beneath: (/** @type {Entry} */ entry) => this.#feedback.beneath(entry),
    };
    this.#supplies = new Supplies(root);
    this.#conversation = new Conversation(settings.server, words.locale, this);
    this.#server = settings.server;
    this.#log = new Log(setting, {
      retry: (id) => this.#conversation.retry(id),
      discard: (id) => this.#conversation.discard(id),
      older: () => this.#conversation.older(),
      behind: (behind) => this.#below(behind),
    });

    this.#feedback = new Feedback(words, this.#supplies, this.#log, (Api) => this.#api(Api));
    this.#header = new Header(words, this.#supplies, {
      close: () => host.onclose(true),
      say: (key) => void this.say(this.#spoken.say(key)),
      tell: setting.tell,
      privacy: (Api) => ({ api: this.#api(Api), shop: this.#shop, started: this.#conversation.started }),
      lay: (page) => this.pill.after(page),
      deleted: () => {
        this.#composer.attach.clear();
        this.#composer.write('');
        this.#conversation.deleted();
      },
    });
    this.notice = h('p', { class: 'offline', hidden: true }, words.say('offline'));
    this.pill = h('button', { type: 'button', class: 'pill', hidden: true, onclick: () => this.#log.toEnd() }, icon('down'));
    this.status = h('p', { role: 'status', class: 'heard' });
    this.#composer = new Composer(words, this.#conversation, {
      announce: (said) => this.#announce(said),
      tray: async (composer) => {
        const { Api, Tray } = await this.#supplies.fetchCare();
        return new Tray(words, this.#api(Api), composer.attach.element, composer.attach.button, { announce: (said) => this.#announce(said), changed: () => composer.grow() });
      },
    });
    this.element = h('dialog', { id: 'panel', class: 'panel', part: 'panel', popover: 'manual', 'aria-labelledby': 'title' });
    this.#parts = [
      this.#header.element,
      this.notice,
      h('div', { class: 'middle' }, this.#log.element, this.pill),
      this.#composer.attach.element,
      this.#composer.element,
      h(
        'footer',
        {},
        h('span', {}, words.say('automated')),
        h('button', { type: 'button', onclick: () => this.say(this.#spoken.say('talk')) }, words.say('talk')),
      ),
      this.status,
    ];
    this.#composer.attach.watch(this.element, this.#composer.element);
    this.element.addEventListener('keydown', (event) => {
      this.#escape(event);
      this.#digit(event);
    });
    this.#unread = new Unread(host.setUnread, () => this.#open);
    this.element.addEventListener('cancel', (event) => {
      event.preventDefault();
      this.#host.onclose(true);
    });
    this.#layer = new Layer(this.element, () => this.#open);
  }

  /** @param {boolean} focus move the focus into the panel, as for one that was just asked for */
  async open(focus) {
    if (this.#open) return;
    this.#open = true;
    this.#layer.show();
    this.element.append(...this.#parts.splice(0, 3));
    await painted();
    this.element.append(...this.#parts.splice(0));
    if (!this.#open) return;
    this.#conversation.start();
    await painted();
    if (!this.#open) return;
    this.#remember();
    this.#unread.look();
    this.#conversation.seen();
    this.#log.toNewest();
    this.#composer.grow();
    // On a touch screen the composer would bring up the keyboard before anything was read.
    if (focus) this.#focus();
  }

  close() {
    if (!this.#open) return;
    this.#open = false;
    this.#header.menu?.show(false);
    this.#layer.hide();
    this.#remember();
    if (!this.#conversation.started) this.#conversation.line.stop();
  }

  /** Taken off the page and put back, it is in no layer any more. */
  restore() {
    if (this.#open) this.#layer.show();
  }

  end() {
    this.close();
    this.#unread.end();
    this.#conversation.line.stop();
  }

  /**
   * Says words as if the shopper had typed them, and waits for the reply; for nothing when they are taken back.
   * @param {string} text @returns {Promise<Entry | null>}
   */
  say(text) {
    this.#header.menu?.show(false);
    this.#conversation.outbox.say(text);
    // The button that was pressed may be gone now.
    this.#focus();
    return new Promise((answer) => this.#awaiting.push(answer));
  }

  /** @param {Entry | null} reply */
  #reply(reply) {
    for (const answer of this.#awaiting.splice(0)) answer(reply);
  }

  /** Puts words into the composer for the shopper to finish. @param {string} text */
  draft(text) {
    this.#composer.write(text);
  }

  #focus() {
    (this.#touch.matches ? this.#log.element : this.#composer.input).focus();
  }

  // What the conversation tells.

  cleared() {
    this.#supplies.when({}, () => this.#log.cleared());
    this.#begun = true;
  }

  /** @param {Shop} shop @param {import('./types').Feedback} feedback */
  shop(shop, feedback) {
    this.#shop = shop;
    this.#composer.attach.terms(shop.uploads);
    this.#feedback.shop(shop, feedback);
    // Photos belong to a conversation: one that is over has none to give.
    if (this.#begun) this.#composer.attach.again();
    this.#begun = false;
    this.#header.shop(shop, this.element);
    const understood = [shop.language, ...(shop.languages ?? [])];
    if (!understood.includes(this.#words.language)) void Words.of(shop.language).then((words) => (this.#spoken = words));
  }

  cart() {
    return this.#host.cart();
  }

  identity() {
    return this.#host.identity();
  }

  page() {
    return this.#host.page();
  }

  /** What came was read in another tab. */
  seen() {
    this.#unread.none();
  }

  /** @param {string} code @param {string} message */
  trouble(code, message) {
    this.#host.onerror(code, message);
  }

  /** Somebody signed in or out on the page. */
  identified() {
    this.#conversation.identified();
  }

  /** @param {Block[]} blocks */
  greeting(blocks) {
    this.#supplies.when({ blocks }, () => this.#log.greeting(blocks));
  }

  /** @param {Entry} entry @param {boolean} live @param {boolean} mine */
  entry(entry, live, mine) {
    this.#supplies.when(entry, () => this.#entry(entry, live, mine), live && (() => this.#log.draw(entry)));
  }

  /** @param {Entry} entry @param {boolean} live @param {boolean} mine */
  #entry(entry, live, mine) {
    if (live && entry.from !== 'shopper') this.#answered();
    this.#log.entry(entry, live);
    if (live) this.#remember();
    if (live) this.#host.onmessage(entry);
    const cart = live && mine && entry.blocks?.findLast((block) => block.type === 'cart');
    if (cart) this.#host.oncart(cart);
    if (!live || entry.from === 'shopper') return;
    this.#reply(entry);
    this.#unread.came();
  }

  /** @param {Pending} message */
  pending(message) {
    this.#supplies.when(message, () => this.#log.pending(message));
    if (message.state === 'failed') this.#answered();
    if (message.state !== 'sending') return;
    void fetchCards().catch(() => {});
    clearTimeout(this.#dots);
    this.#dots = setTimeout(() => this.typing(), DOTS_AFTER);
  }

  /** @param {string} id */
  discarded(id) {
    this.#supplies.when({}, () => this.#log.discarded(id));
    this.#reply(null);
  }

  /** @param {boolean} older */
  more(older) {
    this.#supplies.when({}, () => this.#log.more(older));
  }

  /** @param {typeof import('./api.js').Api} Api */
  #api(Api) {
    return new Api(this.#server, () => this.#conversation.token);
  }

  /** @param {import('./types').Photo[]} photos */
  #photos(photos) {
    const words = this.#words;
    return this.#supplies.care?.shown(photos, this.#api(this.#supplies.care.Api), words) ?? h('p', { class: 'quiet' }, photos.map((_, at) => words.say('photo_sent', { n: at + 1 })).join(' · '));
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

  /** @param {boolean} behind something came in below what is being read */
  #below(behind) {
    this.#unseen = behind ? this.#unseen + 1 : 0;
    this.pill.hidden = !behind;
    if (behind) this.pill.replaceChildren(icon('down'), this.#words.count('unread', this.#unseen));
  }

  #answered() {
    clearTimeout(this.#dots);
    this.#log.waiting(false);
    this.#announce('');
  }

  /** @param {string} words */
  #announce(words) {
    clearTimeout(this.#announcing);
    const wait = this.#announced + STATUS_EVERY - performance.now();
    this.#announcing = setTimeout(() => {
      if (this.status.textContent === words) return;
      this.status.textContent = words;
      this.#announced = performance.now();
    }, Math.max(wait, 0));
  }

  /** A sheet hides the shop, so it never opens by itself on the next page. */
  #remember() {
    if (this.#conversation.started) this.#conversation.memory.open = this.#open && !this.#layer.modal;
  }

  /** While nothing is written, a digit presses the choice that shows it. @param {KeyboardEvent} event */
  #digit(event) {
    const at = /** @type {HTMLElement} */ (event.composedPath()[0]);
    const writes = at.matches('input, select, textarea') && at !== this.#composer.input;
    if (!/^[1-9]$/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || writes || this.#composer.input.value || this.#header.menu?.page) return;
    const choice = /** @type {HTMLElement | undefined} */ ([...this.element.querySelectorAll(`.choice[data-key="${event.key}"]`)].at(-1));
    if (!choice) return;
    event.preventDefault();
    choice.click();
  }

  /** @param {KeyboardEvent} event */
  #escape(event) {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    if (!this.#header.menu?.escape()) this.#host.onclose(true);
  }
}
