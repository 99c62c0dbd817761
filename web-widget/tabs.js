/** @import { TabMessage } from './types' */
import { newId } from './ids.js';

// Of the tabs in which one visitor's chat is open, one leads: it has the socket. It tells the others what it hears, and
// sends what they say. A browser without BroadcastChannel has a socket in each.

/** How often a follower makes sure that there still is a leader. Milliseconds. */
const LOOK_EVERY = 1_000;
/** A leader that has not answered after this is gone; with locks it may only be busy. */
const ANSWER_WITHIN = 250;
const BUSY_WITHIN = 1_200;

/** Elects a leader among tabs and carries messages between them. */
export class Tabs {
  #name;
  #hooks;
  /** @type {BroadcastChannel | null} */
  #channel = null;
  /** Web Locks elect at once and survive a crash; plain-http pages have none. */
  #locks = navigator.locks;
  #joined = false;
  #leads = false;
  #follows = false;
  #timer = 0;
  #waiting = new AbortController();
  /** Gives the lock back. */
  #release = () => {};

  /** This tab's own name among them. */
  me = newId();

  /**
   * @param {string} name what the tabs have in common
   * @param {{ lead: () => void, follow: () => void, heard: (message: TabMessage, from: string) => void }} hooks
   */
  constructor(name, hooks) {
    this.#name = name;
    this.#hooks = hooks;
  }

  get leads() {
    return this.#leads;
  }

  /** Can tabs hear each other? */
  get together() {
    return this.#channel !== null;
  }

  join() {
    if (this.#joined) return;
    this.#joined = true;
    try {
      this.#channel = new BroadcastChannel(this.#name);
    } catch {
      return this.#lead();
    }
    this.#channel.onmessage = ({ data }) => this.#heard(data);
    document.addEventListener('visibilitychange', this.#look);
    this.#queue();
    this.#seek(this.#locks ? BUSY_WITHIN : ANSWER_WITHIN);
  }

  /** Another tab takes over at once. */
  leave() {
    if (!this.#joined) return;
    this.#joined = this.#leads = this.#follows = false;
    clearTimeout(this.#timer);
    document.removeEventListener('visibilitychange', this.#look);
    this.#waiting.abort();
    this.#release();
    this.#post({ kind: 'bye' });
    this.#channel?.close();
    this.#channel = null;
  }

  /** Tells all other tabs, or one of them. @param {TabMessage} message @param {string} [to] */
  tell(message, to) {
    this.#post({ kind: 'told', message, to });
  }

  /** @param {{ kind: 'who' | 'here' | 'bye' | 'told', message?: TabMessage, to?: string }} what */
  #post(what) {
    this.#channel?.postMessage({ ...what, from: this.me });
  }

  /** @param {{ kind: 'who' | 'here' | 'bye' | 'told', from: string, message: TabMessage, to?: string }} said */
  #heard({ kind, from, message, to }) {
    if (!this.#joined || (to && to !== this.me)) return;
    if (kind === 'told') return this.#hooks.heard(message, from);
    if (kind === 'who' && this.#leads) return this.#post({ kind: 'here' });
    if (kind === 'bye' && !this.#leads && !this.#locks) return this.#seek(Math.random() * ANSWER_WITHIN);
    if (kind !== 'here') return;
    if (this.#leads) {
      // Two lead: one of them was asleep when the other was chosen. A lock tells it by itself.
      if (this.#locks) return;
      if (from > this.me) return this.#post({ kind: 'here' });
      this.#leads = false;
    }
    this.#follow();
  }

  #follow() {
    const news = !this.#follows;
    this.#follows = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#look, LOOK_EVERY);
    if (news) this.#hooks.follow();
  }

  #lead() {
    clearTimeout(this.#timer);
    this.#follows = false;
    this.#leads = true;
    this.#post({ kind: 'here' });
    this.#hooks.lead();
  }

  /** Nobody looks after a chat that nobody sees. */
  #look = () => {
    if (this.#leads) return this.#post({ kind: 'who' });
    if (!document.hidden) this.#seek(this.#locks ? BUSY_WITHIN : ANSWER_WITHIN);
    else this.#follow();
  };

  /** Asks who leads, and does it itself when nobody says so. @param {number} within milliseconds */
  #seek(within) {
    this.#post({ kind: 'who' });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.#locks ? this.#queue(true) : this.#lead()), within);
  }

  /** Waits in line for the lock, or takes it from one who does not answer. @param {boolean} [steal] */
  #queue(steal = false) {
    if (!this.#locks) return;
    this.#waiting.abort();
    this.#waiting = new AbortController();
    const { signal } = this.#waiting;
    const hold = () => {
      if (!this.#joined || signal.aborted) return;
      this.#lead();
      return new Promise((done) => (this.#release = () => done(undefined)));
    };
    this.#locks.request(this.#name, steal ? { steal } : { signal }, hold).catch(() => {
      // Given up while waiting, or taken away while this tab was asleep.
      if (!this.#joined || !this.#leads || signal.aborted) return;
      this.#leads = false;
      this.#queue();
      this.#follow();
    });
  }
}
