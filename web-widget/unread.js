import { read, shared } from './guarded.js';

/** Off until a shopper switches it on. */
const SOUND = 'shoptalk:sound';

/** Replies that came while nobody looked: on the button, before the page's title for whoever is in another tab, and by a tone. */
export class Unread {
  #tell;
  #open;
  #count = 0;
  /** The page's title with the number, and as it is without. */
  #shown = '';
  #own = '';

  /** @param {(n: number) => void} tell @param {() => boolean} open is the panel? */
  constructor(tell, open) {
    this.#tell = tell;
    this.#open = open;
    document.addEventListener('visibilitychange', this.look);
  }

  /** The shopper looks at it. */
  look = () => {
    if (document.hidden) return;
    if (this.#open()) this.none();
    else this.#inTitle(0);
  };

  /** A reply came. */
  came() {
    if (this.#open() && !document.hidden) return;
    this.#set(this.#count + 1);
    if (read(shared, SOUND) === '1') void import('./sound.js').then(({ chime }) => chime()).catch(() => {});
  }

  /** All was read, here or in another tab. */
  none() {
    this.#set(0);
  }

  end() {
    document.removeEventListener('visibilitychange', this.look);
    this.#inTitle(0);
  }

  /** @param {number} n */
  #set(n) {
    this.#count = n;
    this.#tell(n);
    this.#inTitle(document.hidden ? n : 0);
  }

  /** @param {number} n none takes it away, and leaves a title alone that the page has changed meanwhile */
  #inTitle(n) {
    if (document.title !== this.#shown) this.#own = document.title;
    if (n === 0 && document.title !== this.#shown) return;
    this.#shown = n > 0 ? `(${n}) ${this.#own}` : '';
    document.title = this.#shown || this.#own;
  }
}
