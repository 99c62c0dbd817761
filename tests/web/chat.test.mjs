// What a shopper came for, from the first hello to a person.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chat, notOfTheLine, stage, until } from './stage.mjs';

const on = stage();

test('the greeting comes with choices, and a choice is said in its own words', async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  assert.match(await chat.replies.first().innerText(), /good (morning|day|afternoon|evening)|hello|welcome/i);
  const choice = chat.log.getByRole('group').getByRole('button').first();
  const label = await choice.innerText();
  await choice.click();
  await until('the choice as a message', async () => (await chat.mine.last().locator('.bubble').innerText()) === label);
  await until('a reply', async () => (await chat.replies.count()) === 2);
  assert.equal(await chat.log.getByRole('button', { name: label, exact: true }).count(), 0, 'a used choice is text');
  assert.deepEqual(page.troubles, []);
});

test('a question is answered with the article it comes from', async () => {
  const chat = await new Chat(await on.visit()).open();
  const reply = await (await chat.say('do you ship to norway?')).innerText();
  assert.match(reply, /9\.90/);
  assert.match(reply, /From: Shipping abroad/);
});

test('an order is shown once its e-mail is known', async () => {
  const chat = await new Chat(await on.visit()).open();
  assert.match(await (await chat.say('where is my order SH-10024')).innerText(), /e-mail/i);
  assert.equal(await chat.log.getByRole('region', { name: /Order/ }).count(), 0);
  await chat.say('ana@example.com');
  const order = chat.log.getByRole('region', { name: 'Order SH-10024' });
  await order.waitFor();
  assert.ok((await order.locator('.timeline > li').count()) >= 3);
  assert.equal(await order.locator('[aria-current="step"]').count(), 1);
  assert.match(await order.innerText(), /€\d/);
});

test('warm socks under 20 are cards with picture, price, stock and why', async () => {
  const chat = await new Chat(await on.visit()).open();
  const reply = await chat.say('show me warm socks under 20');
  const cards = reply.getByRole('article');
  const n = await cards.count();
  assert.ok(n >= 1, 'there are socks');
  for (let at = 0; at < n; at += 1) {
    const card = cards.nth(at);
    const price = /€(\d+\.\d\d)/.exec(await card.locator('.price').innerText());
    assert.ok(Number(price?.[1]) < 20, `${price?.[1]} is under 20`);
    assert.match(await card.locator('.stock').innerText(), /stock|left/i);
    assert.match(await card.getByRole('link').first().getAttribute('href'), /\/products\//);
    await card.locator('summary').click();
    assert.notEqual(await card.locator('details p').first().innerText(), '');
  }
  const first = cards.first().locator('img');
  await until('the picture', () => first.evaluate((img) => img.complete && img.naturalWidth > 0));

  const goesWith = await chat.say('what goes with it?');
  assert.ok((await goesWith.getByRole('article').count()) >= 1);
});

test('a person is one tap away', async () => {
  const chat = await new Chat(await on.visit()).open();
  await chat.panel.locator('footer').getByRole('button', { name: 'Talk to a person' }).click();
  await chat.log.locator('.handoff').waitFor();
  assert.equal(await chat.mine.last().locator('.bubble').innerText(), 'Talk to a person');
});

test('nonsense gets an honest answer and choices', async () => {
  const chat = await new Chat(await on.visit()).open();
  const reply = await chat.say('qwxz blorp fnord');
  assert.ok((await reply.getByRole('group').getByRole('button').count()) >= 1);
  assert.equal(await reply.getByRole('article').count(), 0);
});

test('Enter sends, Shift and Enter make a line', async () => {
  const chat = await new Chat(await on.visit()).open();
  await chat.box.fill('one');
  await chat.box.press('Shift+Enter');
  await chat.page.keyboard.type('two');
  const before = await chat.replies.count();
  await chat.box.press('Enter');
  await chat.replyAfter(before);
  assert.equal(await chat.mine.last().locator('.bubble').textContent(), 'one\ntwo');
  assert.equal(await chat.box.inputValue(), '');
});

test('a reload keeps the conversation, with nothing twice', async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  await chat.say('do you ship to norway?');
  await chat.say('show me warm socks under 20');
  const said = await chat.transcript();
  await page.reload();
  await chat.turns.first().waitFor();
  await until('the same transcript', async () => (await chat.turns.count()) >= said.length);
  await chat.say('do you ship to norway?');
  const now = await chat.transcript();
  assert.deepEqual(now.slice(0, said.length), said);
  assert.equal(now.length, said.length + 2);
  assert.deepEqual(page.troubles, []);
});

test('the next page opens with the same conversation', async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  await chat.say('do you ship to norway?');
  const said = await chat.transcript();
  await page.goto(`${on.server.url}/theme`);
  await until('the conversation', async () => (await chat.turns.count()) === said.length);
  assert.deepEqual(await chat.transcript(), said);
  assert.equal(await chat.box.evaluate((box) => box.getRootNode().activeElement === box), false, 'a panel that opens by itself takes no focus');
});

test('a restarted server keeps it, and what is written meanwhile arrives once', async (t) => {
  if (!on.server.restart) return t.skip('the server is not ours to restart');
  const page = await on.visit();
  const chat = await new Chat(page).open();
  await chat.say('do you ship to norway?');
  const back = on.server.restart();
  const before = await chat.replies.count();
  await chat.send('show me warm socks under 20');
  await back;
  await until('the reply after the restart', async () => (await chat.replies.count()) === before + 1, 20_000);
  await page.reload();
  await until('all four turns and the greeting', async () => (await chat.turns.count()) === 5);
  assert.deepEqual(page.troubles.filter(notOfTheLine), []);
});
