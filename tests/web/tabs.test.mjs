// Five tabs, one connection, the same words everywhere; with Web Locks, without them, and with nothing at all. This
// always runs against the fake, which counts its sockets.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { startFake } from './fake/server.mjs';
import { Chat, launch, notOfTheLine, stage, until } from './stage.mjs';

let fake;
const on = stage(async () => (fake = await startFake()));
afterEach(() => {
  assert.deepEqual(fake.violations, [], 'the widget keeps to the protocol');
  for (const name of Object.keys(fake.faults)) delete fake.faults[name];
});

/** So many tabs of one shopper, each with its chat open. */
async function tabs(n, url, page) {
  const all = [await new Chat(page).open()];
  while (all.length < n) {
    const next = await page.context().newPage();
    next.setDefaultTimeout(8_000);
    next.troubles = [];
    next.on('pageerror', (error) => next.troubles.push(String(error)));
    await next.goto(url);
    all.push(await new Chat(next).open());
  }
  return all;
}

const same = (all, n) =>
  until(`${n} turns in every tab`, async () => {
    const counts = await Promise.all(all.map((chat) => chat.turns.count()));
    return counts.every((count) => count === n);
  });

async function agree(all) {
  const [first, ...rest] = await Promise.all(all.map((chat) => chat.transcript()));
  for (const other of rest) assert.deepEqual(other, first);
  return first;
}

/** What every kind of browser must do; `sockets` it may have open. */
async function fiveTabs(page, url, sockets) {
  const all = await tabs(5, url, page);
  await until('the sockets', () => fake.sockets.size === sockets(5));
  await all[4].say('do you ship to norway?');
  await same(all, 3);
  await all[1].send('hello from the second');
  await all[3].send('hello from the fourth');
  await same(all, 7);
  await agree(all);
  // The leader goes, and another is there in less than three seconds.
  const began = Date.now();
  await all.shift().page.close();
  await until('another leader', () => fake.sockets.size === sockets(4), 3_000);
  await all[0].say('and who are you?');
  assert.ok(Date.now() - began < 6_000);
  await same(all, 9);
  const said = await agree(all);
  assert.equal(new Set(said.filter((turn) => turn.startsWith('shopper'))).size, 4);
  const [talk] = [...fake.talks.values()].filter(({ entries }) => entries.length > 0).slice(-1);
  assert.equal(talk.entries.length, 9);
  for (const { page: tab } of all) assert.deepEqual((tab.troubles ?? []).filter(notOfTheLine), []);
}

test('five tabs have one socket and the same words, and outlive their leader', async () => {
  await fiveTabs(await on.visit(null).then(async (page) => (await page.goto(fake.url), page)), fake.url, () => 1);
});

test('on a plain-http shop, where there are no locks, too', async () => {
  const browser = await launch({ args: ['--no-sandbox', '--disable-gpu', '--disable-features=LocalNetworkAccessChecks', '--host-resolver-rules=MAP shop.test 127.0.0.1'] });
  const page = await (await browser.newContext()).newPage();
  const url = `http://shop.test:${fake.port}`;
  await page.goto(url);
  assert.equal(await page.evaluate(() => isSecureContext || 'locks' in navigator || 'randomUUID' in crypto), false);
  await fiveTabs(page, url, () => 1);
  await browser.close();
});

test('without BroadcastChannel each has its own, and the same words', async () => {
  const page = await on.visit(null);
  await page.context().addInitScript(() => delete window.BroadcastChannel);
  await page.goto(fake.url);
  await fiveTabs(page, fake.url, (n) => n);
});

test('with storage forbidden they still find each other', async () => {
  const page = await on.visit(null);
  await page.context().addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(window, name, { get: () => { throw new DOMException('denied', 'SecurityError'); } });
    }
  });
  await page.goto(fake.url);
  await fiveTabs(page, fake.url, () => 1);
});

test('what one tab wrote without a connection is sent by another, in order', async () => {
  const page = await on.visit();
  const [first, second] = await tabs(2, fake.url, page);
  await first.say('hello');
  const { port, talks } = fake;
  await fake.stop();
  await second.send('one');
  await second.send('two');
  await same([first, second], 5);
  await second.page.close();
  fake = on.server = await startFake({ port, talks });
  await same([first], 7);
  assert.deepEqual(await first.mine.locator('.bubble').allInnerTexts(), ['hello', 'one', 'two']);
});

test('what is read in one tab is read in all, and a cart is told where it was asked for', async () => {
  const page = await on.visit();
  const all = await tabs(3, fake.url, page);
  for (const { page: tab } of all) await tab.evaluate(() => ((window.carts = 0), shoptalk.on('cart', () => (window.carts += 1))));
  await all[2].say('show my cart');
  await same(all, 3);
  assert.deepEqual(await Promise.all(all.map(({ page: tab }) => tab.evaluate(() => carts))), [0, 0, 1]);
  for (const chat of all) await chat.page.evaluate(() => shoptalk.close());
  fake.interject([{ type: 'text', lines: [{ text: 'Hello, this is Lena.', source: { kind: 'text', id: 'x' } }] }]);
  for (const chat of all) await until('the number', () => chat.page.evaluate(() => shoptalk.unread === 1));
  await all[1].page.evaluate(() => shoptalk.open());
  for (const chat of all) await until('no number', () => chat.page.evaluate(() => shoptalk.unread === 0));
});

test('older messages come to the tab that asked', async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  for (let n = 0; n < 30; n += 1) await chat.say(`message ${n}`);
  await page.reload();
  await chat.log.getByRole('button', { name: 'Show earlier messages' }).waitFor();
  const next = await page.context().newPage();
  await next.goto(fake.url);
  const second = await new Chat(next).open();
  const shown = await chat.turns.count();
  // They come by themselves when a reader nears them.
  await second.log.evaluate((log) => (log.scrollTop = 0));
  await until('older turns', async () => (await second.turns.count()) === 61);
  assert.equal(await chat.turns.count(), shown);
  assert.equal(fake.sockets.size, 1);
});

test('a clock that is wrong by days says what it would say if it were right', async () => {
  fake.faults.ahead = 3 * 86_400_000;
  const page = await on.visit();
  const chat = await new Chat(page).open();
  await chat.say('do you ship to norway?');
  await page.reload();
  await until('the conversation', async () => (await chat.turns.count()) === 3);
  assert.deepEqual(await chat.log.locator('.day:visible').allInnerTexts(), ['Today']);
  await chat.say('and to Sweden?');
  assert.deepEqual(await chat.log.locator('.day:visible').allInnerTexts(), ['Today']);
});

test('a full storage keeps what matters most', async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  // All but two kilobytes are somebody else's.
  await page.evaluate(() => {
    let rubbish = 'x'.repeat(1_000_000);
    for (let n = 0; rubbish.length > 500; n += 1) {
      try {
        localStorage.setItem(`rubbish-${n}`, rubbish);
      } catch {
        rubbish = rubbish.slice(0, rubbish.length / 2);
      }
    }
    localStorage.setItem('rubbish-0', localStorage.getItem('rubbish-0').slice(2_000));
  });
  for (const words of ['show me warm socks under 20', 'do you ship to norway?', 'show my cart']) await chat.say(words);
  const said = await chat.transcript();
  await page.reload();
  await until('all of it, from the server', async () => (await chat.turns.count()) === said.length);
  assert.deepEqual(page.troubles, []);
});
