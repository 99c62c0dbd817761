/** @import { Api } from './api.js' */
/** @import { Words } from './i18n.js' */
import { h, icon } from './dom.js';

export { Api } from './api.js';

/**
 * "Was this helpful?" under an article: yes or no, once, and changed as often as one likes.
 * @param {number} seq @param {boolean | undefined} said what was said before
 * @param {Api} api @param {Words} words
 */
export function helpful(seq, said, api, words) {
  // In the log, which is read out as it grows.
  const status = h('span', { class: 'noted' });
  /** @param {boolean} yes @param {'yes' | 'no'} key @param {'up' | 'thumb_down'} picture */
  const choice = (yes, key, picture) =>
    h('button', { type: 'button', 'aria-pressed': String(said === yes), onclick: () => void tell(yes) }, icon(picture), words.say(key));
  const buttons = { yes: choice(true, 'yes', 'up'), no: choice(false, 'no', 'thumb_down') };
  const press = (/** @type {boolean | undefined} */ yes) => {
    buttons.yes.setAttribute('aria-pressed', String(yes === true));
    buttons.no.setAttribute('aria-pressed', String(yes === false));
  };
  /** @param {boolean} yes */
  const tell = async (yes) => {
    if (yes === said) return;
    const before = said;
    said = yes;
    press(yes);
    try {
      await api.ask('POST', 'v1/feedback', { seq, helpful: yes });
      status.textContent = words.say('noted');
    } catch {
      said = before;
      press(before);
      status.textContent = words.say('not_noted');
    }
  };
  const id = `helpful-${seq}`;
  return h('div', { class: 'helpful', role: 'group', 'aria-labelledby': id }, h('span', { id }, words.say('helpful')), buttons.yes, buttons.no, status);
}
