/** @import { Block, Entry, Pending } from './types' */
/** @import { Setting } from './blocks.js' */
import { render, retire } from './blocks.js';
import { h, icon, painted, picture } from './dom.js';

/** Pixels from the end within which a reader counts as reading the newest. */
const NEAR_END = 60;
/** Milliseconds after which the dots rest: endless movement distracts. */
const DOTS_REST = 5_000;
/** Milliseconds of silence after which the same voice begins anew, with name and time. */
const PAUSE = 300_000;

/**
 * @typedef {{
 *   element: HTMLElement, from: Entry['from'], at: Date, date: string, seq: number, id?: string,
 *   who: HTMLElement, day: HTMLElement, state?: { line: HTMLElement, word: Text }, over: boolean,
 * }} Turn `seq` is Infinity while unconfirmed; `over`: its choices are words now.
 */

/**
 * The list of what was said. Every turn is added once and stays the same node, so a screen reader
 * hears it once.
 */
export class Log {
  #setting;
  #on;
  /** In the order shown. @type {Turn[]} */
  #turns = [];
  /** @type {Turn | null} */
  #greeting = null;
  /** What is being drawn, unseen. @type {Turn | null} */
  #drawn = null;
  #stuck = true;
  /** What has come in and is not followed yet. @type {HTMLElement | null} */
  #due = null;
  #resting = 0;
  #quiet = 0;
  /** Where what is being read stands, while older entries come in above it. Pixels. @type {number | null} */
  #anchor = null;
  /** @type {IntersectionObserver} */
  #above;
  /** Follows what has come once its size is known, which costs nothing: asked for before, the browser would have to lay it all out. */
  #sizes = new ResizeObserver((entries) => this.#sized(entries.map(({ target }) => target)));
  /** How high a stretch is must be known before it may be left out of what is drawn; the one with the newest turn still grows. */
  #heights = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      this.#heights.unobserve(target);
      target.classList.toggle('past', !target.contains(this.#turns.at(-1)?.element ?? null));
    }
  });

  /**
   * @param {Setting} setting
   * @param {{ retry: (id: string) => void, discard: (id: string) => void, older: () => void, behind: (behind: boolean) => void }} on
   */
  constructor(setting, on) {
    const { words } = setting;
    this.#setting = setting;
    this.#on = on;
    this.earlier = h('button', { type: 'button', class: 'earlier', hidden: true, onclick: () => on.older() }, words.say('earlier'));
    this.dots = h('div', { class: 'dots', 'aria-hidden': 'true', hidden: true }, h('i'), h('i'), h('i'));
    this.element = h(
      'div',
      { class: 'log', role: 'log', 'aria-relevant': 'additions', tabindex: 0, 'aria-label': words.say('conversation'), part: 'log' },
      this.earlier,
      this.dots,
    );
    this.element.addEventListener('scroll', () => this.#look(), { passive: true });
    this.#sizes.observe(this.element);
    // Earlier messages come by themselves when a reader nears them; the button is for when that fails.
    const near = () => this.element.scrollHeight > this.element.clientHeight && on.older();
    this.#above = new IntersectionObserver((entries) => void (entries.some((entry) => entry.isIntersecting) && near()), { root: this.element, rootMargin: '300px 0px 0px' });
  }

  /** Are there older entries than those shown? @param {boolean} older */
  more(older) {
    this.earlier.hidden = !older;
    // Watched anew, it is looked at again even if it never left the view.
    this.#above.disconnect();
    if (older) this.#above.observe(this.earlier);
  }

  /**
   * Draws a reply before it is shown, a card at a time, where it will stand: all of a row in one frame would keep a slow device
   * waiting, and drawn elsewhere it would be laid out twice.
   * @param {Entry} entry
   */
  async draw(entry) {
    const last = this.#turns.at(-1);
    if (!last || this.#greets(entry)) return;
    /** @type {(() => void)[]} */
    const later = [];
    this.#drawn = this.#whole(entry, later);
    const { element } = this.#drawn;
    element.classList.add('coming');
    last.element.after(element);
    for (const put of later) {
      await painted();
      put();
    }
    await painted();
  }

  /** @param {Entry} entry @param {boolean} live */
  entry(entry, live) {
    const mine = this.#turns.find((turn) => turn.id !== undefined && turn.id === entry.id);
    if (mine) return this.#confirmed(mine, entry);
    if (this.#greeting && this.#greets(entry)) {
      this.#greeting.seq = 1;
      return;
    }
    if (!live) this.hush();
    const turn = this.#drawn ?? this.#whole(entry);
    this.#drawn = null;
    if (entry.from === 'shopper') this.#deliveryOf(turn, 'sent');
    else if (live) this.waiting(false);
    this.#place(turn, live);
  }

  /** @param {Block[]} blocks */
  greeting(blocks) {
    this.#greeting = this.#turn({ from: 'assistant', at: new Date().toISOString() }, 0);
    this.#greeting.element.classList.add('welcome');
    this.#fill(this.#greeting, { blocks });
    this.#place(this.#greeting, true);
  }

  /** @param {Pending} message */
  pending(message) {
    let turn = this.#turns.find((known) => known.id === message.id);
    if (!turn) {
      turn = this.#turn({ from: 'shopper', at: message.at, id: message.id }, Infinity);
      this.#fill(turn, message);
      this.#stuck = true;
      this.#place(turn, true);
    }
    this.#deliveryOf(turn, message.state, message.reason);
  }

  /** @param {string} id */
  discarded(id) {
    const turn = this.#turns.find((known) => known.id === id);
    if (!turn) return;
    turn.element.remove();
    this.#turns = this.#turns.filter((known) => known !== turn);
    this.#group();
  }

  cleared() {
    for (const turn of this.#turns) turn.element.parentElement?.remove();
    this.#turns = [];
    this.#greeting = null;
    this.more(false);
  }

  /** Dots while an answer is on its way. @param {boolean} waiting */
  waiting(waiting) {
    clearTimeout(this.#resting);
    this.dots.hidden = !waiting;
    this.dots.classList.remove('still');
    if (!waiting) return;
    this.#resting = setTimeout(() => this.dots.classList.add('still'), DOTS_REST);
    this.#track(this.dots);
  }

  /** The newest, from its beginning. */
  toNewest() {
    this.#stuck = true;
    this.grown();
  }

  /** Something was added to a reply that is there already. */
  grown() {
    const last = this.#turns.at(-1);
    if (last) this.#track(last.element);
  }

  /** @param {HTMLElement} element */
  #track(element) {
    this.#due = element;
    this.#sizes.observe(element);
  }

  /** @param {Element[]} elements */
  #sized(elements) {
    for (const one of elements) if (one !== this.element) this.#sizes.unobserve(one);
    this.#due = null;
    if (!this.#stuck) return;
    const turn = this.#turns.findLast(({ element }) => elements.includes(element));
    if (turn) this.#follow(turn);
    else this.toEnd();
  }

  toEnd() {
    this.element.scrollTop = this.element.scrollHeight;
    this.#stuck = true;
    this.#on.behind(false);
  }

  #look() {
    // A scroll of ours is told of late: by then the end may be further down, and the reader has not moved.
    if (this.#due?.offsetParent) return;
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    this.#stuck = scrollHeight - scrollTop - clientHeight < NEAR_END;
    if (this.#stuck) this.#on.behind(false);
  }

  /** What was said before is not news: the log holds its tongue while it is painted. */
  hush() {
    this.element.setAttribute('aria-live', 'off');
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.element.removeAttribute('aria-live'), 500);
  }

  /** @param {Pick<Entry, 'from' | 'at' | 'id' | 'name' | 'picture'>} entry @param {number} seq @returns {Turn} */
  #turn({ from, at: iso, id, name, picture: face }, seq) {
    const { words, shop } = this.#setting;
    const at = new Date(iso);
    const voice = { shopper: words.say('you'), assistant: words.say('assistant'), agent: name || words.say('person'), system: words.say('notice') }[from];
    const day = h('p', { class: 'day' }, words.calendar(at, new Date()));
    const time = h('time', { datetime: iso }, words.time(at));
    const who = h('p', { class: 'who' }, (from === 'assistant' || from === 'agent') && h('span', { class: 'mark', 'aria-hidden': 'true' }, from === 'agent' && (picture(face, 24, 24) ?? [...voice][0])), h('span', { class: 'name', dir: 'auto' }, voice), ' ', from !== 'shopper' && time);
    // What the shop says is in the shop's language, whatever the page around it is in.
    const lang = from === 'assistant' && shop && !words.locale.startsWith(shop.language) && shop.language;
    if (lang) for (const own of [day, who]) own.lang = words.locale;
    const word = document.createTextNode('');
    const state = from === 'shopper' ? { word, line: h('p', { class: 'state' }, time, icon('check'), icon('clock'), icon('alert'), h('span', {}, word)) } : undefined;
    const element = h('div', { class: `turn ${from}`, lang }, day, who);
    return { element, from, at, date: at.toDateString(), seq, id, who, day, state, over: false };
  }

  /** Is it the greeting, which is shown already? @param {Entry} entry */
  #greets({ seq, from }) {
    return this.#greeting?.seq === 0 && seq === 1 && from !== 'shopper';
  }

  /** @param {Entry} entry @param {(() => void)[]} [later] */
  #whole(entry, later) {
    const turn = this.#turn(entry, entry.seq);
    this.#fill(turn, entry, later);
    turn.element.append(...this.#setting.beneath(entry));
    return turn;
  }

  /** @param {Turn} turn @param {{ text?: string, attachments?: import('./types').Photo[], blocks?: Block[] }} said @param {(() => void)[]} [later] */
  #fill(turn, { text, attachments, blocks }, later) {
    if (attachments?.length) turn.element.append(this.#setting.photos(attachments));
    if (text) turn.element.append(h('div', { class: 'bubble', part: 'message', dir: 'auto' }, text));
    for (const block of blocks ?? []) turn.element.append(render(block, this.#setting, later) ?? '');
    if (turn.state) turn.element.append(turn.state.line);
  }

  /** @param {Turn} turn @param {Entry} entry */
  #confirmed(turn, entry) {
    turn.seq = entry.seq;
    this.#deliveryOf(turn, 'sent');
    // Another message may have overtaken this one; the server's order is the order.
    const rightful = this.#turns.filter((other) => other !== turn && other.seq < turn.seq).length;
    if (this.#turns.indexOf(turn) !== rightful) this.#place(turn, false);
  }

  /** @param {Turn} turn @param {boolean} live */
  #place(turn, live) {
    const stuck = this.#stuck;
    this.#turns = this.#turns.filter((other) => other !== turn);
    const at = this.#turns.filter((other) => other.seq <= turn.seq).length;
    const [before, next] = [this.#turns[at - 1], this.#turns[at]];
    if (!live && next && !stuck) this.#hold();
    this.#turns.splice(at, 0, turn);
    turn.element.classList.toggle('live', live);
    // What comes in above all begins a stretch: a page of history is one, and the browser leaves it out while it is out of sight.
    // Put where it is already, it would be laid out anew.
    if (before && before.element.nextSibling !== turn.element) before.element.after(turn.element);
    if (!before) this.earlier.after(h('div', { class: 'stretch' }, turn.element));
    turn.element.classList.remove('coming');
    const stretch = /** @type {HTMLElement} */ (turn.element.parentElement);
    stretch.classList.remove('past');
    this.#heights.observe(stretch);
    if (this.#anchor !== null) return;
    this.#settle();
    if (stuck) this.#track(turn.element);
    else if (live || !next) this.#on.behind(true);
  }

  /** Something comes in above: what is being read must not move. Measured once for all that come together. */
  #hold() {
    if (this.#anchor !== null) return;
    const frame = this.element.getBoundingClientRect().top;
    const seen = this.#turns.find((turn) => turn.element.getBoundingClientRect().bottom > frame) ?? this.#turns[0];
    if (!seen) return;
    // Its lower edge: its own day may go, when it is not the first any more.
    const edge = () => seen.element.getBoundingClientRect().bottom;
    this.#anchor = edge();
    queueMicrotask(() => {
      const held = this.#anchor;
      this.#anchor = null;
      this.#settle();
      if (held !== null) this.element.scrollTop += edge() - held;
    });
  }

  #settle() {
    this.#group();
    this.#retire();
  }

  /** Scrolls to the end, but never past the beginning of a tall reply. @param {Turn} turn */
  #follow(turn) {
    this.toEnd();
    const above = turn.element.offsetTop - 12;
    if (turn.from !== 'shopper' && above < this.element.scrollTop) this.element.scrollTop = above;
  }

  /** Name and time are said where the voice changes or was silent, the day where it changes. */
  #group() {
    const newest = this.#turns.findLast(({ from }) => from === 'shopper');
    /** @type {Turn | undefined} */
    let before;
    for (const turn of this.#turns) {
      const sameDay = before?.date === turn.date;
      hide(turn.day, sameDay);
      const goesOn = before && sameDay && before.from === turn.from && turn.at.getTime() - before.at.getTime() < PAUSE;
      hide(turn.who, Boolean(goesOn));
      turn.element.classList.toggle('goes-on', Boolean(goesOn));
      // Asked for by selectors, each page of history would have the whole log styled anew.
      before?.element.classList.toggle('goes-further', Boolean(goesOn));
      turn.element.classList.toggle('newest', turn === newest);
      before = turn;
    }
    before?.element.classList.remove('goes-further');
  }

  #retire() {
    const last = this.#turns.findLastIndex((turn) => turn.from === 'shopper');
    for (const turn of this.#turns.slice(0, Math.max(last, 0))) {
      if (turn.over || turn.from === 'shopper') continue;
      turn.over = true;
      retire(turn.element, this.#setting.words);
    }
  }

  /**
   * The words change, the nodes stay: only a failure adds something, what can be done about it.
   * @param {Turn} turn @param {Pending['state'] | 'sent'} state @param {string} [reason]
   */
  #deliveryOf({ state: shown, id }, state, reason) {
    const { words } = this.#setting;
    if (!shown || shown.line.dataset.state === state) return;
    shown.line.dataset.state = state;
    shown.word.data = words.say(state) + (reason ? ` · \u2068${reason}\u2069` : '');
    shown.line.querySelector('.ways')?.remove();
    if (state !== 'failed' || !id) return;
    const way = (/** @type {string} */ label, /** @type {() => void} */ onclick) => h('button', { type: 'button', onclick }, label);
    shown.line.append(h('span', { class: 'ways' }, way(words.say('retry'), () => this.#on.retry(id)), way(words.say('discard'), () => this.#on.discard(id))));
    this.grown();
  }
}

/** Hidden once more, an element would be styled once more. @param {HTMLElement} element @param {boolean} hidden */
function hide(element, hidden) {
  if (element.hidden !== hidden) element.hidden = hidden;
}
