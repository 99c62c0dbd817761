/** @import { Block, Field } from './types' */
/** @import { Setting } from './blocks.js' */
import { h, icon } from './dom.js';

/** By kind of field: how it is typed and filled in. @type {Record<string, import('./dom.js').Attributes>} */
const KINDS = {
  email: { type: 'email', autocomplete: 'email' },
  phone: { type: 'tel', autocomplete: 'tel' },
  postcode: { autocomplete: 'postal-code', autocapitalize: 'characters' },
  order_number: { autocapitalize: 'characters' },
};

let forms = 0;

/**
 * A few values at once, sent as one message that a shopper could have typed: `label: value` a line.
 * @param {Block & { type: 'form' }} block
 * @param {Setting} setting
 */
export function form(block, { words, say }) {
  const id = `form-${++forms}`;
  const fields = block.fields.map((field, at) => {
    const own = { type: 'text', autocomplete: 'off', spellcheck: 'false', ...KINDS[field.kind], ...(field.autocomplete && { autocomplete: field.autocomplete }) };
    const input = h('input', { id: `${id}-${at}`, ...own, dir: 'auto', required: true, enterkeyhint: at + 1 < block.fields.length ? 'next' : 'send' });
    const error = h('p', { class: 'error', id: `${id}-${at}-error`, hidden: true });
    input.addEventListener('input', () => complain(input, error, ''));
    return { field, input, error };
  });
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    const wrong = fields.filter(({ field, input, error }) => complain(input, error, problem(field, input)));
    if (wrong[0]) {
      wrong[0].input.focus();
      return /** @type {HTMLElement} */ (event.target).scrollIntoView({ block: 'nearest' });
    }
    say(fields.map(({ field, input }) => `${field.label.text}: ${input.value.trim()}`).join('\n'));
  };
  /** @param {Field} field @param {HTMLInputElement} input */
  const problem = (field, input) => {
    if (!input.value.trim()) return words.say('fill');
    return field.kind === 'email' && !input.validity.valid ? words.say('email_wrong') : '';
  };
  return h(
    'form',
    { class: 'form pad box', part: 'card', novalidate: true, 'aria-labelledby': `${id}-prompt`, onsubmit: submit },
    h('p', { id: `${id}-prompt`, dir: 'auto' }, block.prompt.text),
    ...fields.map(({ field, input, error }) => h('div', { class: 'field' }, h('label', { for: input.id, dir: 'auto' }, field.label.text), input, error)),
    h('button', { class: 'button primary' }, block.submit.label),
  );
}

/** @param {HTMLInputElement} input @param {HTMLElement} error @param {string} words */
function complain(input, error, words) {
  error.replaceChildren(...(words ? [icon('alert'), words] : []));
  error.hidden = !words;
  input.removeAttribute('aria-invalid');
  input.removeAttribute('aria-describedby');
  if (words) {
    input.setAttribute('aria-invalid', 'true');
    input.setAttribute('aria-describedby', error.id);
  }
  return Boolean(words);
}
