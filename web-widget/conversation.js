/** @import { Entry, Kept, Link, Pending, ServerFrame, Shop, View, Welcome } from './types' */
import { Connection } from './connection.js';
import { consents, forgetVisitor, keepVisitor, visitor } from './events.js';
import { Memory } from './storage.js';

/** A message is sent this often before the shopper is asked. */
const TRIES = 5;
/** Milliseconds without an answer after which a message is sent again, under the same id. */
const ACK_WITHIN = 15_000;
const RETRY_AFTER = 2_000;
const PAGE = 30;

/** 128 random bits; `crypto.randomUUID` is missing on plain-http shops. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * What was said, as this browser knows it: entries by sequence number and messages not yet
 * confirmed. Nothing is shown twice and nothing written is dropped, whatever the network does.
 */
export class Conversation {
  #view;
  #memory;
  #connection;
  #locale;
  /** @type {string | undefined} */
  #token;
  #id = '';
  /** Everything up to here has been seen without a gap. */
  #lastSeq = 0;
  /** @type {Map<number, Entry>} */
  #entries = new Map();
  /** @type {Map<string, Pending>} */
  #pending = new Map();
  /** Of the one message that is on its way, or waits for its next try. */
  #timer = 0;
  /** @type {import('./types').Block[] | null} */
  #greeting = null;
  /** Has a first message been confirmed? Before that the browser stores nothing. */
  #confirmed = false;

  /** @param {string} server base URL, ending in `/` @param {string} locale @param {View} view */
  constructor(server, locale, view) {
    this.#view = view;
    this.#locale = locale;
    this.#memory = new Memory(server);
    const url = new URL('v1/chat', server);
    url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
    this.#connection = new Connection(url.href, {
      hello: () => this.#hello(),
      frame: (frame) => this.#frame(frame),
      link: (link, failures) => this.#link(link, failures),
      gone: () => this.#forget(),
    });
  }

  /** The secret of this conversation; none before the first welcome. */
  get token() {
    return this.#token;
  }

  get memory() {
    return this.#memory;
  }

  /** Does anything exist that is worth keeping a socket for? */
  get started() {
    return this.#confirmed || this.#pending.size > 0;
  }

  /** Does the browser store this conversation? */
  get kept() {
    return this.#confirmed;
  }

  /** Paints what the browser remembers, then connects. */
  start() {
    const kept = this.#token ? null : this.#memory.load();
    if (kept) this.#restore(kept);
    this.#connection.start();
  }

  stop() {
    this.#connection.stop();
  }

  /** The conversation is deleted on the server: nothing of it stays here, and another begins. */
  deleted() {
    const token = this.#token;
    this.#pending.clear();
    this.#forget();
    // What is remembered of their looking around is another matter, and stays theirs to switch off.
    if (token && consents()) keepVisitor(token);
    this.#connection.again();
  }

  /** Who is there is said with the hello: says it again. */
  identified() {
    this.#connection.again();
  }

  /** @param {string} text @param {import('./types').Photo[]} [attachments] */
  say(text, attachments = []) {
    /** @type {Pending} */
    const message = { id: newId(), text, attachments: attachments.length ? attachments : undefined, at: new Date().toISOString(), state: 'queued', tries: 0 };
    this.#pending.set(message.id, message);
    this.#view.pending(message);
    this.#deliver();
    this.#save();
  }

  /** @param {string} id */
  retry(id) {
    const message = this.#pending.get(id);
    if (!message) return;
    message.tries = 0;
    message.reason = undefined;
    this.#mark(message, 'queued');
    this.#deliver();
  }

  /** @param {string} id */
  discard(id) {
    this.#pending.delete(id);
    this.#view.discarded(id);
    this.#save();
  }

  older() {
    const first = Math.min(...this.#entries.keys());
    if (Number.isFinite(first)) this.#connection.send({ type: 'history', before: first, limit: PAGE });
  }

  typing() {
    this.#connection.send({ type: 'typing' });
  }

  #hello() {
    return /** @type {const} */ ({
      type: 'hello',
      token: this.#token ?? visitor(),
      last_seq: this.#token && this.#lastSeq ? this.#lastSeq : undefined,
      locale: this.#locale,
      page: location.pathname,
      identity: this.#view.identity(),
    });
  }

  /** @param {ServerFrame} frame */
  #frame(frame) {
    switch (frame.type) {
      case 'welcome':
        return this.#welcome(frame);
      case 'ack':
        return this.#acknowledged(frame.id, frame.seq);
      case 'entry':
        this.#take(frame.entry, true);
        return this.#save();
      case 'history':
        for (const entry of frame.entries) this.#take(entry, false);
        return this.#view.more(frame.more);
      case 'typing':
        return this.#view.typing();
      case 'error':
        return this.#refused(frame);
    }
  }

  /** @param {Welcome} welcome */
  #welcome(welcome) {
    const other = this.#id !== '' && this.#id !== welcome.conversation;
    if (welcome.resync || other) this.#clear();
    const fresh = this.#entries.size === 0;
    this.#token = welcome.token;
    this.#id = welcome.conversation;
    this.#view.shop(welcome.shop, welcome.feedback ?? {});
    for (const entry of welcome.entries) this.#take(entry, !fresh);
    this.#lastSeq = welcome.last_seq;
    if (this.#entries.size > 0) {
      this.#confirmed = true;
      this.#view.more(fresh ? welcome.more : Math.min(...this.#entries.keys()) > 1);
    } else if (welcome.greeting && !this.#greeting) {
      this.#greeting = welcome.greeting;
      this.#view.greeting(welcome.greeting);
    }
    this.#deliver();
    this.#save();
  }

  /** @param {string} id @param {number} seq */
  #acknowledged(id, seq) {
    const message = this.#pending.get(id);
    this.#confirmed = true;
    if (message) {
      // The greeting was only an offer until now; with the first message it became entry 1.
      if (this.#greeting && seq === 2) {
        this.#take({ seq: 1, at: message.at, from: 'assistant', blocks: this.#greeting }, false);
      }
      this.#take({ seq, at: message.at, from: 'shopper', id, text: message.text, attachments: message.attachments }, true);
    }
    this.#save();
  }

  /** @param {Entry} entry @param {boolean} live */
  #take(entry, live) {
    const mine = entry.id && this.#pending.delete(entry.id);
    if (this.#entries.has(entry.seq)) return;
    this.#entries.set(entry.seq, entry);
    while (this.#entries.has(this.#lastSeq + 1)) this.#lastSeq += 1;
    this.#view.entry(entry, live);
    if (mine) this.#deliver();
  }

  /** @param {ServerFrame & { type: 'error' }} error */
  #refused(error) {
    const message = error.id ? this.#pending.get(error.id) : undefined;
    if (!message) return console.warn(`shoptalk: ${error.code}: ${error.message}`);
    const passing = error.code === 'rate_limited' || error.code === 'temporarily_unavailable';
    if (passing && message.tries < TRIES) {
      // It keeps its place in the line: what was written after it waits, too.
      this.#again(message, error.retry_after_ms ?? RETRY_AFTER);
    } else {
      this.#fail(message, error.message);
    }
  }

  /**
   * Sends what is next in line. One message at a time: if the second left before the first is
   * confirmed, a line that breaks between them could turn their order.
   */
  #deliver() {
    const message = [...this.#pending.values()].find((one) => one.state !== 'failed');
    if (!message || message.state === 'sending') return;
    clearTimeout(this.#timer);
    if (!this.#connection.send({ type: 'message', id: message.id, text: message.text, cart: this.#view.cart(), attachments: message.attachments?.map((photo) => photo.id) })) return;
    message.tries += 1;
    this.#mark(message, 'sending');
    this.#again(message, ACK_WITHIN);
  }

  /** @param {Pending} message @param {number} wait milliseconds */
  #again(message, wait) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (!this.#pending.has(message.id)) return;
      if (message.tries >= TRIES) return this.#fail(message);
      message.state = 'queued';
      this.#deliver();
    }, wait);
  }

  /** @param {Pending} message @param {string} [reason] */
  #fail(message, reason) {
    message.reason = reason;
    this.#mark(message, 'failed');
    this.#deliver();
    this.#save();
  }

  /** @param {Pending} message @param {Pending['state']} state */
  #mark(message, state) {
    message.state = state;
    this.#view.pending(message);
  }

  /** @param {Link} link @param {number} failures */
  #link(link, failures) {
    if (link !== 'up') {
      clearTimeout(this.#timer);
      for (const message of this.#pending.values()) {
        if (message.state === 'sending') this.#mark(message, 'queued');
      }
    }
    this.#view.link(link, failures);
  }

  /** @param {Kept} kept */
  #restore(kept) {
    this.#token = kept.token;
    this.#id = kept.conversation;
    this.#confirmed = true;
    for (const entry of kept.entries) this.#take(entry, false);
    this.#lastSeq = kept.entries.length ? kept.last_seq : 0;
    for (const message of kept.pending) {
      this.#pending.set(message.id, { ...message, state: 'queued', tries: 0 });
      this.#view.pending(message);
    }
  }

  #clear() {
    this.#entries.clear();
    this.#greeting = null;
    this.#lastSeq = 0;
    this.#view.cleared();
    for (const message of this.#pending.values()) this.#view.pending(message);
  }

  /** The server no longer knows this conversation: begin another, with what is still to be said. */
  #forget() {
    this.#memory.forget();
    forgetVisitor();
    this.#token = undefined;
    this.#id = '';
    this.#confirmed = false;
    this.#clear();
  }

  #save() {
    if (!this.#confirmed || !this.#token) return;
    this.#memory.save({
      version: 1,
      token: this.#token,
      conversation: this.#id,
      last_seq: this.#lastSeq,
      entries: [...this.#entries.values()].sort((a, b) => a.seq - b.seq),
      pending: [...this.#pending.values()],
    });
  }
}
