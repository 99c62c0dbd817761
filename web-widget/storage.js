/** @import { Kept } from './types' */

import { read, shared, tab, write } from './guarded.js';

/** Newest entries kept for an instant first paint, fewer where there is little room; the server has the rest. */
const ENTRIES = [50, 10, 0];

/** What this page knows, whether the browser keeps it or not. @type {Map<string, Kept>} */
const held = new Map();

/** What one server's chat keeps in this browser. The conversation is shared by tabs, the rest is the tab's own. */
export class Memory {
  #key;

  /** @param {string} server */
  constructor(server) {
    this.#key = `shoptalk:${server}`;
  }

  /** @returns {Kept | null} */
  load() {
    return held.get(this.#key) ?? this.stored();
  }

  /** What the browser keeps; other tabs may have written it. @returns {Kept | null} */
  stored() {
    try {
      const kept = JSON.parse(read(shared, this.#key) ?? 'null');
      return kept?.version === 1 && Array.isArray(kept.entries) && Array.isArray(kept.pending) ? kept : null;
    } catch {
      return null;
    }
  }

  /** For this page alone: nothing is stored yet. @param {Kept} kept */
  hold(kept) {
    held.set(this.#key, kept);
  }

  /** @param {Kept} kept */
  save(kept) {
    this.hold(kept);
    ENTRIES.some((newest) => write(shared, this.#key, JSON.stringify({ ...kept, entries: newest ? kept.entries.slice(-newest) : [] })));
  }

  forget() {
    held.delete(this.#key);
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
