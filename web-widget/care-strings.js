// The words of care.js, in English.

import { en } from './strings.js';

const care = {
  photo_n: 'Photo {n}',
  photo_progress: 'Sending photo {n}',
  photo_remove: 'Remove photo {n}',
  photo_removed: 'Photo removed.',
  photo_there: 'Photo added.',
  photo_gone: 'This photo is no longer kept.',
  photo_per_message: 'A message takes {n} photos at most.',
  photo_failed: 'A photo could not be sent. Try again, or remove it.',
  photo_offline: 'No connection.',
  photo_kind: 'This is not a photo we can read. JPEG, PNG and WebP work.',
  photo_large: 'This photo is too large.',
  photo_damaged: 'This file is damaged.',
  photo_many: 'This chat takes no more photos. A person can.',
  photo_infected: 'The virus check refused this file.',

  score_1: 'Very bad',
  score_2: 'Bad',
  score_3: 'Fair',
  score_4: 'Good',
  score_5: 'Very good',
  score_choose: 'Please choose one, or skip.',
  rating_words: 'What made it so? (if you like)',
  rating_send: 'Send rating',
  rating_skip: 'Skip',
  rated_thanks: 'Thank you for the rating.',

  back_to_talk: 'Back to the conversation',
  kept_talk: 'What is written here is kept for {days} days after your last message, so that you can come back to it and a person can help. Then it is deleted.',
  kept_known: 'If the shop knows you by your account, it is {days} days.',
  kept_photos: 'Photos lose place and time as they arrive, are seen by the people of the shop only, and go with the conversation.',
  kept_browser: 'This browser keeps a random key and the newest messages, so that the chat goes on with the next page. No cookies.',
  kept_card: 'Card numbers and passwords are never needed here: please do not write them.',
  consent_ask: 'Suggest things by what I look at in this shop. Switched off, what was noted is deleted.',
  consent_on: 'Suggestions go by what you look at.',
  consent_off: 'What was noted is deleted.',
  download_talk: 'Download',
  as_text: 'text',
  downloaded: 'The file is ready.',
  delete_talk: 'Delete conversation',
  delete_sure: 'Everything said here and all photos go for good.',
  delete_for_good: 'Delete for good',
  keep_it: 'Keep it',
  deleted_talk: 'The conversation is deleted.',
  nothing_yet: 'Nothing of this conversation is kept yet.',
};

Object.assign(en, care);

/** @typedef {typeof care} Care */
