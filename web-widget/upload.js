/** @import { Api } from './api.js' */
/** @import { Photo, UploadTerms } from './types' */
/** @import { Words } from './i18n.js' */
/** @import { Strings } from './strings.js' */
import { Refusal } from './api.js';
import { h, heard, icon } from './dom.js';
import { draw, prepare, remember } from './photo.js';

/** Refusals that the server gives for a reason a shopper can do something about. @type {Record<string, keyof Strings>} */
const REASONS = {
  '': 'photo_offline',
  not_a_photo: 'photo_kind',
  too_large: 'photo_large',
  too_many_pixels: 'photo_large',
  damaged: 'photo_damaged',
  too_many_photos: 'photo_many',
  infected: 'photo_infected',
};
/** For these, the same photo again may well be taken. */
const PASSING = new Set(['', 'busy', 'unchecked', 'store_unavailable', 'too_many_requests', 'draining']);

/**
 * @typedef {{
 *   row: HTMLElement, bar: HTMLProgressElement, note: HTMLElement, canvas: HTMLCanvasElement, retry: HTMLButtonElement,
 *   file: Blob, bitmap?: ImageBitmap, photo?: Photo, failed: boolean, stop: AbortController,
 * }} Item
 */

/** Photos on their way into a message: shown, and sent ahead of the words. */
export class Tray {
  #words;
  #api;
  #on;
  /** @type {UploadTerms | undefined} */
  #terms;
  /** @type {Item[]} */
  #items = [];

  #button;

  /**
   * @param {Words} words @param {Api} api
   * @param {HTMLElement} element the list that shows them @param {HTMLElement} button what adds one: the focus goes there when none is left
   * @param {{ changed: () => void, announce: (words: string) => void }} on
   */
  constructor(words, api, element, button, on) {
    this.#words = words;
    this.#api = api;
    this.element = element;
    this.#button = button;
    this.#on = on;
  }

  get empty() {
    return this.#items.length === 0;
  }

  /** Is one still on its way? */
  get busy() {
    return this.#items.some((item) => !item.photo && !item.failed);
  }

  get failed() {
    return this.#items.some((item) => item.failed);
  }

  /** @param {Blob[]} files @param {UploadTerms} terms what the shop takes */
  add(files, terms) {
    this.#terms = terms;
    const room = Math.max(0, terms.per_message - this.#items.length);
    if (files.length > room) this.#on.announce(this.#words.say('photo_per_message', { n: terms.per_message }));
    for (const file of files.slice(0, room)) this.#item(file);
    this.#changed();
  }

  /** The photos of the message that is sent now; the tray is empty then. */
  take() {
    const photos = this.#items.flatMap((item) => item.photo ?? []);
    this.clear();
    return photos;
  }

  clear() {
    for (const item of this.#items) item.row.remove();
    this.#items = [];
    this.#changed();
  }

  /** Another conversation began: what was sent ahead belongs to the last one, and is sent again. */
  again() {
    for (const item of this.#items) void this.#send(item);
  }

  #changed() {
    this.element.hidden = this.empty;
    this.#on.changed();
  }

  /** @param {Blob} file */
  #item(file) {
    const words = this.#words;
    const n = this.#items.length + 1;
    const name = words.say('photo_n', { n });
    const canvas = h('canvas', { role: 'img', 'aria-label': name, width: 1, height: 1 });
    const bar = h('progress', { max: 1, value: 0, 'aria-label': words.say('photo_progress', { n }) });
    const note = h('p', { class: 'why-not', hidden: true });
    const retry = h('button', { type: 'button', class: 'again', hidden: true, onclick: () => void this.#send(item) }, words.say('retry'), heard(` ${name}`));
    const remove = h('button', { type: 'button', class: 'remove', 'aria-label': words.say('photo_remove', { n }), onclick: () => this.#remove(item) }, icon('close'));
    const row = h('li', {}, h('span', { class: 'thumb' }, canvas), h('div', { class: 'how' }, bar, note, retry), remove);
    /** @type {Item} */
    const item = { row, bar, note, canvas, retry, file, failed: false, stop: new AbortController() };
    this.#items.push(item);
    this.element.append(row);
    void this.#send(item);
  }

  /** @param {Item} item */
  async #send(item) {
    item.stop.abort();
    item.stop = new AbortController();
    const { stop } = item;
    item.failed = false;
    item.photo = undefined;
    item.note.hidden = item.retry.hidden = true;
    item.bar.hidden = false;
    item.bar.value = 0;
    this.#changed();
    try {
      const { blob, bitmap } = await prepare(item.file).catch(() => {
        throw new Refusal('not_a_photo');
      });
      item.bitmap = bitmap;
      draw(item.canvas, bitmap);
      if (blob.size > (this.#terms?.most_bytes ?? Infinity)) throw new Refusal('too_large');
      if (stop.signal.aborted) return;
      const taken = await this.#api.send('v1/uploads', blob, (share) => (item.bar.value = share), stop.signal);
      item.photo = { id: taken.id, width: taken.width, height: taken.height };
      remember(taken.id, bitmap);
      item.bar.hidden = true;
      item.note.hidden = false;
      item.note.className = 'quiet';
      item.note.textContent = this.#words.say('photo_there');
      this.#on.announce(this.#words.say('photo_there'));
    } catch (error) {
      if (stop.signal.aborted) return;
      const code = error instanceof Refusal ? error.code : '';
      this.#fail(item, code);
    }
    this.#changed();
  }

  /** @param {Item} item @param {string} code */
  #fail(item, code) {
    const why = this.#words.say(REASONS[code] ?? 'photo_not_now');
    item.failed = true;
    item.bar.hidden = true;
    item.note.hidden = false;
    item.note.className = 'why-not';
    item.note.replaceChildren(icon('alert'), why);
    item.retry.hidden = !(PASSING.has(code) || !(code in REASONS));
    this.#on.announce(why);
  }

  /** @param {Item} item */
  #remove(item) {
    const at = this.#items.indexOf(item);
    item.stop.abort();
    item.row.remove();
    this.#items = this.#items.filter((other) => other !== item);
    // Not sent, it goes by itself within a day; sooner is better.
    if (item.photo) void this.#api.ask('DELETE', `v1/uploads/${item.photo.id}`).catch(() => {});
    const next = this.#items[Math.min(at, this.#items.length - 1)];
    /** @type {HTMLElement} */ (next?.row.querySelector('.remove') ?? this.#button).focus();
    this.#on.announce(this.#words.say('photo_removed'));
    this.#changed();
  }
}
