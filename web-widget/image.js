/** @import { Block } from './types' */
import { h, picture } from './dom.js';

/** The caption says what the picture shows, to everybody. @param {Block & { type: 'image' }} block */
export function image({ url, alt }) {
  return h('figure', { class: 'box', part: 'card' }, picture(url, 640, 480), h('figcaption', { dir: 'auto' }, alt.text));
}
