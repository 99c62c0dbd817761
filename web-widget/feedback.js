/** @import { Api } from './api.js' */
/** @import { Supplies } from './blocks.js' */
/** @import { Words } from './i18n.js' */
/** @import { Log } from './log.js' */
/** @import { Block, Entry, Feedback as Said, Shop } from './types' */
import { h } from './dom.js';

/** What may be said about replies, beneath them: whether an article helped, and how it was. */
export class Feedback {
  #words;
  #supplies;
  #log;
  #api;
  /** @type {Shop | null} */
  #shop = null;
  /** What was said about the conversation before. @type {Said} */
  #said = {};
  /** Waits for the first welcome. @type {(() => void)[]} */
  #unsaid = [];

  /** @param {Words} words @param {Supplies} supplies @param {Log} log @param {(kind: typeof Api) => Api} api */
  constructor(words, supplies, log, api) {
    this.#words = words;
    this.#supplies = supplies;
    this.#log = log;
    this.#api = api;
  }

  /** @param {Shop} shop @param {Said} said */
  shop(shop, said) {
    this.#shop = shop;
    this.#said = said;
    if (this.#unsaid.length) this.#log.hush();
    for (const fill of this.#unsaid.splice(0)) fill();
  }

  /** What the browser remembered is painted before the server says what was said. @param {Entry} entry */
  beneath({ from, seq, blocks = [] }) {
    const asked = blocks.find((block) => block.type === 'rating');
    if (from === 'shopper' || !(asked || isArticle(blocks))) return [];
    const place = h('div', { class: 'beneath', lang: this.#words.locale });
    const fill = () => {
      const { care } = this.#supplies;
      if (this.#shop?.asks_helpful && isArticle(blocks)) {
        void import('./helpful.js').then(({ Api, helpful }) => {
          place.prepend(helpful(seq, this.#said.helpful?.[seq], this.#api(Api), this.#words));
          this.#log.grown();
        }).catch(() => {});
      }
      if (asked && !this.#said.rated && care) place.append(care.rating(asked, seq, this.#api(care.Api), this.#words));
    };
    if (this.#shop) fill();
    else this.#unsaid.push(fill);
    return [place];
  }
}

/** Does a reply tell what stands in an article? @param {Block[]} blocks */
const isArticle = (blocks) => blocks.some((block) => block.type === 'text' && block.lines.some((line) => line.source.kind === 'article'));
