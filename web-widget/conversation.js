/** @import { Entry, Kept, Link, Pending, ServerFrame, TabMessage, View, Welcome } from './types' */
import { Connection } from './connection.js';
import { consents, forgetVisitor, keepVisitor, visitor } from './events.js';
import { newId } from './ids.js';
import { Memory } from './storage.js';
import { Tabs } from './tabs.js';

/** A message is sent this often before the shopper is asked. */
const TRIES = 5;
/** Milliseconds without an answer after which a message is sent again, under the same id. */
const ACK_WITHIN = 15_000;
const RETRY_AFTER = 2_000;
const PAGE = 30;

/** Clocks may differ by this much without mattering. Milliseconds. */
const SKEW = 60_000;

/**
 * What was said, as this browser knows it: entries by sequence number and messages not yet
 * confirmed. Nothing is shown twice and nothing written is dropped, whatever the network does.
 *
 * Every tab has all of it. The one that leads has the socket and sends what any of them says; the others apply the same
 * frames, and each can take over from what it has.
 */
export class Conversation {
  #view;
  #memory;
  #connection;
  #tabs;
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
  /** The latest welcome: what the shop says of itself. @type {Welcome | null} */
  #met = null;
  /** Has a first message been confirmed? */
  #confirmed = false;
  /** Which tab said what the next reply answers. @type {{ seq: number, by?: string } | null} */
  #asked = null;
  /** Tabs that wait for older entries, in the order they asked. @type {string[]} */
  #asking = [];
  /** Messages that are through, or given up. */
  #settled = new Set();
  /** Who is signed in, where another tab said so. @type {{ token?: string } | null} */
  #identity = null;
  /** Milliseconds that the server's clock is ahead of this one. */
  #skew = 0;
  #failures = 0;
  /** @type {Link} */
  #state = 'off';
  #stopListening = new AbortController();

  /** @param {string} server base URL, ending in `/` @param {string} locale @param {View} view */
  constructor(server, locale, view) {
    this.#view = view;
    this.#locale = locale;
    this.#memory = new Memory(server);
    const url = new URL('v1/chat', server);
    url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
    this.#connection = new Connection(url.href, {
      hello: () => this.#hello(),
      frame: (frame) => this.#received(frame),
      link: (link, failures) => this.#link(link, failures),
      gone: () => this.#forget(),
    });
    this.#tabs = new Tabs(`shoptalk:${server}`, {
      lead: () => this.#lead(),
      follow: () => this.#follow(),
      heard: (message, from) => this.#told(message, from),
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

  /** Does the browser store this conversation? It does once the shopper has written something. */
  get kept() {
    return this.started;
  }

  /** Paints what the browser remembers, then connects. */
  start() {
    const kept = this.#met || this.started ? null : this.#memory.load();
    if (kept) this.#restore(kept);
    this.#stopListening.abort();
    this.#stopListening = new AbortController();
    const { signal } = this.#stopListening;
    // An open socket, a lock or a channel would keep the page out of the back/forward cache.
    addEventListener('pagehide', () => this.#leave(), { signal });
    addEventListener('pageshow', (event) => event.persisted && this.#tabs.join(), { signal });
    addEventListener('storage', () => this.#catchUp(), { signal });
    this.#tabs.join();
  }

  /** Where tabs cannot hear each other, one that only looked on goes on with what another has begun. */
  #catchUp() {
    if (this.#tabs.together || this.started) return;
    const kept = this.#memory.stored();
    if (!kept?.token || kept.token === this.#token) return;
    this.#clear();
    this.#restore({ ...kept, pending: [] });
    this.#connection.again();
  }

  stop() {
    this.#stopListening.abort();
    this.#leave();
  }

  #leave() {
    this.#connection.stop();
    this.#tabs.leave();
  }

  /** The conversation is deleted on the server: nothing of it stays here, and another begins. */
  deleted() {
    const token = this.#token;
    this.#memory.forget();
    forgetVisitor();
    // What is remembered of their looking around is another matter, and stays theirs to switch off.
    if (token && consents()) keepVisitor(token);
    this.#tabs.tell({ type: 'deleted' });
    this.#begin();
  }

  /** All tabs let go of what was deleted; the one that leads begins anew. */
  #begin() {
    for (const id of this.#pending.keys()) this.#settled.add(id);
    this.#pending.clear();
    this.#drop();
    if (this.#tabs.leads) this.#connection.again();
  }

  /** Who is there is said with the hello: says it again. */
  identified() {
    const identity = this.#view.identity();
    this.#identity = { token: identity };
    this.#tabs.tell({ type: 'identity', identity });
    if (this.#tabs.leads) this.#connection.again();
  }

  /** What was unread is read now. */
  seen() {
    this.#tabs.tell({ type: 'seen' });
  }

  /** @param {string} text @param {import('./types').Photo[]} [attachments] */
  say(text, attachments = []) {
    const photos = attachments.length ? attachments : undefined;
    /** @type {Pending} */
    const message = { id: newId(), text, attachments: photos, at: new Date().toISOString(), state: 'queued', tries: 0, by: this.#tabs.me, cart: this.#view.cart() };
    this.#pending.set(message.id, message);
    this.#mark(message, 'queued');
    this.#deliver();
    this.#save();
  }

  /** @param {string} id */
  retry(id) {
    this.#tabs.tell({ type: 'retry', id });
    this.#retry(id);
  }

  /** @param {string} id */
  #retry(id) {
    const message = this.#pending.get(id);
    if (!message) return;
    message.tries = 0;
    message.reason = undefined;
    message.state = 'queued';
    this.#view.pending(message);
    this.#deliver();
  }

  /** @param {string} id */
  discard(id) {
    this.#tabs.tell({ type: 'discard', id });
    this.#discard(id);
  }

  /** @param {string} id */
  #discard(id) {
    this.#settled.add(id);
    this.#pending.delete(id);
    this.#view.discarded(id);
    this.#save();
  }

  older() {
    const before = Math.min(...this.#entries.keys());
    if (Number.isFinite(before)) this.#older(before, this.#tabs.me);
  }

  /** @param {number} before @param {string} by the tab that asks */
  #older(before, by) {
    if (!this.#tabs.leads) this.#tabs.tell({ type: 'older', before });
    else if (this.#connection.send({ type: 'history', before, limit: PAGE })) this.#asking.push(by);
  }

  typing() {
    if (!this.#connection.send({ type: 'typing' })) this.#tabs.tell({ type: 'typing' });
  }

  #hello() {
    return /** @type {const} */ ({
      type: 'hello',
      token: this.#token ?? visitor(),
      last_seq: this.#token && this.#lastSeq ? this.#lastSeq : undefined,
      locale: this.#locale,
      page: this.#view.page(),
      identity: this.#identity ? this.#identity.token : this.#view.identity(),
    });
  }

  // Of the tabs, this one leads or follows.

  #lead() {
    // What was on its way in another tab may not have got there; the same id is not answered twice.
    for (const message of this.#pending.values()) if (message.state === 'sending') this.#mark(message, 'queued');
    this.#connection.start();
  }

  #follow() {
    clearTimeout(this.#timer);
    this.#connection.stop();
    this.#join();
  }

  #join() {
    const identity = this.#identity ? this.#identity.token : this.#view.identity();
    this.#tabs.tell({ type: 'join', conversation: this.#id, last_seq: this.#lastSeq, identity });
    // What was written while nobody led.
    for (const message of this.#pending.values()) if (message.by === this.#tabs.me) this.#tabs.tell({ type: 'pending', message });
  }

  /** @param {TabMessage} said @param {string} from */
  #told(said, from) {
    const { leads } = this.#tabs;
    switch (said.type) {
      case 'join':
        if (leads) this.#admit(said, from);
        return;
      case 'state':
        if (leads) return;
        if (said.welcome) this.#welcome(said.welcome);
        for (const message of said.pending) this.#adopt(message);
        this.#state = said.link;
        return this.#view.link(said.link, said.failures);
      case 'welcomed':
        return leads ? undefined : this.#join();
      case 'frame':
        return leads ? undefined : this.#frame(said.frame);
      case 'link':
        if (leads) return;
        this.#state = said.link;
        return this.#view.link(said.link, said.failures);
      case 'pending':
        return this.#adopt(said.message);
      case 'retry':
        return this.#retry(said.id);
      case 'discard':
        return this.#discard(said.id);
      case 'older':
        return leads ? this.#older(said.before, from) : undefined;
      case 'typing':
        if (leads) this.#connection.send({ type: 'typing' });
        return;
      case 'identity':
        this.#identity = { token: said.identity };
        if (leads) this.#connection.again();
        return;
      case 'seen':
        return this.#view.seen();
      case 'gone':
        return this.#drop();
      case 'deleted':
        return this.#begin();
    }
  }

  /** Brings a tab that has just come up to date. @param {TabMessage & { type: 'join' }} joiner @param {string} to */
  #admit(joiner, to) {
    if (joiner.identity && !this.#identity?.token && !this.#view.identity()) {
      this.#identity = { token: joiner.identity };
      this.#connection.again();
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
    const pending = [...this.#pending.values()];
    this.#tabs.tell({ type: 'state', welcome, pending, link: this.#state, failures: this.#failures }, to);
  }

  /** A message of another tab, new or in another state. @param {Pending} message */
  #adopt(message) {
    if (this.#settled.has(message.id)) return;
    const known = this.#pending.get(message.id);
    if (known && this.#tabs.leads) return;
    if (known) Object.assign(known, message);
    else this.#pending.set(message.id, message);
    this.#view.pending(known ?? message);
    if (this.#tabs.leads) this.#deliver();
    this.#save();
  }

  /** @param {ServerFrame} frame */
  #received(frame) {
    if (frame.type === 'history') {
      const asked = this.#asking.shift();
      if (asked && asked !== this.#tabs.me) return this.#tabs.tell({ type: 'frame', frame }, asked);
    }
    if (frame.type === 'ack') this.#announce(frame.id, frame.seq);
    this.#frame(frame);
    if (frame.type === 'welcome') this.#tabs.tell({ type: 'welcomed' });
    else if (frame.type !== 'history' && frame.type !== 'error' && frame.type !== 'pong') this.#tabs.tell({ type: 'frame', frame });
  }

  /** A tab that never heard of a message needs its words, too. @param {string} id @param {number} seq */
  #announce(id, seq) {
    const message = this.#pending.get(id);
    if (!message) return;
    const entry = /** @type {const} */ ({ seq, at: this.#serverTime(message.at), from: 'shopper', id, text: message.text, attachments: message.attachments });
    if (this.#greeting && seq === 2) {
      this.#tabs.tell({ type: 'frame', frame: { type: 'entry', entry: { seq: 1, at: entry.at, from: 'assistant', blocks: this.#greeting } } });
    }
    this.#tabs.tell({ type: 'frame', frame: { type: 'entry', entry } });
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
    this.#deliver();
    this.#save();
  }

  /** @param {string} id @param {number} seq */
  #acknowledged(id, seq) {
    const message = this.#pending.get(id);
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
    const said = entry.id ? this.#pending.get(entry.id) : undefined;
    if (entry.id) this.#settled.add(entry.id);
    if (said) {
      this.#pending.delete(said.id);
      this.#asked = { seq: entry.seq + 1, by: said.by };
    }
    if (this.#entries.has(entry.seq)) return;
    this.#entries.set(entry.seq, entry);
    this.#confirmed = true;
    while (this.#entries.has(this.#lastSeq + 1)) this.#lastSeq += 1;
    const by = this.#asked?.seq === entry.seq ? this.#asked.by : undefined;
    this.#view.entry(this.#here(entry), live, by ? by === this.#tabs.me : this.#tabs.leads);
    if (said) this.#deliver();
  }

  /** An entry with the time as this device's clock would have it. @param {Entry} entry @returns {Entry} */
  #here(entry) {
    return this.#skew ? { ...entry, at: new Date(Date.parse(entry.at) - this.#skew).toISOString() } : entry;
  }

  /** @param {string} at by this device's clock */
  #serverTime(at) {
    return this.#skew ? new Date(Date.parse(at) + this.#skew).toISOString() : at;
  }

  /** @param {ServerFrame & { type: 'error' }} error */
  #refused(error) {
    const message = error.id ? this.#pending.get(error.id) : undefined;
    this.#view.trouble(error.code, error.message);
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
    if (!message || message.state === 'sending' || !this.#tabs.leads) return;
    clearTimeout(this.#timer);
    const cart = message.by === this.#tabs.me ? this.#view.cart() : (message.cart ?? this.#view.cart());
    const attachments = message.attachments?.map((photo) => photo.id);
    if (!this.#connection.send({ type: 'message', id: message.id, text: message.text, cart, attachments })) return;
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
    this.#tabs.tell({ type: 'pending', message });
    this.#view.pending(message);
  }

  /** @param {Link} link @param {number} failures */
  #link(link, failures) {
    this.#failures = failures;
    if (link !== 'up') {
      clearTimeout(this.#timer);
      this.#asking = [];
    }
    // Switched off, it has not failed: another tab goes on, or this one comes back.
    if (link === 'off') return;
    this.#state = link;
    if (link !== 'up') {
      for (const message of this.#pending.values()) if (message.state === 'sending') this.#mark(message, 'queued');
    }
    this.#tabs.tell({ type: 'link', link, failures });
    this.#view.link(link, failures);
  }

  /** @param {Kept} kept */
  #restore(kept) {
    this.#token = kept.token;
    this.#id = kept.conversation;
    this.#skew = kept.skew ?? 0;
    this.#confirmed = kept.entries.length > 0 || kept.last_seq > 0;
    for (const entry of kept.entries) this.#take(entry, false);
    this.#lastSeq = kept.entries.length ? kept.last_seq : 0;
    for (const message of kept.pending) {
      if (this.#settled.has(message.id)) continue;
      const queued = { ...message, state: /** @type {const} */ ('queued'), tries: 0, by: undefined };
      this.#pending.set(message.id, queued);
      this.#view.pending(queued);
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
    this.#tabs.tell({ type: 'gone' });
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
    const pending = [...this.#pending.values()];
    /** @type {Kept} */
    const kept = { version: 1, token: this.#token, conversation: this.#id, last_seq: this.#lastSeq, entries: this.#inOrder(), pending, skew: this.#skew };
    if (!this.started) return this.#memory.hold(kept);
    // Where tabs cannot hear each other, what another one still has to send must not be overwritten.
    if (!this.#tabs.together) {
      const others = this.#memory.stored()?.pending ?? [];
      pending.push(...others.filter(({ id }) => !this.#settled.has(id) && !this.#pending.has(id)));
    }
    this.#memory.save(kept);
  }
}
