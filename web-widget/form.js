/** @import { Block, Field } from './types' */
/** @import { Setting } from './blocks.js' */
import { h } from './dom.js';

/** @type {Record<string, string>} */
const TYPES = { email: 'email', phone: 'tel' };
/** @type {Record<string, string>} */
const AUTOCOMPLETE = { email: 'email', phone: 'tel', postcode: 'postal-code', order_number: 'off' };

let forms = 0;

/**
 * A few values at once, sent as one message that a shopper could have typed: `label: value` a line.
 * @param {Block & { type: 'form' }} block
 * @param {Setting} setting
 */
export function form(block, { words, say }) {
  const id = `form-${++forms}`;
  const fields = block.fields.map((field, at) => {
    const input = h('input', {
      id: `${id}-${at}`,
      type: TYPES[field.kind] ?? 'text',
      autocomplete: field.autocomplete ?? AUTOCOMPLETE[field.kind] ?? 'off',
      dir: 'auto',
      required: true,
    });
    const error = h('p', { class: 'error', id: `${id}-${at}-error`, hidden: true });
    input.addEventListener('input', () => complain(input, error, ''));
    return { field, input, error };
  });
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    const wrong = fields.filter(({ field, input, error }) => complain(input, error, problem(field, input)));
    if (wrong[0]) return wrong[0].input.focus();
    say(fields.map(({ field, input }) => `${field.label.text}: ${input.value.trim()}`).join('\n'));
  };
  /** @param {Field} field @param {HTMLInputElement} input */
  const problem = (field, input) => {
    if (!input.value.trim()) return words.say('fill');
    return field.kind === 'email' && !input.validity.valid ? words.say('email_wrong') : '';
  };
  return h(
    'form',
    { class: 'form block', novalidate: true, 'aria-labelledby': `${id}-prompt`, onsubmit: submit },
    h('p', { id: `${id}-prompt`, dir: 'auto' }, block.prompt.text),
    ...fields.map(({ field, input, error }) =>
      h('div', { class: 'field' }, h('label', { for: input.id }, field.label.text), input, error),
    ),
    h('button', { class: 'button primary' }, block.submit.label),
  );
}

/** @param {HTMLInputElement} input @param {HTMLElement} error @param {string} words */
function complain(input, error, words) {
  error.textContent = words;
  error.hidden = !words;
  input.toggleAttribute('aria-invalid', false);
  input.removeAttribute('aria-describedby');
  if (words) {
    input.setAttribute('aria-invalid', 'true');
    input.setAttribute('aria-describedby', error.id);
  }
  return Boolean(words);
}
