// Every state of the chat for those who cannot see it or have no mouse: axe-core, the order of the Tab key, what is read aloud.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { violations } from './axe.mjs';
import { startFake } from './fake/server.mjs';
import { Chat, PHONE, notOfTheLine, stage, until } from './stage.mjs';
import { walk } from './walk.mjs';

const on = stage(() => startFake());

for (const [name, how, path = '/cart'] of [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['a phone', PHONE],
  ['forced colours', { forcedColors: 'active' }],
  ['Arabic', {}, '/arabic'],
]) {
  test(`axe finds nothing in any state: ${name}`, async () => {
    const page = await on.visit(null, { ...how, reducedMotion: 'reduce' });
    await page.route('**/arabic', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><html lang="ar" dir="rtl"><meta name="viewport" content="width=device-width"><title>متجر</title><body><main><h1>متجر</h1></main><script type="module" src="/widget.js"></script>' }),
    );
    await page.goto(on.server.url + path);
    const found = [];
    await walk(page, on.server, async (state) => found.push(...(await violations(page, 'newest')).map((one) => `${state}: ${one}`)));
    assert.deepEqual(found, []);
    assert.deepEqual(await violations(page), [], 'all of it together');
    assert.deepEqual(page.troubles.filter(notOfTheLine), []);
  });
}

test('the Tab key goes from what is above to what is below, and the newest is one step from where one writes', async () => {
  const page = await on.visit('/cart');
  const chat = await new Chat(page).open();
  await chat.say('products only');
  await chat.say('qwxz');
  const focused = () => page.evaluate(() => {
    const one = document.querySelector('shop-talk').shadowRoot.activeElement;
    return one && (one.getAttribute('aria-label') ?? (one.labels?.[0] ?? one).textContent).trim();
  });
  await page.getByRole('button', { name: 'Chat menu' }).focus();
  const order = [];
  for (let at = await focused(); at && order.length < 80; at = await focused()) {
    order.push(at);
    await page.keyboard.press('Tab');
  }
  const [head, first, rest] = [order.slice(0, 3), order.slice(3, 9), order.slice(-6)];
  assert.deepEqual(head, ['Chat menu', 'Close chat', 'Conversation']);
  assert.deepEqual(first, ['Alder wool socks', 'navy', 'S', 'Add to cart: Alder wool socks', 'Why this?: Alder wool socks', 'Compare: Alder wool socks']);
  assert.deepEqual(rest, ['Do you ship to Norway?', 'How do I return something?', 'Talk to a person', 'Write a message', 'Send message', 'Talk to a person']);
});

test('what is read aloud is who speaks, once, and what they say', async () => {
  const page = await on.visit('/cart');
  const chat = await new Chat(page).open();
  await chat.say('do you ship to norway?');
  await chat.say('order only');
  const snapshot = (await chat.log.ariaSnapshot()).replace(/\b\d{1,2}:\d\d\b/g, 'TIME');
  assert.equal(snapshot, `- log "Conversation":
  - paragraph: Today
  - paragraph:
    - text: Assistant
    - time: TIME
  - paragraph: Good evening, and welcome to Alder & Pine. I am the automated assistant. What can I do for you?
  - paragraph: "Options: Where is my order · Help me find something · How do I return something? · Talk to a person"
  - paragraph: You
  - text: do you ship to norway?
  - paragraph:
    - time: TIME
  - paragraph:
    - text: Assistant
    - time: TIME
  - paragraph: "Yes: 9.90 to Norway, free from 120. It takes 2 to 3 working days."
  - paragraph: "From: Shipping abroad"
  - paragraph: You
  - text: order only
  - paragraph:
    - time: TIME
    - text: Sent
  - paragraph:
    - text: Assistant
    - time: TIME
  - region "Order SH-10024":
    - heading "Order SH-10024" [level=3]
    - paragraph: Ordered Sat 14 Nov
    - paragraph: On its way with PostNord
    - paragraph:
      - text: "Expected:"
      - strong: Fri 20 Nov
    - list:
      - listitem: "Done: Order placed Sat 14 Nov"
      - listitem: "Done: Paid Sat 14 Nov"
      - listitem: "Done: Packed Mon 16 Nov"
      - listitem: "Now: Shipped Tue 17 Nov"
      - listitem: "Still to come: Delivered"
    - paragraph: "PostNord 1 of 2 Tracking number: PN 8842 0031 7NO"
    - link "Track the parcel PN 8842 0031 7NO (opens in a new tab)":
      - /url: https://tracking.example/PN884200317NO
    - paragraph: "Bring 2 of 2 Tracking number: 370 7227 0001 99"
    - link "Track the parcel 370 7227 0001 99 (opens in a new tab)":
      - /url: https://tracking.example/370
    - list "Items":
      - listitem: 2 × Alder wool socks M, navy €28.00
      - listitem: 1 × Birch ribbed cap mustard €24.00
    - paragraph: Total €56.90`);
});

test('one reply is one addition to the log, and nothing in it is written anew', async () => {
  const page = await on.visit('/cart');
  const chat = await new Chat(page).open();
  await chat.say('qwxz');
  await chat.log.evaluate((log) => {
    window.changes = [];
    const name = (node) => node.className || node.nodeName;
    new MutationObserver((all) => {
      for (const { type, target, addedNodes, removedNodes } of all) {
        if (target !== log && !addedNodes.length && !removedNodes.length) continue;
        // What is being drawn is neither seen nor heard of yet.
        if (target.closest('.coming')) continue;
        window.changes.push(`${type} in ${name(target)}: ${[...addedNodes].map((node) => `+${name(node)}`)}${[...removedNodes].map((node) => `-${name(node)}`)}`);
      }
    }).observe(log, { childList: true, subtree: true });
    window.drawn = [];
    new MutationObserver((all) => {
      for (const { target, oldValue } of all) {
        const cards = target.querySelectorAll('.card');
        if (/coming/.test(oldValue) && cards.length) window.drawn.push([target.classList.contains('coming'), getComputedStyle(cards[0]).visibility, cards.length]);
      }
    }).observe(log.querySelector('.stretch'), { attributes: true, attributeFilter: ['class'], attributeOldValue: true, subtree: true });
  });
  await chat.say('every block');
  const [changes, drawn] = await page.evaluate(() => [window.changes, window.drawn]);
  assert.deepEqual(drawn.at(-1), [false, 'visible', await chat.replies.last().locator('.card').count()], 'all of it is there once it is seen');
  // The choices of the turn before become words: the only thing that goes.
  assert.deepEqual(changes.filter((one) => !/in choices/.test(one)), ['childList in stretch: +turn shopper live newest', 'childList in stretch: +turn assistant coming']);
});

test('the status says no more than one thing in three seconds', async () => {
  const page = await on.visit('/cart');
  const chat = await new Chat(page).open();
  await page.evaluate(() => {
    window.told = [];
    const status = document.querySelector('shop-talk').shadowRoot.querySelector('[role="status"]');
    new MutationObserver(() => window.told.push([performance.now(), status.textContent])).observe(status, { childList: true, characterData: true, subtree: true });
  });
  on.server.faults.delay = 500;
  for (let n = 0; n < 6; n += 1) await chat.say('hello');
  delete on.server.faults.delay;
  await chat.say('products only');
  const card = chat.log.getByRole('article').first();
  for (const size of ['S', 'M', 'L', 'S', 'M']) await card.getByRole('radio', { name: new RegExp(`^${size}`) }).check();
  await until('the last of it', () => page.evaluate(() => /€/.test(window.told.at(-1)?.[1] ?? '')));
  const told = await page.evaluate(() => window.told);
  for (let at = 1; at < told.length; at += 1) assert.ok(told[at][0] - told[at - 1][0] >= 2_900, `${JSON.stringify(told)}`);
});
