/** @import { Conversation } from './conversation.js' */
/** @import { UploadTerms } from './types' */
/** @import { Words } from './i18n.js' */
/** @import { Tray } from './upload.js' */
import { h, icon } from './dom.js';

const LONGEST_TEXT = 4_000;

/** Where a message is written: its words, and photos that go along. */
export class Composer {
  #words;
  #conversation;
  #announce;

  /**
   * @param {Words} words
   * @param {Conversation} conversation
   * @param {{ announce: (words: string) => void, tray: (composer: Composer) => Promise<Tray> }} on
   */
  constructor(words, conversation, { announce, tray }) {
    this.#words = words;
    this.#conversation = conversation;
    this.#announce = announce;
    this.input = h('textarea', {
      'aria-label': words.say('write'),
      placeholder: words.say('placeholder'),
      rows: 1,
      maxlength: LONGEST_TEXT,
      enterkeyhint: 'send',
      dir: 'auto',
      oninput: () => this.#typed(),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
    });
    this.attach = new Attach(words, { announce, tray: () => tray(this) });
    this.element = h(
      'form',
      { class: 'composer', part: 'composer', onsubmit: (/** @type {Event} */ event) => this.#submit(event) },
      this.input,
      this.attach.button,
      this.attach.input,
      h('button', { class: 'send', 'aria-label': words.say('send') }, icon('send')),
    );
    this.input.value = conversation.memory.draft;
  }

  /** Puts words in, for the shopper to finish. @param {string} text */
  write(text) {
    this.input.value = text;
    this.#typed();
  }

  #typed() {
    this.grow();
    if (this.#conversation.started) this.#conversation.memory.draft = this.input.value;
    this.#conversation.line.typing();
  }

  /** Grows with its text where the browser does not do it by itself. */
  grow() {
    this.element.classList.toggle('ready', this.input.value.trim() !== '' || !this.attach.empty);
    if (CSS.supports('field-sizing', 'content')) return;
    this.input.style.height = 'auto';
    this.input.style.height = `${this.input.scrollHeight}px`;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.element.requestSubmit();
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text && this.attach.empty) return this.input.focus();
    // What is on its way or failed is the shopper's to wait for, to try again or to take out.
    if (this.attach.busy) return this.#announce(this.#words.say('photo_wait'));
    if (this.attach.failed) return this.#announce(this.#words.say('photo_failed'));
    this.#conversation.outbox.say(text, this.attach.take());
    this.input.value = '';
    this.#conversation.memory.draft = '';
    this.grow();
    this.input.focus();
  }
}

/** The way in for photos: chosen, pasted or dropped. The tray that takes them is fetched with the first one. */
class Attach {
  #words;
  #on;
  /** @type {UploadTerms | undefined} */
  #terms;
  /** @type {Tray | null} */
  #tray = null;
  /** @type {Promise<Tray> | null} */
  #fetched = null;
  /** Times that photos wait for the tray. */
  #coming = 0;

  /**
   * @param {Words} words
   * @param {{ tray: () => Promise<Tray>, announce: (words: string) => void }} on `tray` may fail: then it is asked for again
   */
  constructor(words, on) {
    this.#words = words;
    this.#on = on;
    // No `capture`: phones offer the camera and the gallery.
    this.input = h('input', {
      type: 'file',
      accept: 'image/*',
      multiple: true,
      hidden: true,
      tabindex: -1,
      'aria-hidden': 'true',
      onchange: () => {
        void this.#add([...(this.input.files ?? [])]);
        this.input.value = '';
      },
    });
    this.button = h('button', { type: 'button', class: 'attach', 'aria-label': words.say('photo_add'), hidden: true, onclick: () => this.input.click() }, icon('photo'));
    this.element = h('ul', { class: 'tray', role: 'list', 'aria-label': words.say('photos'), hidden: true });
  }

  /** What the shop takes; nothing where it takes none. @param {UploadTerms | undefined} terms */
  terms(terms) {
    this.#terms = terms;
    this.button.hidden = !terms;
  }

  /** Photos that are dropped on or pasted into an element. @param {HTMLElement} element @param {HTMLElement} shown shows that they may be let go here */
  watch(element, shown) {
    const photos = (/** @type {DataTransfer | null} */ from) => [...(from?.files ?? [])].filter((file) => file.type.startsWith('image/'));
    const carries = (/** @type {DragEvent} */ event) => this.#terms && event.dataTransfer?.types.includes('Files');
    element.addEventListener('paste', (event) => {
      const files = photos(event.clipboardData);
      if (!this.#terms || files.length === 0) return;
      event.preventDefault();
      void this.#add(files);
    });
    element.addEventListener('dragover', (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      shown.classList.add('drop');
    });
    element.addEventListener('dragleave', (event) => {
      if (!element.contains(/** @type {Node | null} */ (event.relatedTarget))) shown.classList.remove('drop');
    });
    element.addEventListener('drop', (event) => {
      shown.classList.remove('drop');
      if (!carries(event)) return;
      event.preventDefault();
      void this.#add([...(event.dataTransfer?.files ?? [])]);
    });
  }

  /** @param {Blob[]} files */
  async #add(files) {
    if (!this.#terms || files.length === 0) return;
    this.#coming += 1;
    try {
      this.#fetched ??= this.#on.tray();
      this.#tray = await this.#fetched;
      this.#tray.add(files, this.#terms);
    } catch {
      this.#fetched = null;
      this.#on.announce(this.#words.say('photo_not_now'));
    } finally {
      this.#coming -= 1;
    }
  }

  get empty() {
    return this.#coming === 0 && (this.#tray?.empty ?? true);
  }

  /** Is one still on its way? */
  get busy() {
    return this.#coming > 0 || (this.#tray?.busy ?? false);
  }

  get failed() {
    return this.#tray?.failed ?? false;
  }

  /** The photos of the message that is sent now; none are left then. */
  take() {
    return this.#tray?.take() ?? [];
  }

  clear() {
    this.#tray?.clear();
  }

  /** Another conversation began: what was sent ahead belongs to the last one, and is sent again. */
  again() {
    this.#tray?.again();
  }
}
