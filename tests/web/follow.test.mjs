// What has just come in is in view, and what a message can still do as well.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFake } from './fake/server.mjs';
import { Chat, PHONE, settled, stage, until } from './stage.mjs';

const on = stage(() => startFake());

/** Does all of it lie within what can be seen of the log? */
const inView = (chat, one) =>
  one.evaluate((element, log) => {
    const [frame, box] = [log.getBoundingClientRect(), element.getBoundingClientRect()];
    return box.height > 0 && box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1;
  }, chat.logHandle);

/** @returns {Promise<any>} */
async function opened(how = {}) {
  const page = await on.visit('/cart', { reducedMotion: 'reduce', ...how });
  const chat = await new Chat(page).open();
  return Object.assign(chat, { logHandle: await chat.log.elementHandle() });
}

test('a reply is followed though the scroll before it is told only after it came', async () => {
  const chat = await opened();
  // The worst a browser may do: each addition is followed by news of an older scroll.
  await chat.log.evaluate((log) => new MutationObserver(() => log.dispatchEvent(new Event('scroll'))).observe(log, { childList: true }));
  for (let n = 0; n < 4; n += 1) {
    const reply = await chat.say('handoff only');
    await settled(chat.page);
    assert.ok(await inView(chat, reply.locator('.handoff')), `reply ${n + 1}`);
  }
  assert.ok(await chat.panel.locator('.pill').isHidden());
});

test('who reads above stays there, and is told of what came in below', async () => {
  const chat = await opened();
  for (let n = 0; n < 4; n += 1) await chat.say('handoff only');
  await settled(chat.page);
  await chat.log.evaluate((log) => (log.scrollTop = 0));
  await until('the scroll to be told', () => chat.log.evaluate((log) => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(log.scrollTop === 0))))));
  on.server.interject([{ type: 'text', lines: [{ text: 'Something new.', source: { kind: 'text', id: 'x' } }] }], 'agent', { name: 'Ana' });
  await chat.panel.locator('.pill').waitFor();
  assert.equal(await chat.log.evaluate((log) => log.scrollTop), 0);
});

test('what can be done about a message that was not sent is in view', async () => {
  const chat = await opened(PHONE);
  for (let n = 0; n < 3; n += 1) await chat.say('handoff only');
  on.server.faults.refuse = 'bad_request';
  await chat.send('refused');
  const ways = chat.log.locator('.ways');
  await ways.waitFor();
  await settled(chat.page);
  assert.ok(await inView(chat, ways));
});

test('a form with mistakes keeps its button in view', async () => {
  const chat = await opened();
  await chat.say('form only');
  const button = chat.log.getByRole('form').last().getByRole('button');
  await button.click();
  await chat.log.locator('.error').first().waitFor();
  await settled(chat.page);
  assert.ok(await inView(chat, button));
});

test('right to left, words of another direction stand on the side where the rest begins', async () => {
  const page = await on.visit(null, { ...PHONE, reducedMotion: 'reduce' });
  await page.route('**/arabic', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><html lang="ar" dir="rtl"><meta name="viewport" content="width=device-width"><title>متجر</title><body><script type="module" src="/widget.js"></script>' }),
  );
  await page.goto(`${on.server.url}/arabic`);
  const chat = await new Chat(page).open();
  assert.equal(await chat.box.evaluate((box) => getComputedStyle(box).direction), 'rtl');
  await chat.box.fill('Hello');
  assert.equal(await chat.box.evaluate((box) => getComputedStyle(box).direction), 'ltr');
  await chat.box.fill('');
  await chat.say('products only');
  await chat.say('comparison only');
  const reply = await chat.say('choices only');
  await settled(page);
  /** Pixels from the right edge of the box to that of its words. */
  const gap = (one) =>
    one.evaluate((element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return element.getBoundingClientRect().right - Math.max(...[...range.getClientRects()].map(({ right }) => right));
    });
  for (const one of [reply.locator('.choices > p'), chat.log.locator('.card h3').first()]) assert.ok((await gap(one)) < 2);
  // The line beside the names of the rows is one line.
  const edges = await chat.log.locator('.comparison tr > :first-child').evaluateAll((cells) => cells.map((cell) => getComputedStyle(cell).borderLeftWidth));
  assert.deepEqual([...new Set(edges)], ['1px']);
});
