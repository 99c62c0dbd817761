/** @import { Api } from './api.js' */
/** @import { Entry, Shop } from './types' */
/** @import { Words } from './i18n.js' */
import { h, icon } from './dom.js';
import { drawing } from './drawings.js';
import { consent, consents } from './events.js';

/**
 * What is kept and why, and what a shopper may do about it, over the conversation.
 * @param {{
 *   words: Words, api: Api, shop: Shop | null, started: boolean,
 *   close: () => void, deleted: () => void,
 * }} on
 */
export function privacy({ words, api, shop, started, close, deleted }) {
  const status = h('p', { role: 'status', class: 'noted' });
  const keeps = shop?.keeps;
  const days = keeps?.days ?? 0;
  const facts = [
    words.say('kept_talk', { days }),
    keeps && keeps.days_known !== keeps.days && words.say('kept_known', { days: keeps.days_known }),
    shop?.uploads && words.say('kept_photos'),
    words.say('kept_browser'),
    words.say('kept_card'),
  ];
  const agreed = h('input', {
    type: 'checkbox',
    onchange: async () => {
      await consent(agreed.checked);
      status.textContent = words.say(agreed.checked ? 'consent_on' : 'consent_off');
    },
  });
  agreed.checked = consents();

  /** @param {boolean} readable for people; else whole, for machines */
  const download = async (readable) => {
    try {
      const answer = await api.ask('GET', 'v1/conversation');
      const address = URL.createObjectURL(readable ? new Blob([asText(await answer.json(), words)], { type: 'text/plain' }) : await answer.blob());
      const link = h('a', { href: address, download: `conversation.${readable ? 'txt' : 'json'}` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), 10_000);
      status.textContent = words.say('downloaded');
    } catch {
      status.textContent = words.say('not_noted');
    }
  };
  const ask = h('div', { class: 'sure', role: 'group', 'aria-label': words.say('delete_sure'), hidden: true });
  const sure = (/** @type {boolean} */ shown) => {
    ask.hidden = !shown;
    remove.setAttribute('aria-expanded', String(shown));
    (shown ? /** @type {HTMLElement} */ (ask.querySelector('button')) : remove).focus();
  };
  const remove = h('button', { type: 'button', class: 'button danger', 'aria-expanded': 'false', onclick: () => sure(ask.hidden === true) }, drawing('trash'), words.say('delete_talk'));
  const destroy = async () => {
    try {
      await api.ask('DELETE', 'v1/conversation');
      deleted();
    } catch {
      status.textContent = words.say('not_noted');
    }
  };
  ask.append(
    h('p', {}, words.say('delete_sure')),
    h('div', { class: 'row' }, h('button', { type: 'button', class: 'button', onclick: () => sure(false) }, words.say('keep_it')), h('button', { type: 'button', class: 'button danger', onclick: () => void destroy() }, words.say('delete_for_good'))),
  );
  const take = (/** @type {boolean} */ readable) =>
    h('button', { type: 'button', class: 'button', onclick: () => void download(readable) }, icon('down'), `${words.say('download_talk')} (${readable ? words.say('as_text') : 'JSON'})`);
  const title = h('h3', { tabindex: -1, id: 'privacy-title' }, words.say('privacy'));
  const element = h(
    'section',
    { class: 'page', 'aria-labelledby': 'privacy-title' },
    h('header', {}, h('button', { type: 'button', class: 'plain', 'aria-label': words.say('back_to_talk'), onclick: close }, icon('next')), title),
    h('ul', { role: 'list', class: 'kept' }, ...facts.map((fact) => fact && h('li', {}, drawing('shield'), h('span', {}, fact)))),
    h('label', { class: 'agree' }, agreed, h('span', {}, words.say('consent_ask'))),
    started && h('div', { class: 'row' }, take(true), take(false), remove),
    started ? ask : h('p', { class: 'quiet' }, words.say('nothing_yet')),
    status,
  );
  return { element, focus: () => title.focus() };
}

/**
 * A conversation as its shopper would read it: who said what, and when. Of a block the words are told, and nothing of how it looked.
 * @param {{ shop: string, entries: Entry[] }} whole @param {Words} words
 */
function asText({ shop, entries }, words) {
  /** What is said in a block, whatever kind it is. @type {(part: any) => string[]} */
  const said = (part) =>
    Object.entries(part ?? {}).flatMap(([key, value]) => {
      if (typeof value === 'object') return said(value);
      return ['text', 'title', 'label', 'number'].includes(key) && typeof value === 'string' ? [value] : [];
    });
  const voices = { shopper: 'you', assistant: 'assistant', agent: 'person', system: 'notice' };
  const turns = entries.map((entry) => {
    const voice = entry.name ?? words.say(/** @type {'you'} */ (voices[entry.from]));
    return [`${entry.at.slice(0, 16).replace('T', ' ')} UTC  ${voice}`, ...said({ text: entry.text, blocks: entry.blocks })].join('\n');
  });
  return `\ufeff${shop}\n\n${turns.join('\n\n')}\n`;
}
