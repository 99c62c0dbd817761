// A strict shoptalk.v1 server in memory, for what a real server cannot be asked to do on demand:
// drop the line in the middle of a turn, deliver twice, hold its tongue, refuse. It also serves
// the pages, so that the widget can be worked on without building the program.
//
//   node fake/server.mjs 8090

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { GREETING, PRODUCTS, SHOP, card, picture, reply } from './shop.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
/** Clients that break the protocol are told so, as the real server would. */
const FRAMES = { hello: ['token', 'last_seq', 'locale', 'page'], message: ['id', 'text', 'cart'], typing: [], ping: [], history: ['before', 'limit'] };

/** Path on the web → file in the repository; the same table stands in the real server. */
function fileOf(path) {
  if (path === '/') return 'demo/shop/index.html';
  if (path === '/cart') return 'demo/shop/cart.html';
  if (path === '/theme') return 'demo/shop/theme.html';
  if (/^\/products\/[^/]+$/.test(path)) return 'demo/shop/product.html';
  if (path === '/widget.js') return 'web-widget/widget.js';
  if (path.startsWith('/widget/')) return join('web-widget', normalize(path.slice('/widget'.length)));
  if (path.startsWith('/demo/')) return join('demo/shop', normalize(path.slice('/demo'.length)));
  return null;
}

/** @param {{ port?: number, talks?: Map<string, any>, nudges?: object }} [how] `talks` of an earlier fake: it was only restarted */
export async function startFake({ port = 0, talks = new Map(), nudges } = {}) {
  // Conversations by token: `{ id, entries, acks }`.
  const sockets = new Set();
  /** Every frame a client sent, and every way it broke the protocol. */
  const received = [];
  const violations = [];
  /**
   * What goes wrong, set by a test and used up when it happened:
   * `dropBeforeAck`, `loseAck`, `dropAfterAck`, `twice`, `refuse` (error code); until unset: `silent`, `delay` (ms), `ahead` (ms).
   */
  const faults = {};
  /** Milliseconds that this server's clock is ahead. */
  const now = () => new Date(Date.now() + (faults.ahead ?? 0)).toISOString();
  const take = (name) => {
    const value = faults[name];
    delete faults[name];
    return value;
  };

  const http = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://fake').pathname);
    const send = (type, body) => response.writeHead(200, { 'content-type': type, 'cache-control': 'no-cache' }).end(body);
    const drawn = path.match(/^\/pictures\/(\w+)\/(\w+)\.svg$/);
    if (path === '/v1/catalog') return send('application/json', JSON.stringify({ products: PRODUCTS.map((product) => ({ ...product, images: [{ url: product.image }] })) }));
    if (path.startsWith('/v1/recommendations/')) {
      const items = PRODUCTS.slice(2, 6).map((product) => card(product, 'Bought together in 34 of 120 baskets.'));
      const row = { kind: 'goes_with', heading: { text: 'Goes well with it:', source: { kind: 'text', id: 'row.goes_with' } }, items };
      return send('application/json', JSON.stringify({ placement: path.split('/').at(-1), personal: false, rows: [row] }));
    }
    if (path === '/v1/events') {
      response.setHeader('access-control-allow-origin', '*');
      return send('application/json', JSON.stringify({ accepted: 1, duplicates: 0 }));
    }
    if (drawn) return send('image/svg+xml', picture(drawn[1], drawn[2]));
    if (nudges && path === '/widget/nudges.json') return send('application/json', JSON.stringify(nudges));
    const file = fileOf(path);
    try {
      const body = await readFile(join(ROOT, file));
      // The loader stands one folder above what it loads, as on the real server.
      const served = path === '/widget.js' ? String(body).replaceAll("import('./", "import('./widget/").replace('NUDGES = false', `NUDGES = ${Boolean(nudges)}`) : body;
      response.setHeader('access-control-allow-origin', '*');
      send(TYPES[extname(file)] ?? 'application/octet-stream', served);
    } catch {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
    }
  });

  const chat = new WebSocketServer({ noServer: true, handleProtocols: (offered) => (offered.has('shoptalk.v1') ? 'shoptalk.v1' : false) });
  http.on('upgrade', (request, socket, head) => {
    if (new URL(request.url, 'http://fake').pathname !== '/v1/chat') return socket.destroy();
    chat.handleUpgrade(request, socket, head, (ws) => serve(ws));
  });

  function serve(ws) {
    sockets.add(ws);
    ws.on('close', () => sockets.delete(ws));
    ws.talk = null;
    ws.on('message', (data) => {
      const frame = JSON.parse(String(data));
      received.push(frame);
      const allowed = FRAMES[frame.type];
      if (!allowed) violations.push(`unknown frame ${frame.type}`);
      for (const key of Object.keys(frame)) if (key !== 'type' && !allowed?.includes(key)) violations.push(`${frame.type} has ${key}`);
      if (frame.type === 'hello') return hello(ws, frame);
      if (!ws.talk) return violations.push(`${frame.type} before hello`);
      if (frame.type === 'ping' && !faults.silent) return say(ws, { type: 'pong' });
      if (frame.type === 'message') return message(ws, frame);
      if (frame.type === 'history') {
        const older = ws.talk.entries.filter((entry) => entry.seq < frame.before);
        say(ws, { type: 'history', entries: older.slice(-frame.limit), more: older.length > frame.limit });
      }
    });
  }

  const say = (ws, frame) => ws.readyState === ws.OPEN && !faults.silent && ws.send(JSON.stringify(frame));

  function hello(ws, { token, last_seq: lastSeq }) {
    if (token && !talks.has(token)) return ws.close(1008, 'gone');
    const key = token ?? `token-${talks.size + 1}-${Math.random().toString(36).slice(2)}`;
    if (!token) talks.set(key, { id: `talk-${talks.size + 1}`, entries: [], acks: new Map() });
    const talk = talks.get(key);
    ws.talk = talk;
    const newest = talk.entries.at(-1)?.seq ?? 0;
    const entries = lastSeq === undefined ? talk.entries.slice(-50) : talk.entries.filter((entry) => entry.seq > lastSeq);
    say(ws, {
      type: 'welcome', protocol: 'shoptalk.v1', conversation: talk.id, token: key, last_seq: newest, resync: false, shop: SHOP, entries,
      more: entries.length > 0 && entries[0].seq > 1, now: now(), ...(talk.entries.length === 0 && { greeting: GREETING }),
    });
  }

  function message(ws, { id, text }) {
    const { talk } = ws;
    if (typeof id !== 'string' || id.length < 1 || id.length > 64) violations.push(`message id ${id}`);
    if (typeof text !== 'string' || !text.trim()) violations.push('empty message');
    const code = take('refuse');
    if (code) return say(ws, { type: 'error', code, message: 'Refused by the fake.', id, retry_after_ms: 50 });
    if (take('dropBeforeAck')) return ws.terminate();
    if (!talk.acks.has(id)) commit(talk, id, text);
    const { seq, entry } = talk.acks.get(id);
    if (take('dropAfterAck')) {
      say(ws, { type: 'ack', id, seq });
      return setTimeout(() => ws.terminate(), 20);
    }
    if (take('loseAck')) return ws.terminate();
    const times = take('twice') ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      say(ws, { type: 'ack', id, seq });
      setTimeout(() => say(ws, { type: 'entry', entry }), faults.delay ?? 5);
    }
    const mine = talk.entries.find((other) => other.seq === seq);
    for (const other of sockets) {
      if (other === ws || other.talk !== talk) continue;
      say(other, { type: 'entry', entry: mine });
      say(other, { type: 'entry', entry });
    }
  }

  function commit(talk, id, text) {
    const at = now();
    const add = (entry) => talk.entries.push({ seq: talk.entries.length + 1, at, ...entry });
    if (talk.entries.length === 0) add({ from: 'assistant', blocks: GREETING });
    add({ from: 'shopper', id, text });
    add({ from: 'assistant', blocks: reply(text) });
    const [mine, entry] = talk.entries.slice(-2);
    talk.acks.set(id, { seq: mine.seq, entry });
  }

  await new Promise((ready) => http.listen(port, '127.0.0.1', ready));
  const address = http.address();
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    talks,
    sockets,
    received,
    violations,
    faults,
    /** Something said without having been asked, as by a person of the shop. */
    interject(blocks, from = 'agent', who = {}) {
      for (const talk of talks.values()) {
        const entry = { seq: talk.entries.length + 1, at: now(), from, ...who, blocks };
        talk.entries.push(entry);
        for (const ws of sockets) if (ws.talk === talk) say(ws, { type: 'entry', entry });
      }
    },
    closeSockets(code, reason) {
      for (const ws of sockets) ws.close(code, reason);
    },
    async stop() {
      for (const ws of sockets) ws.terminate();
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const fake = await startFake({ port: Number(process.argv[2] ?? 8090) });
  console.log(`the fake shop is at ${fake.url}`);
}
