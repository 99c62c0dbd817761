// A talk of a thousand messages: little of it is painted at first, and reading upwards brings all of it, in order.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFake } from './fake/server.mjs';
import { Chat, launch, stage, until } from './stage.mjs';

const LENGTH = 1_000;
const talks = new Map();
/** The browser's storage after the first test. */
let kept;
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
  const layouts = named('Layout');
  return { styled: named('UpdateLayoutTree').map(({ args }) => args.elementCount), layouts: layouts.length, drawn: Math.max(...layouts.map(({ args }) => args.beginData?.totalObjects ?? 0)) };
}

/** Reads upwards until so many turns are there; by itself, as to be asked from outside, over and over, takes a page more than its scrolling. */
const upTo = (page, length) =>
  page.evaluate(async (length) => {
    const log = document.querySelector('shop-talk').shadowRoot.querySelector('.log');
    const end = performance.now() + 60_000;
    while (log.querySelectorAll('.turn').length < length && performance.now() < end) {
      log.scrollTop = 0;
      await new Promise((done) => setTimeout(done, 50));
    }
    return log.querySelectorAll('.turn').length;
  }, length);

/** Waits until a turn with these words can be seen. */
const inSight = (chat, words) =>
  until(`${words} to be in sight`, () =>
    chat.log.evaluate((log, words) => {
      const frame = log.getBoundingClientRect();
      const box = [...log.querySelectorAll('.bubble')].findLast((one) => one.textContent === words)?.getBoundingClientRect();
      return box && box.top >= frame.top && box.bottom <= frame.bottom;
    }, words),
  );

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
  const there = await upTo(page, LENGTH - 200);
  const { styled, layouts, drawn } = await traced(page, async () => assert.equal(await upTo(page, LENGTH), LENGTH));
  // What is there already is neither styled nor laid out anew when more comes above it, however much it is.
  const pages = Math.ceil((LENGTH - there) / 30);
  assert.ok(pages >= 3 && styled.length >= pages, `${pages} pages, styled ${styled}`);
  assert.ok(Math.max(...styled) <= 20 * 30, `${Math.max(...styled)} elements are styled at once for a page of 30 turns`);
  assert.ok(layouts <= 5 * pages, `${layouts} layouts for ${pages} pages`);
  // What is out of sight is left out of what is drawn: of a turn the browser keeps some ten boxes.
  assert.ok(drawn <= 4 * LENGTH, `${drawn} boxes are laid out for ${LENGTH} turns`);
  t.diagnostic(`at most ${Math.max(...styled)} elements styled at once, ${layouts} layouts of at most ${drawn} boxes for ${pages} pages`);
  const words = await chat.turns.evaluateAll((turns) => turns.slice(4).map((turn) => turn.querySelector('.bubble').textContent));
  assert.deepEqual(words, Array.from({ length: LENGTH - 4 }, (_, at) => `Message ${at + 5}`));

  // What is left out can be searched.
  assert.ok(await page.evaluate(() => find('Message 500')));
  // To the newest again, which is where it is said to be.
  await chat.say('hello again');
  await inSight(chat, 'hello again');
  kept = await page.context().storageState();
});

test('what is out of sight is left out for the eye alone', async () => {
  // As when a screen reader runs: else the browser tells of what it draws.
  const browser = await launch({}, ['--force-renderer-accessibility']);
  try {
    const page = await (await browser.newContext({ storageState: kept })).newPage();
    await page.goto(on.server.url);
    const chat = await new Chat(page).open();
    await upTo(page, 200);
    const shown = await chat.log.locator('.bubble').allTextContents();
    const left = await chat.log.evaluate((log) => [...log.querySelectorAll('.bubble')].filter((one) => !one.checkVisibility({ contentVisibilityAuto: true })).length);
    assert.ok(left > 50, `${left} are left out`);
    const line = await page.context().newCDPSession(page);
    const { nodes } = await line.send('Accessibility.getFullAXTree');
    const heard = new Set(nodes.filter(({ ignored }) => !ignored).map(({ name }) => name?.value));
    assert.deepEqual(shown.filter((one) => !heard.has(one)), []);
  } finally {
    await browser.close();
  }
});
