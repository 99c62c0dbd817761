// A talk of a thousand messages: little of it is painted at first, and reading upwards brings all of it, in order.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFake } from './fake/server.mjs';
import { Chat, stage } from './stage.mjs';

const LENGTH = 1_000;
const talks = new Map();
const on = stage(() => startFake({ talks }));

/** How many elements the browser styled each time meanwhile, and how often it laid the page out. */
async function traced(page, act) {
  const line = await page.context().newCDPSession(page);
  const events = [];
  line.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  const told = new Promise((done) => line.once('Tracing.tracingComplete', done));
  await line.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['devtools.timeline'] } });
  await act();
  await line.send('Tracing.end');
  await told;
  const named = (name) => events.filter((one) => one.name === name && one.ph === 'X');
  return { styled: named('UpdateLayoutTree').map(({ args }) => args.elementCount), layouts: named('Layout').length };
}

test('a thousand messages are read to their beginning, in order', async (t) => {
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
  const upTo = (length) => page.evaluate(async (length) => {
    const log = document.querySelector('shop-talk').shadowRoot.querySelector('.log');
    const end = performance.now() + 60_000;
    while (log.querySelectorAll('.turn').length < length && performance.now() < end) {
      log.scrollTop = 0;
      await new Promise((done) => setTimeout(done, 50));
    }
    return log.querySelectorAll('.turn').length;
  }, length);
  const there = await upTo(LENGTH - 200);
  const { styled, layouts } = await traced(page, async () => assert.equal(await upTo(LENGTH), LENGTH));
  // What is there already is neither styled nor laid out anew when more comes above it, however much it is.
  const pages = Math.ceil((LENGTH - there) / 30);
  assert.ok(pages >= 3 && styled.length >= pages, `${pages} pages, styled ${styled}`);
  assert.ok(Math.max(...styled) <= 20 * 30, `${Math.max(...styled)} elements are styled at once for a page of 30 turns`);
  assert.ok(layouts <= 3 * pages, `${layouts} layouts for ${pages} pages`);
  t.diagnostic(`at most ${Math.max(...styled)} elements styled at once, ${layouts} layouts for ${pages} pages`);
  const words = await chat.turns.evaluateAll((turns) => turns.slice(4).map((turn) => turn.querySelector('.bubble').textContent));
  assert.deepEqual(words, Array.from({ length: LENGTH - 4 }, (_, at) => `Message ${at + 5}`));
});
