/** @import { ClientFrame, Link, Pending, ServerFrame, TabMessage, Welcome } from './types' */
import { Connection } from './connection.js';
import { Tabs } from './tabs.js';

/** Entries asked for at once. */
const PAGE = 30;

/**
 * The line to the server, one for all tabs of a browser. The tab that leads has the socket: what it hears it tells the others, and
 * what they ask for it sends. The others can take over from what they were told.
 */
export class Line {
  #on;
  /** Tabs that wait for older entries, in the order they asked. @type {string[]} */
  #asking = [];
  /** @type {Link} */
  #state = 'off';
  #failures = 0;
  #stopListening = new AbortController();

  /**
   * @param {string} server base URL, ending in `/`
   * @param {{
   *   hello: () => ClientFrame,
   *   join: () => void,
   *   admit: (joiner: TabMessage & { type: 'join' }) => { welcome: Welcome | null, pending: Pending[] },
   *   lead: () => void,
   *   frame: (frame: ServerFrame) => void,
   *   down: (link: Link) => void,
   *   link: (link: Link, failures: number) => void,
   *   told: (message: TabMessage) => void,
   *   stored: () => void,
   *   gone: () => void,
   * }} on `join` tells the leader what this tab knows, `admit` answers what a joiner has missed; `told` hears what is not about the line;
   * `stored` is what is left where tabs cannot hear each other: that another has stored something
   */
  constructor(server, on) {
    this.#on = on;
    const url = new URL('v1/chat', server);
    url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
    this.connection = new Connection(url.href, {
      hello: on.hello,
      frame: (frame) => this.#received(frame),
      link: (link, failures) => this.#link(link, failures),
      gone: on.gone,
    });
    this.tabs = new Tabs(`shoptalk:${server}`, {
      lead: () => {
        on.lead();
        this.connection.start();
      },
      follow: () => {
        this.connection.stop();
        on.join();
      },
      heard: (message, from) => this.#told(message, from),
    });
  }

  start() {
    this.#stopListening.abort();
    this.#stopListening = new AbortController();
    const { signal } = this.#stopListening;
    // An open socket, a lock or a channel would keep the page out of the back/forward cache.
    addEventListener('pagehide', () => this.#leave(), { signal });
    addEventListener('pageshow', (event) => event.persisted && this.tabs.join(), { signal });
    addEventListener('storage', () => this.tabs.together || this.#on.stored(), { signal });
    this.tabs.join();
  }

  stop() {
    this.#stopListening.abort();
    this.#leave();
  }

  #leave() {
    this.connection.stop();
    this.tabs.leave();
  }

  /** Says hello anew, where this tab is the one that does. */
  again() {
    if (this.tabs.leads) this.connection.again();
  }

  typing() {
    if (!this.connection.send({ type: 'typing' })) this.tabs.tell({ type: 'typing' });
  }

  /** Asks for a page of older entries. @param {number} before @param {string} [by] the tab that asks */
  older(before, by = this.tabs.me) {
    if (!this.tabs.leads) this.tabs.tell({ type: 'older', before });
    else if (this.connection.send({ type: 'history', before, limit: PAGE })) this.#asking.push(by);
  }

  /** @param {ServerFrame} frame */
  #received(frame) {
    if (frame.type === 'history') {
      const asked = this.#asking.shift();
      if (asked && asked !== this.tabs.me) return this.tabs.tell({ type: 'frame', frame }, asked);
    }
    this.#on.frame(frame);
    if (frame.type === 'welcome') this.tabs.tell({ type: 'welcomed' });
    else if (frame.type !== 'history' && frame.type !== 'error' && frame.type !== 'pong') this.tabs.tell({ type: 'frame', frame });
  }

  /** @param {Link} link @param {number} failures */
  #link(link, failures) {
    this.#failures = failures;
    if (link !== 'up') {
      this.#asking = [];
      this.#on.down(link);
    }
    // Switched off, it has not failed: another tab goes on, or this one comes back.
    if (link === 'off') return;
    this.tabs.tell({ type: 'link', link, failures });
    this.#linked(link, failures);
  }

  /** @param {Link} link @param {number} failures */
  #linked(link, failures) {
    this.#state = link;
    this.#on.link(link, failures);
  }

  /** @param {TabMessage} said @param {string} from */
  #told(said, from) {
    const { leads } = this.tabs;
    switch (said.type) {
      case 'join':
        if (leads) this.tabs.tell({ type: 'state', ...this.#on.admit(said), link: this.#state, failures: this.#failures }, from);
        return;
      case 'state':
        if (leads) return;
        this.#on.told(said);
        return this.#linked(said.link, said.failures);
      case 'link':
        return leads ? undefined : this.#linked(said.link, said.failures);
      case 'welcomed':
        return leads ? undefined : this.#on.join();
      case 'frame':
        return leads ? undefined : this.#on.frame(said.frame);
      case 'older':
        return leads ? this.older(said.before, from) : undefined;
      case 'typing':
        if (leads) this.connection.send({ type: 'typing' });
        return;
      default:
        return this.#on.told(said);
    }
  }
}
