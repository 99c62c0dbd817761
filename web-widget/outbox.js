/** @import { Line } from './line.js' */
/** @import { Pending, ServerFrame, View } from './types' */
import { newId } from './ids.js';

/** A message is sent this often before the shopper is asked. */
const TRIES = 5;
/** Milliseconds without an answer after which a message is sent again, under the same id. */
const ACK_WITHIN = 15_000;
const RETRY_AFTER = 2_000;

/**
 * What is written and not yet confirmed, in the order it was written. Every tab has all of it; the one that leads sends it, under
 * one id until it is confirmed, one message at a time.
 */
export class Outbox {
  #line;
  #view;
  #save;
  /** @type {Map<string, Pending>} */
  #pending = new Map();
  /** Messages that are through, or given up. */
  #settled = new Set();
  /** Of the one message that is on its way, or waits for its next try. */
  #timer = 0;

  /** @param {Line} line @param {View} view @param {() => void} save keeps what has changed */
  constructor(line, view, save) {
    this.#line = line;
    this.#view = view;
    this.#save = save;
  }

  get all() {
    return [...this.#pending.values()];
  }

  /** @param {string | undefined} id */
  get(id) {
    return id ? this.#pending.get(id) : undefined;
  }

  /** Was it ever here? @param {string} id */
  knows(id) {
    return this.#settled.has(id) || this.#pending.has(id);
  }

  /** @param {string} text @param {import('./types').Photo[]} [attachments] */
  say(text, attachments = []) {
    const photos = attachments.length ? attachments : undefined;
    /** @type {Pending} */
    const message = { id: newId(), text, attachments: photos, at: new Date().toISOString(), state: 'queued', tries: 0, by: this.#line.tabs.me, cart: this.#view.cart() };
    this.#pending.set(message.id, message);
    this.#mark(message, 'queued');
    this.deliver();
    this.#save();
  }

  /** @param {string} id */
  retry(id) {
    const message = this.#pending.get(id);
    if (!message) return;
    message.tries = 0;
    message.reason = undefined;
    message.state = 'queued';
    this.#view.pending(message);
    this.deliver();
  }

  /** @param {string} id */
  discard(id) {
    this.settle(id);
    this.#view.discarded(id);
    this.#save();
  }

  /** It is through, or given up. @param {string} id @returns {Pending | undefined} the message, where it was still here */
  settle(id) {
    const message = this.#pending.get(id);
    this.#settled.add(id);
    this.#pending.delete(id);
    return message;
  }

  /** What this browser kept from before. @param {Pending[]} kept */
  restore(kept) {
    for (const message of kept) {
      if (this.#settled.has(message.id)) continue;
      const queued = { ...message, state: /** @type {const} */ ('queued'), tries: 0, by: undefined };
      this.#pending.set(message.id, queued);
      this.#view.pending(queued);
    }
  }

  /** A message of another tab, new or in another state. @param {Pending} message */
  adopt(message) {
    if (this.#settled.has(message.id)) return;
    const known = this.#pending.get(message.id);
    const { leads } = this.#line.tabs;
    if (known && leads) return;
    if (known) Object.assign(known, message);
    else this.#pending.set(message.id, message);
    this.#view.pending(known ?? message);
    if (leads) this.deliver();
    this.#save();
  }

  /** What was on its way may not have got there; the same id is not answered twice. */
  requeue() {
    for (const message of this.#pending.values()) if (message.state === 'sending') this.#mark(message, 'queued');
  }

  /** Nothing can be sent for now. */
  rest() {
    clearTimeout(this.#timer);
  }

  /**
   * Sends what is next in line. One message at a time: if the second left before the first is
   * confirmed, a line that breaks between them could turn their order.
   */
  deliver() {
    const { connection, tabs } = this.#line;
    const message = this.all.find((one) => one.state !== 'failed');
    if (!message || message.state === 'sending' || !tabs.leads) return;
    clearTimeout(this.#timer);
    const cart = message.by === tabs.me ? this.#view.cart() : (message.cart ?? this.#view.cart());
    const attachments = message.attachments?.map((photo) => photo.id);
    if (!connection.send({ type: 'message', id: message.id, text: message.text, cart, attachments })) return;
    message.tries += 1;
    this.#mark(message, 'sending');
    this.#again(message, ACK_WITHIN);
  }

  /** @param {ServerFrame & { type: 'error' }} error */
  refused(error) {
    const message = this.get(error.id);
    if (!message) return console.warn(`shoptalk: ${error.code}: ${error.message}`);
    const passing = error.code === 'rate_limited' || error.code === 'temporarily_unavailable';
    if (passing && message.tries < TRIES) {
      // It keeps its place in the line: what was written after it waits, too.
      this.#again(message, error.retry_after_ms ?? RETRY_AFTER);
    } else {
      this.#fail(message, error.message);
    }
  }

  /** @param {Pending} message @param {number} wait milliseconds */
  #again(message, wait) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (!this.#pending.has(message.id)) return;
      if (message.tries >= TRIES) return this.#fail(message);
      message.state = 'queued';
      this.deliver();
    }, wait);
  }

  /** @param {Pending} message @param {string} [reason] */
  #fail(message, reason) {
    message.reason = reason;
    this.#mark(message, 'failed');
    this.deliver();
    this.#save();
  }

  /** @param {Pending} message @param {Pending['state']} state */
  #mark(message, state) {
    message.state = state;
    this.#line.tabs.tell({ type: 'pending', message });
    this.#view.pending(message);
  }
}
