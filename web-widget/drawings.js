// Icons of what not every talk comes to: whatever is fetched for that brings them.
import { drawn } from './dom.js';

/** Strokes in a 24 × 24 box. */
const DRAWINGS = {
  person: 'M12 11.5a3.7 3.7 0 1 0 0-7.4 3.7 3.7 0 0 0 0 7.4ZM4.8 20c.7-3.4 3.6-5.2 7.2-5.2s6.5 1.8 7.2 5.2',
  restart: 'M5 12a7 7 0 1 0 2.3-5.2M5 4v4h4',
  shield: 'M12 3.5 5 6.2v5.3c0 4.3 2.9 7.3 7 9 4.1-1.7 7-4.7 7-9V6.2L12 3.5Z',
  trash: 'M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7',
  minus: 'M6 12h12',
  plus: 'M6 12h12M12 6v12',
  sound: 'M4.5 9.5v5h3.5l4.5 4v-13l-4.5 4ZM16 9a4 4 0 0 1 0 6M18.5 6.5a7.5 7.5 0 0 1 0 11',
  truck: 'M3.5 6.5h10.5v10H3.5zM14 10h3.5l3 3.2v3.3H14zM7.5 19a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6ZM17 19a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Z',
};

/** A decoration: the words beside it carry the meaning. @param {keyof typeof DRAWINGS} name */
export const drawing = (name) => drawn(name, DRAWINGS[name]);
