// A shop's own server that answers Shoptalk's questions about orders: everything docs/orders-http.md asks for, in one file
// without dependencies. Replace `load` by a look into your own database.
//
//   SHOPTALK_ORDERS_SECRET=… node demo/order-server/server.mjs [orders.jsonl] [port]

import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const file = process.argv[2] ?? fileURLToPath(new URL('../orders.jsonl', import.meta.url));
const port = Number(process.argv[3] ?? 8181);
const secret = process.env.SHOPTALK_ORDERS_SECRET ?? '';
/** Seconds that a question may be old, or our clock wrong. */
const TOLERANCE = 300;
/** Bytes of a question. */
const MOST = 10_000;
/** Orders of an answer. */
const AT_ONCE = 100;

if (secret.length < 16) {
  console.error('SHOPTALK_ORDERS_SECRET must be set, to the same long random words as for Shoptalk');
  process.exit(1);
}
const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);

/** Every order, read anew so that it is told as it is now. */
async function load() {
  const text = await readFile(file, 'utf8');
  return text.split('\n').filter((line) => line.trim()).map((line) => JSON.parse(line));
}

/** What was answered to wishes, by their key: one that comes again is not done again. A shop keeps it in its database. */
const answered = new Map();

/** From here on an order stays as it is. */
const TOO_LATE = { packed: 'packed', shipped: 'shipped', out_for_delivery: 'shipped', delivered: 'shipped' };

/** Does what is wished for an order and says what became of it. */
async function change({ ask, number, to, key }) {
  if (answered.has(key)) return answered.get(key);
  const orders = await load();
  const order = orders.find((one) => one.number === number);
  const reason = order ? TOO_LATE[order.status] : 'unknown';
  let outcome = { outcome: 'done' };
  if (reason) {
    outcome = { outcome: 'refused', reason };
  } else if (ask === 'cancel') {
    order.status = 'cancelled';
  } else {
    console.log(`${number} goes to: ${to}`);
  }
  if (!reason) {
    // Whole or not at all: nobody reads half a file.
    await writeFile(`${file}.new`, orders.map((one) => `${JSON.stringify(one)}\n`).join(''));
    await rename(`${file}.new`, file);
  }
  answered.set(key, outcome);
  return outcome;
}

/** Whether Shoptalk has asked this, and just now: HMAC-SHA256 over `id.timestamp.body`, compared in constant time. */
function isSigned(headers, body) {
  const id = headers['webhook-id'] ?? '';
  const at = Number(headers['webhook-timestamp']);
  if (!id || !(Math.abs(Date.now() / 1000 - at) <= TOLERANCE)) return false;
  const right = createHmac('sha256', key).update(`${id}.${at}.`).update(body).digest();
  return String(headers['webhook-signature'] ?? '')
    .split(' ')
    .filter((one) => one.startsWith('v1,'))
    .map((one) => Buffer.from(one.slice(3), 'base64'))
    .some((claimed) => claimed.length === right.length && timingSafeEqual(claimed, right));
}

async function answer(question) {
  const orders = await load();
  switch (question.ask) {
    case 'order':
      return { orders: orders.filter((order) => order.number === question.number) };
    case 'orders_of': {
      const { customer, email } = question;
      const is = (order) =>
        (customer !== undefined && order.customer?.number === customer) ||
        (email !== undefined && order.customer?.email?.trim().toLowerCase() === email);
      const theirs = orders.filter(is).sort((a, b) => b.placed_at.localeCompare(a.placed_at));
      return { orders: theirs.slice(0, AT_ONCE) };
    }
    case 'cancel':
    case 'address':
      return change(question);
    default:
      return undefined;
  }
}

async function read(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > MOST) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const server = createServer(async (request, response) => {
  const end = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  try {
    if (request.method !== 'POST') return end(405, { error: 'POST only' });
    const body = await read(request);
    if (!body) return end(413, { error: 'too long' });
    if (!isSigned(request.headers, body)) return end(401, { error: 'not signed by us' });
    const told = await answer(JSON.parse(body.toString('utf8')));
    return told ? end(200, told) : end(400, { error: 'an unknown question' });
  } catch (error) {
    console.error(error);
    return end(500, { error: 'see the log' });
  }
});

server.listen(port, '127.0.0.1', () => {
  console.log(`orders at http://127.0.0.1:${server.address().port}/`);
});
