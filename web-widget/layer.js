/** Below this the panel is a sheet over the whole screen. */
const PHONE = '(max-width: 480px), (max-height: 500px) and (pointer: coarse)';

/** How the panel lies over the page: a sheet that covers it, or a window beside it, whichever the screen asks for. */
export class Layer {
  #element;
  #phone = matchMedia(PHONE);
  #pageOverflow = '';

  /** A sheet: nothing else can be reached. */
  modal = false;

  /** @param {HTMLDialogElement} element @param {() => boolean} open is the panel open? Then it follows a screen that is turned */
  constructor(element, open) {
    this.#element = element;
    this.#phone.addEventListener('change', () => open() && this.show());
  }

  show() {
    this.hide();
    const element = this.#element;
    this.modal = this.#phone.matches;
    element.classList.toggle('sheet', this.modal);
    if (!this.modal) {
      // A dialog would take the focus: whether it may is for those who open it.
      element.inert = true;
      element.showPopover();
      element.inert = false;
      return;
    }
    // A dialog that can be a popover cannot be modal, so it is one thing at a time.
    element.removeAttribute('popover');
    element.showModal();
    const page = document.documentElement.style;
    this.#pageOverflow = page.overflow;
    page.overflow = 'hidden';
    visualViewport?.addEventListener('resize', this.#fit);
    visualViewport?.addEventListener('scroll', this.#fit);
    this.#fit();
  }

  hide() {
    const element = this.#element;
    if (this.modal) {
      const page = document.documentElement;
      element.close();
      element.setAttribute('popover', 'manual');
      page.style.overflow = this.#pageOverflow;
      // The page had no attribute of that name, perhaps.
      if (page.getAttribute('style') === '') page.removeAttribute('style');
      visualViewport?.removeEventListener('resize', this.#fit);
      visualViewport?.removeEventListener('scroll', this.#fit);
      this.modal = false;
    } else if (element.matches(':popover-open')) {
      element.hidePopover();
    }
  }

  /** A phone's keyboard shrinks only what is visible, not the page: the sheet follows what is visible. */
  #fit = () => {
    const seen = visualViewport;
    if (!seen || seen.scale > 1.05) return;
    this.#element.style.setProperty('--height', `${seen.height}px`);
    this.#element.style.setProperty('--shift', `${seen.offsetTop}px`);
  };
}
