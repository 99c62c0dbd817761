// What the browser keeps, when it does: storage can be absent, full or forbidden, and then throws. Everything works
// without it, and only forgets with the page.

/** @param {() => Storage} store @param {string} key */
export function read(store, key) {
  try {
    return store().getItem(key);
  } catch {
    return null;
  }
}

/** Answers whether it is kept. @param {() => Storage} store @param {string} key @param {string | null} value */
export function write(store, key, value) {
  try {
    if (value === null) store().removeItem(key);
    else store().setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

export const shared = () => localStorage;
export const tab = () => sessionStorage;
