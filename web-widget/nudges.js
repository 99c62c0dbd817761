export class Nudges {
  /** @param {any} chat @param {HTMLElement} dock @param {string} server */
  constructor(chat, dock, server) {
    void [chat, dock, server];
  }
}
