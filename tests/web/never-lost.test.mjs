// What a shopper wrote is in the server's book once and in order, and on the screen the same, whatever happens between.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import WebSocket from 'ws';
import { startLine } from './fake/line.mjs';
import { Chat, faked, notOfTheLine, stage, startServer, until } from './stage.mjs';

const MESSAGES = 200;

const line = await startLine();
after(() => line.stop());
const on = stage(async () => {
  const server = await startServer({ SHOPTALK_SERVER__ALLOWED_ORIGINS: `["${line.url}"]`, SHOPTALK_LIMITS__MESSAGES_PER_MINUTE: '1000000' });
  line.to = Number(new URL(server.url).port);
  return server;
});

/** All that the server has written down of a visitor's conversation, asked for by itself. */
async function book(page) {
  const token = await page.evaluate(() => JSON.parse(Object.entries(localStorage).find(([key]) => /^shoptalk:http/.test(key))[1]).token);
  const socket = new WebSocket(`${on.server.url.replace('http', 'ws')}/v1/chat`, 'shoptalk.v1', { origin: on.server.url });
  const frames = [];
  socket.on('message', (data) => frames.push(JSON.parse(String(data))));
  await new Promise((open) => socket.once('open', open));
  const ask = async (frame, type) => {
    socket.send(JSON.stringify(frame));
    return until(type, () => frames.splice(0).find((one) => one.type === type));
  };
  const { entries } = await ask({ type: 'hello', token }, 'welcome');
  while (entries[0]?.seq > 1) entries.unshift(...(await ask({ type: 'history', before: entries[0].seq, limit: 50 }, 'history')).entries);
  socket.close();
  return entries;
}

/** What a reply said, and from where; not what is asked underneath, which comes when it comes. */
const words = (reply) => reply.locator('.bubble').allInnerTexts();

test(`${MESSAGES} messages over a line that loses three in ten and is cut for ten seconds`, async () => {
  const page = await on.visit(null);
  await page.goto(line.url);
  const chat = await new Chat(page).open();
  await chat.say('hello');
  line.losses = 0.3;
  const wrote = ['hello'];
  let cut = Promise.resolve();
  for (let n = 1; n < MESSAGES; n += 1) {
    if (n === 40) cut = line.cutFor(10_000);
    if (n === 60) {
      await until('the waiting mark', async () => (await chat.log.locator('[data-state="queued"]').count()) > 10);
      await chat.panel.locator('.offline').waitFor({ timeout: 10_000 });
    }
    // In the middle, with messages unsent, the page is loaded anew.
    if (n === 120) {
      await cut;
      assert.ok((await chat.log.locator('[data-state="queued"], [data-state="sending"]').count()) > 10);
      await page.reload();
      await chat.box.waitFor();
    }
    wrote.push(`message ${n}`);
    await chat.send(`message ${n}`);
  }
  await cut;
  await until('everything sent', async () => (await chat.log.locator('[data-state="queued"], [data-state="sending"]').count()) === 0, 90_000);
  line.losses = 0;
  assert.ok(line.lost > 30, `${line.lost} were lost on the way`);
  assert.equal(await chat.log.locator('[data-state="failed"]').count(), 0);

  const entries = await until('every reply', async () => {
    const all = await book(page);
    return all.length === 1 + 2 * MESSAGES && all;
  });
  assert.deepEqual(entries.map(({ seq }) => seq), Array.from({ length: entries.length }, (_, at) => at + 1));
  assert.deepEqual(entries.filter(({ from }) => from === 'shopper').map(({ text }) => text), wrote, 'the server has all, once, in order');

  // Two visits of the past later the screen has it all.
  const earlier = chat.log.getByRole('button', { name: 'Show earlier messages' });
  while (await earlier.isVisible()) {
    const before = await chat.turns.count();
    await earlier.click();
    await until('older turns', async () => (await chat.turns.count()) > before);
  }
  assert.equal(await chat.turns.count(), 1 + 2 * MESSAGES);
  assert.deepEqual(await chat.mine.locator('.bubble').allTextContents(), wrote, 'and so has the screen');
  assert.deepEqual(page.troubles.filter(notOfTheLine), []);
});

for (const [what, signal] of [['is killed in the middle of a turn', 'SIGKILL'], ['is stopped as it should be', 'SIGTERM']]) {
  test(`a server that ${what} comes back with the same conversation`, async (t) => {
    if (!on.server.restart) return t.skip('the server is not ours to restart');
    const page = await on.visit(null);
    await page.goto(line.url);
    const chat = await new Chat(page).open();
    const first = await words(await chat.say('do you ship to norway?'));
    assert.match(first.join(' '), /From: \S/, 'with its source');
    const alarms = page.evaluate(() => {
      const root = document.querySelector('shop-talk').shadowRoot;
      window.alarms = 0;
      new MutationObserver(() => (window.alarms += root.querySelectorAll('[role="alert"], [data-state="failed"]').length)).observe(root, { subtree: true, childList: true, attributes: true });
    });
    await alarms;
    await chat.send('show me warm socks under 20');
    const back = on.server.restart(signal);
    await chat.send('and what goes with it?');
    await back;
    await until('both replies', async () => (await chat.replies.count()) === 4, 30_000);
    assert.deepEqual(await chat.mine.locator('.bubble').allTextContents(), ['do you ship to norway?', 'show me warm socks under 20', 'and what goes with it?']);
    assert.deepEqual(await words(chat.replies.nth(1)), first, 'what was answered stays');
    const entries = await book(page);
    assert.deepEqual(entries.map(({ from }) => from), ['assistant', 'shopper', 'assistant', 'shopper', 'assistant', 'shopper', 'assistant']);
    assert.equal(await page.evaluate(() => window.alarms), 0, 'at most a quiet bar');
    await chat.panel.locator('.offline').waitFor({ state: 'hidden' });
    assert.deepEqual(page.troubles.filter(notOfTheLine), []);
  });
}
