// The demo shop: a shop owner should see their own shop in it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chat, faked, stage, until } from './stage.mjs';

const on = stage();

async function home() {
  const page = await on.visit();
  await page.locator('.tile').first().waitFor();
  return page;
}

test('the front page shows the catalog, by category and by search', async () => {
  const page = await home();
  const found = page.locator('[data-found]');
  const all = Number.parseInt(await found.innerText(), 10);
  assert.ok(all >= 10);
  await page.getByRole('group', { name: 'Category' }).getByRole('button', { name: 'Home' }).click();
  const some = Number.parseInt(await found.innerText(), 10);
  assert.ok(some > 0 && some < all);
  await page.getByRole('group', { name: 'Category' }).getByRole('button', { name: 'All' }).click();
  await page.getByRole('searchbox').fill('wool socks');
  await until('fewer', async () => Number.parseInt(await found.innerText(), 10) < all);
  assert.match(await page.locator('[data-grid] .tile').first().innerText(), /sock/i);
  await page.getByRole('searchbox').fill('qwxz');
  assert.equal(await page.locator('[data-grid] .tile').count(), 0);
  // Instead of nothing.
  await page.locator('[data-instead] .tile').first().waitFor();
  assert.deepEqual(page.troubles, []);
});

test('every picture that is shown is there', async () => {
  const page = await home();
  const more = page.locator('[data-more]');
  while (await more.isVisible()) await more.click();
  const broken = await page.evaluate(async () => {
    const images = [...document.querySelectorAll('.tile img')];
    const answers = await Promise.all(images.map(async (img) => [img.src, (await fetch(img.src)).status]));
    return answers.filter(([, status]) => status !== 200);
  });
  assert.deepEqual(broken, []);
});

test('a product can be chosen, put into the cart, counted and taken out', async () => {
  const page = await home();
  await page.locator('[data-grid] .tile a', { hasText: 'Alder wool socks' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Alder wool socks' }).waitFor();
  assert.match(await page.locator('.big-price').innerText(), /€14\.00/);
  await page.getByRole('radio', { name: 'M', exact: true }).check({ force: true });
  await page.getByRole('button', { name: 'Add to the cart' }).click();
  await page.getByRole('button', { name: 'Add to the cart' }).click();
  await page.locator('[data-rows] .tile .reason').first().waitFor();
  await page.getByRole('link', { name: 'See the cart' }).click();
  const total = page.locator('.totals strong');
  await until('the total', async () => (await total.innerText()) === '€28.00');
  await page.getByRole('button', { name: 'One more: Alder wool socks' }).click();
  assert.equal(await total.innerText(), '€42.00');
  await page.reload();
  await until('the same total', async () => (await total.innerText()) === '€42.00');
  await page.getByRole('button', { name: 'To the checkout' }).click();
  await page.getByText('nothing was ordered').waitFor();
  await page.locator('[data-rows] .tile').first().waitFor();
  for (let n = 0; n < 3; n += 1) await page.getByRole('button', { name: 'One less: Alder wool socks' }).click();
  await page.getByText('Nothing in it yet.').waitFor();
  assert.deepEqual(page.troubles, []);
});

test('a product that is not there says so', async () => {
  const page = await on.visit('/products/unicorn-saddle');
  await page.getByRole('heading', { level: 1, name: 'There is no such product' }).waitFor();
});

test('a question about a product begins with its name', async () => {
  const page = await home();
  await page.locator('.tile a').first().click();
  const name = await page.getByRole('heading', { level: 1 }).last().innerText();
  await page.getByRole('button', { name: 'Ask about this product' }).click();
  const chat = new Chat(page);
  await chat.box.waitFor();
  await until('the words', async () => /^About the .+: $/.test(await chat.box.inputValue()));
  assert.ok(name.length > 0);
});

test('a question asked before the page is idle opens the chat at once', async () => {
  const page = await on.visit(null);
  await page.addInitScript(() => {
    window.requestIdleCallback = () => 1;
  });
  await page.goto(on.server.url);
  await page.locator('.tile a').first().click();
  const ask = page.getByRole('button', { name: 'Ask about this product' });
  await ask.waitFor();
  assert.equal(await page.locator('shop-talk').count(), 0);
  await ask.click();
  const chat = new Chat(page);
  await until('the words', async () => /^About the .+: $/.test(await chat.box.inputValue()));
});

test('the cart of the page and of the chat are one, both ways', { skip: faked }, async () => {
  const page = await on.visit('/products/alder-wool-socks');
  await page.getByRole('radio', { name: 'M', exact: true }).check({ force: true });
  await page.getByRole('button', { name: 'Add to the cart' }).click();
  const count = page.locator('[data-cart-count]').first();
  const chat = await new Chat(page).open();
  // What was put in on the page is known to the chat …
  const shown = await chat.say('show my cart');
  await shown.getByRole('region', { name: 'Your cart' }).waitFor();
  assert.match(await shown.innerText(), /Alder wool socks/);
  // … and what is changed in words, or by a tap, to the page.
  await chat.tap('One more: Alder wool socks, ' + (await shown.locator('.what .quiet').innerText()).trim());
  await until('two in the head of the page', async () => (await count.innerText()) === '2');
  await chat.say('clear my cart');
  await until('none', async () => (await count.textContent()) === '0');
  assert.deepEqual(page.troubles, []);
});

test('what is looked at is remembered only for who switched it on, and forgotten when they switch it off', { skip: faked }, async () => {
  // Listened to from the first page on: a view that comes late is not taken for the next page's.
  const page = await on.visit(null);
  /** Whether each said that it may be remembered. @type {boolean[]} */
  const views = [];
  /** @type {boolean[]} */
  const all = [];
  page.on('request', (request) => {
    if (!request.url().endsWith('/v1/events')) return;
    const { consent, events } = JSON.parse(request.postData());
    all.push(consent);
    if (events.some(({ type }) => type === 'view')) views.push(consent);
  });
  const looks = async () => {
    const before = views.length;
    await page.goto(`${on.server.url}/products/alder-wool-socks`);
    await until('the view is told', async () => views.length > before);
    return views.at(-1);
  };
  assert.equal(await looks(), false);
  assert.ok(!all.includes(true), 'nobody has agreed yet');
  const kept = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('shoptalk')));
  assert.deepEqual(await kept(), []);
  const toggle = page.getByRole('switch', { name: 'Suggestions of my own' });
  await toggle.check();
  assert.equal(await looks(), true);
  await until('a token', async () => (await kept()).includes('shoptalk:visitor'));
  // The chat knows the same visitor.
  const chat = await new Chat(page).open();
  const reply = await chat.say('what did I look at');
  assert.match(await reply.innerText(), /Alder wool socks/);
  const forgotten = page.waitForResponse((answer) => answer.url().endsWith('/v1/events') && answer.request().postData().includes('"consent":false'));
  await toggle.uncheck();
  assert.ok((await (await forgotten).json()).forgotten >= 1);
  assert.match(await (await chat.say('what did I look at')).innerText(), /don.t know/);
  assert.deepEqual(page.troubles, []);
});
