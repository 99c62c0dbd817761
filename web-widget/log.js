/** @import { Block, Entry, Pending } from './types' */
/** @import { Setting } from './blocks.js' */
import { render, retire } from './blocks.js';
import { h, heard, icon } from './dom.js';

/** Pixels from the end within which a reader counts as reading the newest. */
const NEAR_END = 60;
/** Milliseconds after which the dots rest: endless movement distracts. */
const DOTS_REST = 5_000;

/**
 * @typedef {{
 *   element: HTMLElement, from: Entry['from'], at: Date, seq: number, id?: string,
 *   who: HTMLElement, day: HTMLElement, state?: HTMLElement, over: boolean,
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
  #stuck = true;
  #resting = 0;
  #quiet = 0;

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
      { class: 'log', role: 'log', tabindex: 0, 'aria-label': words.say('conversation'), part: 'log' },
      this.earlier,
      this.dots,
    );
    this.element.addEventListener('scroll', () => this.#look(), { passive: true });
    new ResizeObserver(() => this.#stuck && this.toEnd()).observe(this.element);
  }

  /** @param {Entry} entry @param {boolean} live */
  entry(entry, live) {
    const mine = this.#turns.find((turn) => turn.id !== undefined && turn.id === entry.id);
    if (mine) return this.#confirmed(mine, entry);
    if (this.#greeting && this.#greeting.seq === 0 && entry.seq === 1 && entry.from !== 'shopper') {
      this.#greeting.seq = 1;
      return;
    }
    if (!live) this.hush();
    const turn = this.#turn(entry.from, new Date(entry.at), entry.seq, entry.id);
    this.#fill(turn, entry);
    turn.element.append(...this.#setting.beneath(entry));
    if (entry.from === 'shopper') this.#deliveryOf(turn, 'sent');
    else if (live) this.waiting(false);
    this.#place(turn, live);
  }

  /** @param {Block[]} blocks */
  greeting(blocks) {
    this.#greeting = this.#turn('assistant', new Date(), 0);
    this.#fill(this.#greeting, { blocks });
    this.#place(this.#greeting, true);
  }

  /** @param {Pending} message */
  pending(message) {
    let turn = this.#turns.find((known) => known.id === message.id);
    if (!turn) {
      turn = this.#turn('shopper', new Date(message.at), Infinity, message.id);
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
    for (const turn of this.#turns) turn.element.remove();
    this.#turns = [];
    this.#greeting = null;
    this.earlier.hidden = true;
  }

  /** Dots while an answer is on its way. @param {boolean} waiting */
  waiting(waiting) {
    clearTimeout(this.#resting);
    this.dots.hidden = !waiting;
    this.dots.classList.remove('still');
    if (!waiting) return;
    this.#resting = setTimeout(() => this.dots.classList.add('still'), DOTS_REST);
    if (this.#stuck) this.toEnd();
  }

  toEnd() {
    this.element.scrollTop = this.element.scrollHeight;
    this.#stuck = true;
    this.#on.behind(false);
  }

  #look() {
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

  /** @param {Entry['from']} from @param {Date} at @param {number} seq @param {string} [id] @returns {Turn} */
  #turn(from, at, seq, id) {
    const { words } = this.#setting;
    const name = { shopper: words.say('you'), assistant: words.say('assistant'), agent: words.say('person'), system: words.say('notice') }[from];
    const day = h('p', { class: 'day' }, words.calendar(at, new Date()));
    const time = h('time', { datetime: at.toISOString() }, words.time(at));
    const who = h('p', { class: 'who' }, h('span', { class: 'name' }, name), ' ', from !== 'shopper' && time);
    const state = from === 'shopper' ? h('p', { class: 'state' }) : undefined;
    const element = h('div', { class: `turn ${from}` }, day, who);
    return { element, from, at, seq, id, who, day, state, over: false };
  }

  /** @param {Turn} turn @param {{ text?: string, attachments?: import('./types').Photo[], blocks?: Block[] }} said */
  #fill(turn, { text, attachments, blocks }) {
    if (attachments?.length) turn.element.append(this.#setting.photos(attachments));
    if (text) turn.element.append(h('div', { class: 'bubble', part: 'message', dir: 'auto' }, text));
    for (const block of blocks ?? []) turn.element.append(render(block, this.#setting) ?? '');
    if (turn.state) turn.element.append(turn.state);
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
    const { scrollHeight, scrollTop } = this.element;
    this.#turns = this.#turns.filter((other) => other !== turn);
    const at = this.#turns.filter((other) => other.seq <= turn.seq).length;
    const next = this.#turns[at];
    this.#turns.splice(at, 0, turn);
    this.element.insertBefore(turn.element, next?.element ?? this.dots);
    this.#group();
    this.#retire();
    if (!live && next) {
      // Something was added above: what is being read must not move.
      this.element.scrollTop = scrollTop + this.element.scrollHeight - scrollHeight;
    } else if (stuck) {
      this.#follow(turn);
    } else {
      this.#on.behind(true);
    }
  }

  /** Scrolls to the end, but never past the beginning of a tall reply. @param {Turn} turn */
  #follow(turn) {
    this.toEnd();
    const above = turn.element.offsetTop - 12;
    if (turn.from !== 'shopper' && above < this.element.scrollTop) this.element.scrollTop = above;
  }

  /** Name and day are said where they change. */
  #group() {
    /** @type {Turn | undefined} */
    let before;
    for (const turn of this.#turns) {
      const sameDay = before?.at.toDateString() === turn.at.toDateString();
      turn.day.hidden = sameDay;
      turn.who.hidden = sameDay && before?.from === turn.from;
      before = turn;
    }
  }

  #retire() {
    const last = this.#turns.findLastIndex((turn) => turn.from === 'shopper');
    for (const turn of this.#turns.slice(0, Math.max(last, 0))) {
      if (turn.over || turn.from === 'shopper') continue;
      turn.over = true;
      retire(turn.element, this.#setting.words);
    }
  }

  /** @param {Turn} turn @param {Pending['state'] | 'sent'} state @param {string} [reason] */
  #deliveryOf(turn, state, reason) {
    const { words } = this.#setting;
    if (!turn.state || turn.state.dataset.state === state) return;
    turn.state.dataset.state = state;
    const { id } = turn;
    const time = words.time(turn.at);
    const shown = {
      queued: () => [icon('clock'), words.say('queued')],
      sending: () => [icon('clock'), words.say('sending')],
      sent: () => [time, icon('check'), heard(words.say('sent'))],
      failed: () => [
        icon('alert'),
        h('span', {}, words.say('failed'), reason && ` · ${reason}`),
        id && h('button', { type: 'button', onclick: () => this.#on.retry(id) }, words.say('retry')),
        id && h('button', { type: 'button', onclick: () => this.#on.discard(id) }, words.say('discard')),
      ],
    }[state]();
    turn.state.replaceChildren(...shown.flatMap((part) => part || []));
  }
}
