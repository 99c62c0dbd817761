/** @import { UploadTerms } from './types' */
/** @import { Words } from './i18n.js' */
/** @import { Tray } from './upload.js' */
import { h, icon } from './dom.js';

/** The way in for photos: chosen, pasted or dropped. The tray that takes them is fetched with the first one. */
export class Attach {
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
