// The chat of the page. It puts itself there when the page has nothing else to do, and a shopper may press sooner.

/** @typedef {HTMLElement & { cart: unknown, open: (how: { draft: string }) => void }} Chat */

/** @type {Promise<Chat>} */
export const chat = customElements.whenDefined('shop-talk').then(
  () =>
    new Promise((found) => {
      const look = () => {
        const element = document.querySelector('shop-talk');
        if (element) found(/** @type {Chat} */ (element));
        return element !== null;
      };
      if (!look()) new MutationObserver((_, seen) => look() && seen.disconnect()).observe(document.body, { childList: true });
    }),
);
