// How many messages wait, before the page's own title, for whoever is looking at another tab.

let shown = '';
let own = '';

/** @param {number} n none takes it away, and leaves a title alone that the page has changed meanwhile */
export function countInTitle(n) {
  if (document.title !== shown) own = document.title;
  if (n === 0 && document.title !== shown) return;
  shown = n > 0 ? `(${n}) ${own}` : '';
  document.title = shown || own;
}
