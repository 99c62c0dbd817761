/** @import { ClientFrame, Link, ServerFrame } from './types' */

/** Waits between attempts grow from the first to the last of these; the real wait is a random part (full jitter). Milliseconds. */
const FIRST_WAIT = 300;
const LONGEST_WAIT = 30_000;
/** While somebody is looking at it. */
const LONGEST_WATCHED = 8_000;
/** A socket that is up for this long counts as healthy: the next loss starts from the first wait again. */
const HEALTHY_AFTER = 10_000;
const WELCOME_WITHIN = 10_000;
const PING_EVERY = 25_000;
const PONG_WITHIN = 8_000;

/** Least wait by close code, where trying at once would make things worse. */
const LEAST_WAIT = new Map([
  [1002, 10_000],
  [1003, 10_000],
  [1007, 10_000],
  [1009, 10_000],
  [1013, 3_000],
]);

/**
 * One socket and its life: opened when asked, opened again when lost. It knows frames, not what they
 * say.
 */
export class Connection {
  #url;
  #hooks;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Link} */
  #link = 'off';
  #failures = 0;
  #upSince = 0;
  #heard = 0;
  #retry = 0;
  #pinger = 0;
  #watchdog = 0;
  #stopListening = new AbortController();

  /**
   * @param {string} url
   * @param {{
   *   hello: () => ClientFrame,
   *   frame: (frame: ServerFrame) => void,
   *   link: (link: Link, failures: number) => void,
   *   gone: () => void,
   * }} hooks
   */
  constructor(url, hooks) {
    this.#url = url;
    this.#hooks = hooks;
  }

  get up() {
    return this.#link === 'up';
  }

  start() {
    if (this.#link !== 'off') return;
    this.#stopListening = new AbortController();
    const { signal } = this.#stopListening;
    const wake = () => this.#wake();
    addEventListener('online', wake, { signal });
    addEventListener('focus', wake, { signal });
    document.addEventListener('visibilitychange', () => document.hidden || wake(), { signal });
    // The socket does not know yet, and would wait for a minute.
    addEventListener('offline', () => this.#socket && this.#lost(this.#socket, 0, ''), { signal });
    this.#open();
  }

  /** Opens a new socket in place of the one there is. */
  again() {
    if (this.#link !== 'off') this.#open();
  }

  stop() {
    this.#stopListening.abort();
    this.#drop('off');
  }

  /** Sends now, or answers false. @param {ClientFrame} frame */
  send(frame) {
    if (!this.up || this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #open() {
    this.#drop('connecting');
    const socket = new WebSocket(this.#url, 'shoptalk.v1');
    this.#socket = socket;
    this.#watchdog = setTimeout(() => this.#lost(socket, 0, ''), WELCOME_WITHIN);
    socket.onopen = () => socket.send(JSON.stringify(this.#hooks.hello()));
    socket.onmessage = (event) => this.#receive(event.data);
    socket.onclose = (event) => this.#lost(socket, event.code, event.reason);
  }

  /** @param {unknown} data */
  #receive(data) {
    this.#heard = performance.now();
    /** @type {ServerFrame} */
    let frame;
    try {
      frame = JSON.parse(String(data));
    } catch {
      return;
    }
    if (frame.type === 'welcome') {
      clearTimeout(this.#watchdog);
      this.#upSince = performance.now();
      this.#pinger = setInterval(() => this.#ping(), PING_EVERY);
      this.#set('up');
    }
    // A socket that does its work is a good one, however short its life.
    if (frame.type === 'ack' || frame.type === 'pong') this.#failures = 0;
    this.#hooks.frame(frame);
  }

  /** A half-open socket takes what we send and says nothing: only silence after a ping gives it away. */
  #ping() {
    const asked = performance.now();
    const socket = this.#socket;
    if (!socket || !this.send({ type: 'ping' })) return;
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => {
      if (this.#heard < asked) this.#lost(socket, 0, '');
    }, PONG_WITHIN);
  }

  #wake() {
    if (this.#link === 'up') this.#ping();
    else if (this.#link === 'waiting') this.#open();
  }

  /** @param {WebSocket} socket @param {number} code @param {string} reason */
  #lost(socket, code, reason) {
    if (socket !== this.#socket) return;
    if (this.#upSince && performance.now() - this.#upSince > HEALTHY_AFTER) this.#failures = 0;
    if (code === 1008 && reason === 'gone') this.#hooks.gone();
    this.#failures += 1;
    const wait = reason === 'rate_limited' ? LONGEST_WAIT * Math.random() : this.#wait(code);
    this.#drop('waiting');
    this.#retry = setTimeout(() => this.#open(), wait);
  }

  /** @param {number} code */
  #wait(code) {
    // A restarting server is back at once; the spread keeps its shoppers from arriving together.
    if (code === 1012 && this.#failures <= 3) return 150 + Math.random() * 1350;
    const ceiling = Math.min(document.hidden ? LONGEST_WAIT : LONGEST_WATCHED, FIRST_WAIT * 2 ** (this.#failures - 1));
    return (LEAST_WAIT.get(code) ?? 50) + Math.random() * ceiling;
  }

  /** @param {Link} next */
  #drop(next) {
    clearTimeout(this.#retry);
    clearTimeout(this.#watchdog);
    clearInterval(this.#pinger);
    const socket = this.#socket;
    this.#socket = null;
    this.#upSince = 0;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close(1000);
    }
    this.#set(next);
  }

  /** @param {Link} link */
  #set(link) {
    if (link === this.#link) return;
    this.#link = link;
    this.#hooks.link(link, this.#failures);
  }
}
