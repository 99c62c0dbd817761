// Every word the widget itself says. A language is one table with the same keys; what the
// assistant says comes from the server in the shop's language.

export const en = {
  chat: 'Chat with us',
  close: 'Close chat',
  menu: 'Chat menu',
  conversation: 'Conversation',
  you: 'You',
  assistant: 'Assistant',
  person: 'Shop staff',
  notice: 'Notice',
  write: 'Write a message',
  placeholder: 'Write a message…',
  send: 'Send message',
  unread_one: '1 new message',
  unread_other: '{n} new messages',
  newest: 'New messages',
  earlier: 'Show earlier messages',
  today: 'Today',
  yesterday: 'Yesterday',

  people_open: 'Answers at once · people are here',
  people_closed: 'Answers at once, day and night',
  people_hours: 'Answers at once · people {hours}',
  connecting: 'Connecting…',
  offline: 'No connection. What you write is kept and sent as soon as it is back.',
  back: 'Connected again.',
  is_typing: 'The assistant is writing',

  queued: 'Waiting for a connection',
  sending: 'Sending',
  sent: 'Sent',
  failed: 'Not sent',
  retry: 'Try again',
  discard: 'Delete',

  automated: 'Automated assistant',
  talk: 'Talk to a person',
  // Menu items say these words, as a shopper could type them.
  say_restart: 'Start over',
  say_privacy: 'What do you know about me?',
  say_delete: 'Delete my data',

  from_source: 'From:',
  new_tab: '(opens in a new tab)',
  options_were: 'Options:',
  previous: 'Previous products',
  next: 'Next products',
  products: 'Products',
  comparison: 'Side by side',
  not_said: 'not said',
  range: '{from}–{to} of {n}',
  from_price: 'from {price}',
  was_price: 'before {price}',
  in_stock: 'In stock',
  low_one: 'Only 1 left',
  low_other: 'Only {n} left',
  out: 'Sold out',
  rated: 'Rated {rating} of 5',
  why: 'Why this?',

  order: 'Order',
  ordered: 'Ordered {date}',
  expected: 'Expected',
  carrier: 'Carrier',
  tracking: 'Tracking',
  track: 'Track the parcel',
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

/** @typedef {typeof en} Strings */

/** @type {Record<string, Strings>} */
export const tables = { en };
