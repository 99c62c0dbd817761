// What happens on the shop's pages, told to the server that suggests. Without consent it keeps nothing in this browser and
// says nothing of who; with it, the visitor has a token, the same one as in the chat.

import { read, shared, tab, write } from './guarded.js';
import { newId } from './ids.js';

const CONSENT = 'shoptalk:consent';
const VISITOR = 'shoptalk:visitor';
const VISIT = 'shoptalk:visit';
/** Events told at once, and kept while the server cannot be reached. */
const MOST = 100;
/** Milliseconds that an event waits for others. */
const GATHER = 800;

/** @typedef {'view' | 'search' | 'add' | 'remove' | 'checkout' | 'purchase' | 'impression' | 'click'} Kind */
/**
 * @typedef {{
 *   sku?: string, quantity?: number, items?: { sku: string, quantity?: number }[], order?: string,
 *   query?: string, results?: number, placement?: string, position?: number,
 * }} Details
 */

let server = '';
/** @type {(Details & { id: string, type: Kind })[]} */
let waiting = [];
let timer = 0;
/** Suggestions that were seen on this page: each counts once. @type {Set<string>} */
const seen = new Set();

/** Says where the chat is served, before anything else is asked of this module. @param {string} url ending in `/` */
export function serveFrom(url) {
  server = url;
}

/** Did the shopper agree that what they do here is remembered for them? */
export function consents() {
  return read(shared, CONSENT) === '1';
}

/** The chat's token, when there is a chat. */
function chatToken() {
  try {
    return JSON.parse(read(shared, `shoptalk:${server}`) ?? 'null')?.token;
  } catch {
    return undefined;
  }
}

/** The visitor's token, of one who consented. @returns {string | undefined} */
export function visitor() {
  return consents() ? (chatToken() ?? read(shared, VISITOR) ?? undefined) : undefined;
}

/** The visitor's token, once there is no chat that has it. @param {string} token */
export function keepVisitor(token) {
  write(shared, VISITOR, token);
}

/** The server no longer knows it. */
export function forgetVisitor() {
  write(shared, VISITOR, null);
}

/** Headers that say who asks, when they consented. @returns {Record<string, string>} */
export function authorization() {
  const token = visitor();
  return token ? { authorization: `Bearer ${token}` } : {};
}

/** Switched off, the server deletes what it remembered. @param {boolean} on */
export async function consent(on) {
  const headers = authorization();
  write(shared, CONSENT, on ? '1' : null);
  if (on) return;
  write(tab, VISIT, null);
  forgetVisitor();
  if (headers.authorization) await send({ consent: false, events: [] }, headers).catch(() => {});
}

/** Tells of something, together with what else happens in the same moment. @param {Kind} type @param {Details} [details] */
export function track(type, details = {}) {
  waiting.push({ id: newId(), type, ...details });
  waiting = waiting.slice(-MOST);
  clearTimeout(timer);
  timer = setTimeout(flush, GATHER);
}

/** Tells when a suggestion was seen, and when it was followed. @param {Element} element @param {Details & { sku: string }} details */
export function watch(element, details) {
  const name = `${details.placement} ${details.sku}`;
  const eye = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      eye.disconnect();
      if (seen.has(name)) return;
      seen.add(name);
      track('impression', details);
    },
    { threshold: 0.5 },
  );
  eye.observe(element);
  element.addEventListener('click', (event) => {
    if (/** @type {Element} */ (event.target).closest('a')) track('click', details);
  });
}

/** @param {object} batch @param {Record<string, string>} headers */
function send(batch, headers) {
  // As plain text, a page of another origin need not ask before.
  return fetch(new URL('v1/events', server), { method: 'POST', keepalive: true, credentials: 'omit', headers, body: JSON.stringify(batch) });
}

async function flush() {
  clearTimeout(timer);
  if (waiting.length === 0) return;
  const events = waiting;
  waiting = [];
  const agreed = consents();
  if (agreed && !read(tab, VISIT)) write(tab, VISIT, newId());
  const session = (agreed && read(tab, VISIT)) || undefined;
  try {
    const answer = await send({ consent: agreed, session, events }, authorization());
    // The same ids again are the same events, so that nothing counts twice.
    if (answer.status >= 500) waiting = [...events, ...waiting].slice(-MOST);
    const { visitor: token } = answer.ok ? await answer.json() : {};
    if (token && consents()) write(shared, VISITOR, token);
  } catch {
    waiting = [...events, ...waiting].slice(-MOST);
  }
}

addEventListener('pagehide', () => void flush());
document.addEventListener('visibilitychange', () => document.hidden && void flush());
