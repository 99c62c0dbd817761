// A talk of a thousand messages: little of it is painted at first, and reading upwards brings all of it, in order.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFake } from './fake/server.mjs';
import { Chat, stage } from './stage.mjs';

const LENGTH = 1_000;
const talks = new Map();
const on = stage(() => startFake({ talks }));

test('a thousand messages are read to their beginning, in order', async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  await chat.say('hello');
  const { entries } = [...talks.values()].at(-1);
  while (entries.length < LENGTH) {
    const said = `Message ${entries.length + 1}`;
    const mine = entries.length % 2 === 1;
    entries.push({ seq: entries.length + 1, at: new Date().toISOString(), ...(mine ? { from: 'shopper', id: said, text: said } : { from: 'assistant', blocks: [{ type: 'text', lines: [{ text: said, source: { kind: 'text', id: 'x' } }] }] }) });
  }
  // A browser that kept nothing but who it is.
  await page.evaluate(() => {
    const key = Object.keys(localStorage).find((one) => /^shoptalk:http/.test(one));
    localStorage.setItem(key, JSON.stringify({ ...JSON.parse(localStorage.getItem(key)), entries: [] }));
  });
  await page.reload();
  await chat.turns.first().waitFor();
  const shown = await chat.turns.count();
  assert.ok(shown <= 80, `${shown} turns are painted at once`);
  // By itself: to be asked from outside, over and over, takes a page more than its scrolling.
  const turns = await page.evaluate(async (length) => {
    const log = document.querySelector('shop-talk').shadowRoot.querySelector('.log');
    const end = performance.now() + 60_000;
    while (log.querySelectorAll('.turn').length < length && performance.now() < end) {
      log.scrollTop = 0;
      await new Promise((done) => setTimeout(done, 50));
    }
    return log.querySelectorAll('.turn').length;
  }, LENGTH);
  assert.equal(turns, LENGTH);
  const words = await chat.turns.evaluateAll((turns) => turns.slice(4).map((turn) => turn.querySelector('.bubble').textContent));
  assert.deepEqual(words, Array.from({ length: LENGTH - 4 }, (_, at) => `Message ${at + 5}`));
});
