// The words of papers.js, in English.

import { en } from './strings.js';

const papers = {
  cart: 'Your cart',
  pieces: 'Pieces: ',
  one_less: 'One less: {name}',
  one_more: 'One more: {name}',
  take_out: 'Take out: {name}',
  goods: 'Goods',
  comparison: 'Side by side',
  not_said: 'not said',

  order: 'Order',
  ordered: 'Ordered {date}',
  expected: 'Expected:',
  carrier: 'Parcel',
  tracking: 'Tracking number:',
  track: 'Track the parcel',
  of: '{at} of {n}',
  total: 'Total',
  items: 'Items',
  done: 'Done:',
  current: 'Now:',
  coming: 'Still to come:',

  waiting: 'A person has been told',
  out_of_hours: 'Nobody is here right now',
  hours: 'Opening hours: {hours}',

  fill: 'Please fill this in.',
  email_wrong: 'That does not look like an e-mail address.',
};

Object.assign(en, papers);

/** @typedef {typeof papers} Papers */
