/** @import { Block, Choice, Entry, Line, Photo, Shop, Source } from './types' */
/** @import { Words } from './i18n.js' */
import { h, heard, icon, link, pause } from './dom.js';
import { markdown } from './markdown.js';

/**
 * What blocks need around them. `say` answers with the next reply, or nothing when the words were taken back; `tell` is for
 * those who listen; `beneath` is what a shopper may say about a reply.
 * @typedef {{
 *   words: Words, shop: Shop | null, say: (text: string) => Promise<Entry | null>, tell: (words: string) => void,
 *   photos: (photos: Photo[]) => HTMLElement,
 *   beneath: (entry: Entry) => HTMLElement[],
 * }} Setting
 */

/** What draws products, once it is here. @type {typeof import('./products.js') | undefined} */
let cards;
/** What papers.js draws, once it is here. @type {typeof import('./papers.js') | undefined} */
let papers;
const PAPERS = ['comparison', 'cart', 'order', 'return', 'form', 'handoff', 'image'];
/** Times that what draws cards is fetched before a reply is shown without them. */
const FETCHES = 4;

/** @typedef {{ blocks?: Block[], attachments?: Photo[] }} Said what decides by which modules it is drawn */

/** Which modules draw these? @param {Block[] | undefined} blocks */
function needed(blocks = []) {
  return { cards: blocks.some(({ type }) => type === 'products'), papers: blocks.some(({ type }) => PAPERS.includes(type)) };
}

/** Fetches what draws products. @returns {Promise<string>} its looks */
export async function fetchCards() {
  cards ??= await import('./products.js');
  return cards.css;
}

/** Fetches what draws the rest. @returns {Promise<string>} its looks */
async function fetchPapers() {
  papers ??= await import('./papers.js');
  return papers.css;
}

/** What not every talk needs: fetched when something is to be shown by it, which waits until then, and all that comes after it. */
export class Supplies {
  #root;
  /** What waits until the one before it can be drawn, in the order it happened. @type {{ said: Said, show: () => void, draw?: false | (() => Promise<void>) }[]} */
  #later = [];
  /** Looks that are on. @type {Set<'cards' | 'papers' | 'care'>} */
  #worn = new Set();
  /** What few shoppers need, once it is here. @type {typeof import('./care.js') | undefined} */
  care;

  /** @param {ShadowRoot} root where looks are put on */
  constructor(root) {
    this.#root = root;
  }

  /**
   * Shows something at its turn: now, or when what draws it has come.
   * @param {Said} said @param {() => void} show @param {false | (() => Promise<void>)} [draw] draws it first, where it takes long
   */
  when(said, show, draw) {
    this.#later.push({ said, show, draw });
    if (this.#later.length === 1) void this.#inTurn();
  }

  async #inTurn() {
    for (let next = this.#later[0]; next; next = this.#later[0]) {
      const { blocks, attachments } = next.said;
      const need = needed(blocks);
      if (need.cards && !this.#worn.has('cards')) await this.#dress('cards');
      if (need.papers && !this.#worn.has('papers')) await this.#dress('papers');
      if ((attachments?.length || blocks?.some(({ type }) => type === 'rating')) && !this.#worn.has('care')) await this.#dress('care');
      if (cards && need.cards && next.draw) await next.draw().catch(reportError);
      try {
        next.show();
      } catch (error) {
        reportError(error);
      }
      this.#later.shift();
    }
  }

  /** Fetches what is not needed at once, and puts on its looks. @param {'cards' | 'papers' | 'care'} part @returns {Promise<void>} */
  async #dress(part, tries = FETCHES) {
    try {
      if (part === 'care') this.care = await import('./care.js');
      const css = part === 'care' ? this.care?.css : await (part === 'cards' ? fetchCards() : fetchPapers());
      if (this.#worn.has(part)) return;
      this.#worn.add(part);
      this.wear(css ?? '');
      await pause();
    } catch (error) {
      if (tries <= 1) return console.error('shoptalk: something could not be loaded', error);
      await new Promise((done) => setTimeout(done, 1_000));
      return this.#dress(part, tries - 1);
    }
  }

  /** @param {string} css */
  wear(css) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    this.#root.adoptedStyleSheets.push(sheet);
  }

  /** @throws when the network failed each time */
  async fetchCare() {
    if (!this.#worn.has('care')) await this.#dress('care');
    if (!this.care) throw new Error('the network failed');
    return this.care;
  }
}

/**
 * @param {Block} block
 * @param {Setting} setting
 * @param {(() => void)[]} [later] takes what completes it, for who has time
 * @returns {HTMLElement | null | undefined} nothing for a type this version does not know
 */
export function render(block, setting, later) {
  const { words } = setting;
  switch (block.type) {
    case 'text':
      return h('div', { class: 'bubble', part: 'message', dir: 'auto' }, ...lines(block.lines, words));
    case 'choices':
      return choices(block.choices, block.prompt, setting);
    case 'products':
      return cards?.products(block, setting, later);
    case 'link':
      return h('p', {}, link(block.url, words.say('new_tab'), { class: 'button' }, block.label.text));
    default:
      // Who asked for a person is told of it, even where the looks could not be fetched.
      if (!papers && block.type === 'handoff') return h('p', { dir: 'auto' }, block.message.text);
      return papers?.draw(block, setting);
  }
}

/**
 * Paragraphs, and under the sentences of one article its name.
 * @param {Line[]} all @param {Words} words
 */
function lines(all, words) {
  const newTab = words.say('new_tab');
  return all.flatMap((line, at) => {
    const source = line.source;
    const next = all[at + 1]?.source;
    const last = source.kind === 'article' && !(next?.kind === 'article' && next.title === source.title);
    return [...markdown(line.text, newTab), ...(last ? [from(source, words)] : [])];
  });
}

/** @param {Source & { kind: 'article' }} source @param {Words} words */
function from(source, words) {
  const title = link(source.url, words.say('new_tab'), {}, source.title);
  return h('p', { class: 'source' }, icon('book'), h('span', {}, `${words.say('from_source')} `, title));
}

let groups = 0;

/** @param {Choice[]} all @param {Line | undefined} prompt @param {Setting} setting */
function choices(all, prompt, { words, say }) {
  const id = `choices-${++groups}`;
  return h(
    'div',
    { class: 'choices' },
    prompt && h('p', { id, dir: 'auto' }, prompt.text),
    h(
      'div',
      { role: 'group', class: 'row', 'aria-labelledby': prompt && id, 'aria-label': !prompt && words.say('options_were') },
      ...all.map((choice, at) =>
        // The digit that presses it is painted, not written: it is no part of its name.
        h('button', { type: 'button', class: 'choice', part: 'choice', 'data-key': at < 9 && at + 1, onclick: () => say(choice.say ?? choice.label) }, h('bdi', {}, choice.label)),
      ),
    ),
  );
}

/** Once the talk has moved on, old choices are only words. @param {ParentNode} entry @param {Words} words */
export function retire(entry, words) {
  for (const row of entry.querySelectorAll('.choices .row')) {
    const labels = [...row.querySelectorAll('button')].map((button) => button.textContent);
    row.replaceWith(h('p', { class: 'quiet', dir: 'auto' }, heard(`${words.say('options_were')} `), labels.join(' · ')));
  }
  papers?.retire(entry);
}
