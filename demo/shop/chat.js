/** @import { Shoptalk } from '../../web-widget/shoptalk' */

// What these pages ask of the chat. widget.js may come later: until then `shoptalk` is a list of what it is to do.

/** @type {Promise<Shoptalk>} */
export const chat = new Promise((there) => {
  const queue = /** @type {{ push: (call: (shoptalk: Shoptalk) => void) => void }} */ (window.shoptalk ??= /** @type {any} */ ([]));
  queue.push(there);
});
