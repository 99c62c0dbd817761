/** @import { Kept } from './types' */

import { read, shared, tab, write } from './guarded.js';

/**
 * Newest entries kept for an instant first paint; the server has the rest.
 */
const ENTRIES = 50;

/** What one server's chat keeps in this browser. The conversation is shared by tabs, the rest is the tab's own. */
export class Memory {
  #key;

  /** @param {string} server */
  constructor(server) {
    this.#key = `shoptalk:${server}`;
  }

  /** @returns {Kept | null} */
  load() {
    try {
      const kept = JSON.parse(read(shared, this.#key) ?? 'null');
      return kept?.version === 1 && typeof kept.token === 'string' ? kept : null;
    } catch {
      return null;
    }
  }

  /** @param {Kept} kept */
  save(kept) {
    write(shared, this.#key, JSON.stringify({ ...kept, entries: kept.entries.slice(-ENTRIES) }));
  }

  forget() {
    write(shared, this.#key, null);
    write(tab, 'shoptalk:open', null);
    write(tab, 'shoptalk:draft', null);
  }

  /** Is the panel open in this tab? The loader reads the same key. @param {boolean} open */
  set open(open) {
    write(tab, 'shoptalk:open', open ? '1' : null);
  }

  get draft() {
    return read(tab, 'shoptalk:draft') ?? '';
  }

  /** @param {string} text */
  set draft(text) {
    write(tab, 'shoptalk:draft', text || null);
  }
}
