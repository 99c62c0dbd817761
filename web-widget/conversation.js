/** @import { Entry, Kept, ServerFrame, TabMessage, View, Welcome } from './types' */
import { consents, forgetVisitor, keepVisitor, visitor } from './events.js';
import { Line } from './line.js';
import { Outbox } from './outbox.js';
import { Memory } from './storage.js';

/** Clocks may differ by this much without mattering. Milliseconds. */
const SKEW = 60_000;

/**
 * What was said, as this browser knows it: entries by sequence number, beside the messages not yet
 * confirmed. Nothing is shown twice and nothing written is dropped, whatever the network does.
 *
 * Every tab has all of it, and applies the same frames.
 */
export class Conversation {
  #view;
  #locale;
  /** @type {string | undefined} */
  #token;
  #id = '';
  /** Everything up to here has been seen without a gap. */
  #lastSeq = 0;
  /** @type {Map<number, Entry>} */
  #entries = new Map();
  /** @type {import('./types').Block[] | null} */
  #greeting = null;
  /** The latest welcome: what the shop says of itself. @type {Welcome | null} */
  #met = null;
  /** Has a first message been confirmed? */
  #confirmed = false;
  /** Which tab said what the next reply answers. @type {{ seq: number, by?: string } | null} */
  #asked = null;
  /** Who is signed in, where another tab said so. @type {{ token?: string } | null} */
  #identity = null;
  /** Milliseconds that the server's clock is ahead of this one. */
  #skew = 0;

  /** @param {string} server base URL, ending in `/` @param {string} locale @param {View} view */
  constructor(server, locale, view) {
    this.#view = view;
    this.#locale = locale;
    this.memory = new Memory(server);
    this.line = new Line(server, {
      hello: () => this.#hello(),
      join: () => this.#join(),
      admit: (joiner) => this.#admit(joiner),
      lead: () => this.outbox.requeue(),
      frame: (frame) => this.#frame(frame),
      down: (link) => {
        this.outbox.rest();
        if (link !== 'off') this.outbox.requeue();
      },
      link: (link, failures) => view.link(link, failures),
      told: (message) => this.#told(message),
      stored: () => this.#catchUp(),
      gone: () => this.#forget(),
    });
    this.outbox = new Outbox(this.line, view, () => this.#save());
  }

  /** The secret of this conversation; none before the first welcome. */
  get token() {
    return this.#token;
  }

  /** Has the shopper written something? Until then there is nothing worth storing, nor keeping a socket for. */
  get started() {
    return this.#confirmed || this.outbox.all.length > 0;
  }

  /** Paints what the browser remembers, then connects. */
  start() {
    const kept = this.#met || this.started ? null : this.memory.load();
    if (kept) this.#restore(kept);
    this.line.start();
  }

  /** Where tabs cannot hear each other, one that only looked on goes on with what another has begun. */
  #catchUp() {
    if (this.started) return;
    const kept = this.memory.stored();
    if (!kept?.token || kept.token === this.#token) return;
    this.#clear();
    this.#restore({ ...kept, pending: [] });
    this.line.again();
  }

  /** The conversation is deleted on the server: nothing of it stays here, and another begins. */
  deleted() {
    const token = this.#token;
    this.memory.forget();
    forgetVisitor();
    // What is remembered of their looking around is another matter, and stays theirs to switch off.
    if (token && consents()) keepVisitor(token);
    this.line.tabs.tell({ type: 'deleted' });
    this.#begin();
  }

  /** All tabs let go of what was deleted; the one that leads begins anew. */
  #begin() {
    for (const { id } of this.outbox.all) this.outbox.settle(id);
    this.#drop();
    this.line.again();
  }

  /** Who is there is said with the hello: says it again. */
  identified() {
    const identity = this.#view.identity();
    this.#identity = { token: identity };
    this.line.tabs.tell({ type: 'identity', identity });
    this.line.again();
  }

  /** @param {string} id */
  retry(id) {
    this.line.tabs.tell({ type: 'retry', id });
    this.outbox.retry(id);
  }

  /** @param {string} id */
  discard(id) {
    this.line.tabs.tell({ type: 'discard', id });
    this.outbox.discard(id);
  }

  /** What was unread is read now. */
  seen() {
    this.line.tabs.tell({ type: 'seen' });
  }

  older() {
    const before = Math.min(...this.#entries.keys());
    if (Number.isFinite(before)) this.line.older(before);
  }

  /** Who is signed in. */
  get #who() {
    return this.#identity ? this.#identity.token : this.#view.identity();
  }

  #hello() {
    return /** @type {const} */ ({
      type: 'hello',
      token: this.#token ?? visitor(),
      last_seq: this.#token && this.#lastSeq ? this.#lastSeq : undefined,
      locale: this.#locale,
      page: this.#view.page(),
      identity: this.#who,
    });
  }

  /** Tells the tab that leads what is known here. */
  #join() {
    this.line.tabs.tell({ type: 'join', conversation: this.#id, last_seq: this.#lastSeq, identity: this.#who });
    // What was written while nobody led.
    for (const message of this.outbox.all) if (message.by === this.line.tabs.me) this.line.tabs.tell({ type: 'pending', message });
  }

  /** @param {TabMessage} said */
  #told(said) {
    switch (said.type) {
      case 'state':
        if (said.welcome) this.#welcome(said.welcome);
        for (const message of said.pending) this.outbox.adopt(message);
        return;
      case 'pending':
        return this.outbox.adopt(said.message);
      case 'retry':
        return this.outbox.retry(said.id);
      case 'discard':
        return this.outbox.discard(said.id);
      case 'identity':
        this.#identity = { token: said.identity };
        return this.line.again();
      case 'seen':
        return this.#view.seen();
      case 'gone':
        return this.#drop();
      case 'deleted':
        return this.#begin();
    }
  }

  /** What brings a tab up to date that has just come. @param {TabMessage & { type: 'join' }} joiner */
  #admit(joiner) {
    if (joiner.identity && !this.#identity?.token && !this.#view.identity()) {
      this.#identity = { token: joiner.identity };
      this.line.again();
    }
    const all = this.#inOrder();
    const first = all[0]?.seq ?? 1;
    const known = joiner.conversation === this.#id ? joiner.last_seq : 0;
    const gap = known > 0 && (known < first - 1 || known > this.#lastSeq);
    const missed = gap ? all : all.filter(({ seq }) => seq > known);
    const welcome = this.#met && {
      ...this.#met,
      resync: gap,
      entries: missed,
      last_seq: this.#lastSeq,
      more: first > 1,
      greeting: this.#greeting ?? undefined,
    };
    return { welcome, pending: this.outbox.all };
  }

  /** A tab that never heard of a message needs its words, too. @param {string} id @param {number} seq */
  #announce(id, seq) {
    const message = this.outbox.get(id);
    if (!message) return;
    const entry = /** @type {const} */ ({ seq, at: this.#serverTime(message.at), from: 'shopper', id, text: message.text, attachments: message.attachments });
    if (this.#greeting && seq === 2) {
      this.line.tabs.tell({ type: 'frame', frame: { type: 'entry', entry: { seq: 1, at: entry.at, from: 'assistant', blocks: this.#greeting } } });
    }
    this.line.tabs.tell({ type: 'frame', frame: { type: 'entry', entry } });
  }

  /** @param {ServerFrame} frame */
  #frame(frame) {
    switch (frame.type) {
      case 'welcome':
        return this.#welcome(frame);
      case 'ack':
        if (this.line.tabs.leads) this.#announce(frame.id, frame.seq);
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
        this.#view.trouble(frame.code, frame.message);
        return this.outbox.refused(frame);
    }
  }

  /** @param {Welcome} welcome */
  #welcome(welcome) {
    const other = this.#id !== '' && this.#id !== welcome.conversation;
    const skew = welcome.now ? Date.parse(welcome.now) - Date.now() : 0;
    this.#skew = Math.abs(skew) > SKEW ? skew : 0;
    this.#met = welcome;
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
    this.outbox.deliver();
    this.#save();
  }

  /** @param {string} id @param {number} seq */
  #acknowledged(id, seq) {
    const message = this.outbox.get(id);
    this.#confirmed = true;
    if (message) {
      const at = this.#serverTime(message.at);
      // The greeting was only an offer until now; with the first message it became entry 1.
      if (this.#greeting && seq === 2) this.#take({ seq: 1, at, from: 'assistant', blocks: this.#greeting }, false);
      this.#asked = { seq: seq + 1, by: message.by };
      this.#take({ seq, at, from: 'shopper', id, text: message.text, attachments: message.attachments }, true);
    }
    this.#save();
  }

  /** @param {Entry} entry @param {boolean} live */
  #take(entry, live) {
    const said = entry.id ? this.outbox.settle(entry.id) : undefined;
    if (said) this.#asked = { seq: entry.seq + 1, by: said.by };
    if (this.#entries.has(entry.seq)) return;
    this.#entries.set(entry.seq, entry);
    this.#confirmed = true;
    while (this.#entries.has(this.#lastSeq + 1)) this.#lastSeq += 1;
    const by = this.#asked?.seq === entry.seq ? this.#asked.by : undefined;
    this.#view.entry(this.#here(entry), live, by ? by === this.line.tabs.me : this.line.tabs.leads);
    if (said) this.outbox.deliver();
  }

  /** An entry with the time as this device's clock would have it. @param {Entry} entry @returns {Entry} */
  #here(entry) {
    return this.#skew ? { ...entry, at: new Date(Date.parse(entry.at) - this.#skew).toISOString() } : entry;
  }

  /** @param {string} at by this device's clock */
  #serverTime(at) {
    return this.#skew ? new Date(Date.parse(at) + this.#skew).toISOString() : at;
  }

  /** @param {Kept} kept */
  #restore(kept) {
    this.#token = kept.token;
    this.#id = kept.conversation;
    this.#skew = kept.skew ?? 0;
    this.#confirmed = kept.entries.length > 0 || kept.last_seq > 0;
    for (const entry of kept.entries) this.#take(entry, false);
    this.#lastSeq = kept.entries.length ? kept.last_seq : 0;
    this.outbox.restore(kept.pending);
  }

  #clear() {
    this.#entries.clear();
    this.#greeting = null;
    this.#lastSeq = 0;
    this.#view.cleared();
    for (const message of this.outbox.all) this.#view.pending(message);
  }

  /** The server no longer knows this conversation: begin another, with what is still to be said. */
  #forget() {
    this.memory.forget();
    forgetVisitor();
    this.line.tabs.tell({ type: 'gone' });
    this.#drop();
  }

  #drop() {
    this.#token = undefined;
    this.#id = '';
    this.#met = null;
    this.#confirmed = false;
    this.#clear();
  }

  #inOrder() {
    return [...this.#entries.values()].sort((a, b) => a.seq - b.seq);
  }

  #save() {
    const pending = this.outbox.all;
    /** @type {Kept} */
    const kept = { version: 1, token: this.#token, conversation: this.#id, last_seq: this.#lastSeq, entries: this.#inOrder(), pending, skew: this.#skew };
    if (!this.started) return this.memory.hold(kept);
    // Where tabs cannot hear each other, what another one still has to send must not be overwritten.
    if (!this.line.tabs.together) {
      const others = this.memory.stored()?.pending ?? [];
      pending.push(...others.filter(({ id }) => !this.outbox.knows(id)));
    }
    this.memory.save(kept);
  }
}
