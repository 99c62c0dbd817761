/** @import { Api } from './api.js' */
/** @import { Photo } from './types' */
/** @import { Words } from './i18n.js' */
import { h, icon } from './dom.js';

// Photos are drawn on canvases: a picture element would need an address with the token in it, and a strict `img-src` refuses
// pictures made in the page.

/** Pixels of the longer side: more shows nothing that matters, and a phone's camera has 4,000. */
const LONGEST = 1_600;
const QUALITY = 0.85;

/** Drawn already, by id. @type {Map<string, ImageBitmap>} */
const known = new Map();

/** @param {string} id @param {ImageBitmap} bitmap */
export function remember(id, bitmap) {
  known.set(id, bitmap);
}

/**
 * A file as it is sent: upright, no larger than it need be, and nothing in it but the picture. The server does the same again.
 * @param {Blob} file
 * @returns {Promise<{ blob: Blob, bitmap: ImageBitmap }>} throws on what is no picture
 */
export async function prepare(file) {
  const whole = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const share = Math.min(1, LONGEST / Math.max(whole.width, whole.height));
  const canvas = h('canvas', { width: Math.max(1, Math.round(whole.width * share)), height: Math.max(1, Math.round(whole.height * share)) });
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no canvas');
  // What shows through becomes white.
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(whole, 0, 0, canvas.width, canvas.height);
  whole.close();
  const blob = await new Promise((/** @type {(blob: Blob | null) => void} */ done) => canvas.toBlob(done, 'image/jpeg', QUALITY));
  if (!blob) throw new Error('no picture');
  return { blob, bitmap: await createImageBitmap(canvas) };
}

/** @param {HTMLCanvasElement} canvas @param {ImageBitmap} bitmap */
export function draw(canvas, bitmap) {
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
}

/**
 * Photos of one message.
 * @param {Photo[]} photos @param {Api} api @param {Words} words
 */
export function shown(photos, api, words) {
  return h('div', { class: 'photos' }, ...photos.map((photo, at) => one(photo, at + 1, api, words)));
}

/** @param {Photo} photo @param {number} n @param {Api} api @param {Words} words */
function one(photo, n, api, words) {
  const canvas = h('canvas', { role: 'img', 'aria-label': words.say('photo_sent', { n }), width: photo.width, height: photo.height });
  // Its place is kept before it is there.
  canvas.style.setProperty('--ratio', `${photo.width} / ${photo.height}`);
  const bitmap = known.get(photo.id);
  if (bitmap) {
    draw(canvas, bitmap);
    return canvas;
  }
  const eye = new IntersectionObserver((seen) => {
    if (!seen.some((one) => one.isIntersecting)) return;
    eye.disconnect();
    void fetched(photo.id, api).then(
      (found) => draw(canvas, found),
      () => canvas.replaceWith(h('p', { class: 'quiet' }, icon('alert'), words.say('photo_gone'))),
    );
  });
  eye.observe(canvas);
  return canvas;
}

/** @param {string} id @param {Api} api */
async function fetched(id, api) {
  const answer = await api.ask('GET', `v1/uploads/${id}`);
  const bitmap = await createImageBitmap(await answer.blob());
  known.set(id, bitmap);
  return bitmap;
}
