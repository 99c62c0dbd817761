/** @import { Api } from './api.js' */
/** @import { Block } from './types' */
/** @import { Words } from './i18n.js' */
/** @import { Strings } from './strings.js' */
import { h } from './dom.js';

/** @type {(keyof Strings)[]} */
const SCORES = ['score_1', 'score_2', 'score_3', 'score_4', 'score_5'];
const LONGEST = 1_000;

/**
 * How it was, from 1 to 5 and a word; nobody has to say.
 * @param {Block & { type: 'rating' }} block @param {number} seq
 * @param {Api} api @param {Words} words
 */
export function rating(block, seq, api, words) {
  const id = `rating-${seq}`;
  const wrong = h('p', { class: 'error', id: `${id}-wrong`, hidden: true });
  const radios = SCORES.map((key, at) => {
    const input = h('input', { type: 'radio', name: id, value: at + 1, id: `${id}-${at + 1}`, onchange: () => (wrong.hidden = true) });
    return { input, label: h('label', { for: input.id }, input, h('b', {}, words.number(at + 1)), h('span', {}, words.say(key))) };
  });
  const box = h('textarea', { id: `${id}-words`, rows: 2, maxlength: LONGEST, dir: 'auto' });
  /** @param {number | null} score */
  const send = async (score) => {
    const buttons = form.querySelectorAll('button');
    for (const button of buttons) button.disabled = true;
    try {
      await api.ask('POST', 'v1/rating', score === null ? { score } : { score, words: box.value.trim() });
      thank(score === null ? '' : words.say('rated_thanks'));
    } catch {
      for (const button of buttons) button.disabled = false;
      complain(words.say('not_noted'));
    }
  };
  const complain = (/** @type {string} */ why) => {
    wrong.textContent = why;
    wrong.hidden = false;
  };
  const thank = (/** @type {string} */ thanks) => {
    // The button that was pressed is gone: what it did is where the focus goes.
    const had = form.contains(/** @type {ShadowRoot | Document} */ (form.getRootNode()).activeElement);
    form.replaceChildren(h('p', { tabindex: -1 }, thanks));
    form.classList.add('over');
    if (had) /** @type {HTMLElement} */ (form.firstElementChild).focus();
  };
  const form = h(
    'form',
    {
      class: 'rating block',
      novalidate: true,
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        const chosen = radios.find(({ input }) => input.checked);
        if (chosen) return void send(Number(chosen.input.value));
        complain(words.say('score_choose'));
        radios[0]?.input.focus();
      },
    },
    h('fieldset', { 'aria-describedby': wrong.id }, h('legend', { dir: 'auto' }, block.prompt.text), h('div', { class: 'scores' }, ...radios.map(({ label }) => label)), wrong),
    h('div', { class: 'field' }, h('label', { for: box.id }, words.say('rating_words')), box),
    h('div', { class: 'row' }, h('button', { class: 'button primary' }, words.say('rating_send')), h('button', { type: 'button', class: 'button', onclick: () => void send(null) }, words.say('rating_skip'))),
  );
  return form;
}
