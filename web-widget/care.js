// What few shoppers need: fetched with the first photo, rating or look at one's data.

import './care-strings.js';

export { Api } from './api.js';
export { css } from './care-style.js';
export { shown } from './photo.js';
export { privacy } from './privacy.js';
export { rating } from './rating.js';
export { Tray } from './upload.js';
