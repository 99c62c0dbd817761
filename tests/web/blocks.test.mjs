// Every block as a shopper uses it: picking, adding, comparing, filling in; and what hostile words in it can do.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFake } from './fake/server.mjs';
import { reply } from './fake/shop.mjs';
import { Chat, stage, until } from './stage.mjs';

const on = stage(() => startFake());

const said = (chat) => chat.mine.last().locator('.bubble').textContent();

test('a size picked on a card changes price and stock, and says what goes into the cart', async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  await chat.say('products only');
  const card = chat.log.getByRole('article').filter({ hasText: 'Heath fisherman sweater' });
  await card.scrollIntoViewIfNeeded();
  const price = () => card.locator('.price').innerText();
  assert.match(await price(), /^from €119\.00/);
  await card.getByRole('radio', { name: 'cream' }).check();
  await card.getByRole('radio', { name: 'XL' }).check();
  assert.match(await price(), /^€129\.00/);
  assert.match(await card.locator('.stock').innerText(), /stock|left|Sold/);
  await until('the word of it for those who listen', async () => /€129\.00/.test(await page.locator('shop-talk [role="status"]').textContent()));
  const add = card.getByRole('button', { name: /^Add to cart/ });
  assert.match(await add.textContent(), /Heath fisherman sweater/, 'one of many such buttons says which it is');
  await add.click();
  assert.equal(await said(chat), 'Put Heath fisherman sweater, cream, XL in my cart');
  await card.getByRole('button', { name: /^In your cart/ }).waitFor();
  await card.getByRole('radio', { name: 'navy' }).check();
  await card.getByRole('button', { name: /^Add to cart/ }).waitFor();
  assert.deepEqual(page.troubles, []);
});

test('without a pick the assistant asks, and the button is as before', async () => {
  const chat = await new Chat(await on.visit()).open();
  await chat.say('products only');
  const card = chat.log.getByRole('article').first();
  await card.getByRole('button', { name: /^Add to cart/ }).click();
  await until('the question', async () => /Which size/.test(await chat.replies.last().innerText()));
  assert.equal(await said(chat), 'Put Alder wool socks in my cart');
  await card.getByRole('button', { name: /^Add to cart/ }).waitFor();
});

test('ticked cards are compared, three at most', async () => {
  const chat = await new Chat(await on.visit()).open();
  const reply = await chat.say('products only');
  const ticks = reply.getByRole('checkbox');
  const compare = reply.getByRole('button', { name: 'Compare these' });
  await ticks.nth(0).check();
  assert.equal(await compare.isVisible(), false, 'one is not beside anything');
  await ticks.nth(1).check();
  await ticks.nth(2).check();
  assert.equal(await ticks.nth(3).isDisabled(), true);
  await ticks.nth(2).uncheck();
  await compare.click();
  await chat.replies.last().getByRole('table').waitFor();
  assert.equal(await said(chat), 'Compare Alder wool socks and Fjord hiking socks');
});

test('a sold-out value is said so, and may be picked all the same', async () => {
  const chat = await new Chat(await on.visit()).open();
  const reply = await chat.say('products only');
  const card = reply.getByRole('article').first();
  assert.equal(await card.locator('.chip.gone').count(), 0);
  await card.getByRole('radio', { name: 'navy' }).check();
  const small = card.getByRole('radio', { name: 'S (Sold out)' });
  await small.check();
  assert.equal(await card.locator('.stock').innerText(), 'Sold out');
});

test('the carousel steps by buttons, and tells where it is', async () => {
  const chat = await new Chat(await on.visit(undefined, { reducedMotion: 'reduce' })).open();
  const reply = await chat.say('products only');
  const next = reply.getByRole('button', { name: 'Next products' });
  const bar = reply.locator('.bar');
  await until('where it is', async () => /^1–\d of 6/.test(await bar.innerText()));
  for (let n = 0; n < 9 && (await next.getAttribute('aria-disabled')) !== 'true'; n += 1) {
    await next.click();
    await chat.page.waitForTimeout(80);
  }
  await until('the end', async () => /–6 of 6/.test(await bar.innerText()));
});

test('a form says what is wrong where it is wrong, and then sends what was typed', async () => {
  const chat = await new Chat(await on.visit()).open();
  await chat.say('form only');
  const form = chat.log.getByRole('form');
  const [email, order] = [form.getByLabel('Your e-mail'), form.getByLabel('Order number')];
  assert.equal(await email.getAttribute('autocomplete'), 'email');
  assert.equal(await email.getAttribute('type'), 'email');
  await email.fill('ana');
  await form.getByRole('button', { name: 'Send' }).click();
  assert.equal(await email.evaluate((one) => one.getRootNode().activeElement === one), true, 'the first that is wrong has the focus');
  const why = await email.getAttribute('aria-describedby');
  assert.equal(await form.locator(`#${why}`).innerText(), 'That does not look like an e-mail address.');
  assert.equal(await order.getAttribute('aria-invalid'), 'true');
  await email.fill('ana@example.com');
  assert.equal(await email.getAttribute('aria-invalid'), null, 'mended while it is typed');
  await order.fill('SH-10024');
  await form.getByRole('button', { name: 'Send' }).click();
  await until('the message', async () => (await said(chat)) === 'Your e-mail: ana@example.com\nOrder number: SH-10024');
  await until('a form that is done to be words', async () => (await form.count()) === 0);
});

test('digits press choices while nothing is written, and are digits otherwise', async () => {
  const chat = await new Chat(await on.visit()).open();
  await chat.box.focus();
  const before = await chat.replies.count();
  await chat.page.keyboard.press('2');
  await chat.replyAfter(before);
  assert.equal(await said(chat), 'Help me find something');
  await chat.say('qwxz blorp fnord');
  const messages = await chat.mine.count();
  await chat.page.keyboard.type('size 2');
  assert.equal(await chat.box.inputValue(), 'size 2');
  assert.equal(await chat.mine.count(), messages);
  await chat.box.fill('');
  const form = (await chat.say('form only')).getByLabel('Order number');
  await form.focus();
  await chat.page.keyboard.type('1');
  assert.equal(await form.inputValue(), '1', 'another field keeps its digits');
});

test('an order says its place in the timeline, and each parcel can be followed', async () => {
  const chat = await new Chat(await on.visit()).open();
  const order = (await chat.say('order only')).getByRole('region', { name: 'Order SH-10024' });
  assert.equal(await order.locator('[aria-current="step"]').innerText(), 'Now:\nShipped\nTue 17 Nov');
  assert.deepEqual(await order.getByRole('link').evaluateAll((all) => all.map((one) => [one.getAttribute('href'), one.rel])), [
    ['https://tracking.example/PN884200317NO', 'noopener noreferrer'],
    ['https://tracking.example/370', 'noopener noreferrer'],
  ]);
});

test('a person of the shop has a name and a face', async () => {
  const chat = await new Chat(await on.visit()).open();
  await chat.say('hello');
  const before = await chat.replies.count();
  on.server.interject([{ type: 'text', lines: [{ text: 'Hi, I am looking at it.', source: { kind: 'text', id: 'x' } }] }], 'agent', { name: 'Ana', picture: '/pictures/sweater/cream.svg' });
  const reply = await chat.replyAfter(before);
  assert.match(await reply.innerText(), /^Ana/);
  assert.equal(await reply.locator('.mark img').count(), 1);
});

test('a person who takes over is named, and asks how it was when the conversation is closed', async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  const words = (text) => [{ type: 'text', lines: [{ text, source: { kind: 'text', id: 'x' } }] }];
  const waiting = await chat.say('talk to a person');
  assert.match(await waiting.innerText(), /A person has been told[^]*see this conversation/);
  on.server.interject(words('Ana has joined.'), 'system');
  on.server.interject(words('Hello, this is Ana.'), 'agent', { name: 'Ana', picture: '/pictures/x/navy.svg' });
  const said = await chat.replyAfter(3);
  assert.match(await said.innerText(), /^Ana[^]*this is Ana/);
  assert.equal(await said.locator('.mark img').count(), 1);
  on.server.interject([...words('Ana has closed this conversation.'), { type: 'rating', prompt: { text: 'How was it?', source: { kind: 'text', id: 'x' } } }], 'system');
  const form = chat.log.locator('form.rating');
  await form.waitFor();
  assert.equal(await form.getByRole('group', { name: 'How was it?' }).getByRole('radio').count(), 5);
  assert.equal(await form.getByRole('button', { name: 'Skip' }).count(), 1);
  // Nobody has to: the conversation goes on.
  await chat.say('do you ship to norway?');
  assert.equal(await form.count(), 1);
});

test('what draws cards is fetched with the first message; late or lost at first, everything keeps its place', async () => {
  const page = await on.visit(null);
  let asked = 0;
  await page.route('**/products.js', (route) => {
    asked += 1;
    return asked < 3 ? route.abort() : route.continue();
  });
  await page.goto(on.server.url);
  const chat = await new Chat(page).open();
  assert.equal(asked, 0, 'looking needs none');
  await chat.send('products only');
  await until('the reply to be there', () => on.server.received.some((frame) => frame.text === 'products only'));
  on.server.interject([{ type: 'text', lines: [{ text: 'Something later.', source: { kind: 'text', id: 'x' } }] }], 'agent');
  await until('both', async () => (await chat.replies.count()) === 3, 12_000);
  assert.ok(asked >= 3);
  assert.equal(await chat.replies.nth(1).getByRole('article').count(), 6);
  assert.match(await chat.replies.nth(2).innerText(), /Something later/);
  assert.equal(await chat.log.locator('.card').first().evaluate((card) => getComputedStyle(card).overflow), 'hidden', 'with their looks');
});

test('a greeting with products is shown once, and is not what the next reply shows', async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  // What the server keeps of the greeting comes as the first entry.
  on.server.interject(reply('products only'), 'assistant');
  const answer = await chat.say('do you ship to norway?');
  assert.match(await answer.innerText(), /Norway/);
  assert.equal(await chat.log.locator('.card').count(), 0);
});

test('hostile words in every field of every block stay words', async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  const reply = await chat.say('hostile blocks, please');
  assert.equal(await reply.locator('script, img, iframe, object').count(), 0);
  const addresses = await reply.locator('[href], [src]').evaluateAll((all) => all.map((one) => one.href ?? one.src));
  assert.deepEqual(addresses, []);
  assert.equal(await reply.evaluate((turn) => [...turn.querySelectorAll('*')].some((one) => [...one.attributes].some(({ name }) => name.startsWith('on')))), false);
  const texts = ['.bubble', 'figcaption', 'form', 'table', '.card', '.cart', '.order', '.handoff', '.choices'];
  for (const part of texts) assert.match(await reply.locator(part).first().textContent(), /<script>window\.__pwned=1<\/script>/, part);
  for (const button of await reply.getByRole('button').all()) if (await button.isVisible()) await button.dispatchEvent('click');
  await chat.box.focus();
  assert.equal(await page.evaluate(() => window.__pwned), undefined);
  assert.deepEqual(page.troubles, []);
});

test('unread replies are counted before the title of a page nobody looks at, and the title comes back as it was', async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  const hide = (hidden) => page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  await chat.say('hello');
  const title = await page.title();
  await hide(true);
  const news = [{ type: 'text', lines: [{ text: 'News.', source: { kind: 'text', id: 'x' } }] }];
  on.server.interject(news);
  await until('one', async () => (await page.title()) === `(1) ${title}`);
  on.server.interject(news);
  await until('two', async () => (await page.title()) === `(2) ${title}`);
  const hostile = '</title><script>window.__pwned=1</script><img src=x onerror="window.__pwned=1">';
  await page.evaluate((words) => (document.title = words), hostile);
  on.server.interject(news);
  await until('three', async () => (await page.title()) === `(3) ${hostile}`);
  await hide(false);
  assert.equal(await page.title(), hostile);
  assert.equal(await page.evaluate(() => window.__pwned), undefined);
  await page.keyboard.press('Escape');
  on.server.interject(news);
  await until('the count on the button', async () => (await chat.launcher.getAttribute('aria-label')) === 'Chat with us, 1 new');
  assert.equal(await page.title(), hostile, 'who looks at the page needs no count there');
});

test('the sound is off until it is switched on, and then stays on', async () => {
  const page = await on.visit(null);
  await page.addInitScript(() => {
    window.tones = 0;
    const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function (...when) {
      window.tones += 1;
      return start.apply(this, when);
    };
  });
  await page.goto(on.server.url);
  const chat = await new Chat(page).open();
  await chat.say('hello');
  const news = () => on.server.interject([{ type: 'text', lines: [{ text: 'News.', source: { kind: 'text', id: 'x' } }] }]);
  await page.keyboard.press('Escape');
  news();
  await until('the count', async () => /1 new/.test(await chat.launcher.getAttribute('aria-label')));
  assert.equal(await page.evaluate(() => window.tones), 0);
  await chat.launcher.click();
  await page.getByRole('button', { name: 'Chat menu' }).click();
  const sound = page.getByRole('switch', { name: 'Sound' });
  assert.equal(await sound.isChecked(), false);
  await sound.click();
  assert.equal(await sound.isChecked(), true);
  await until('it to be heard at once', () => page.evaluate(() => window.tones === 2));
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await chat.panel.waitFor({ state: 'hidden' });
  news();
  await until('a tone', () => page.evaluate(() => window.tones === 4));
});
