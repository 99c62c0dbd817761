// "Was this helpful?" under an article, and how a conversation was.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import axe from 'axe-core';
import { Chat, OUT, faked, stage, until } from './stage.mjs';

const on = stage();
const real = { skip: faked && 'the fake counts nothing' };
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];

async function violations(page) {
  await page.evaluate(axe.source);
  const found = await page.evaluate((values) => window.axe.run(document.querySelector('shop-talk'), { runOnly: { type: 'tag', values } }), TAGS);
  return found.violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`);
}

test('an article is of help or not, once, and the other way round after a second thought', real, async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  const greeting = await chat.say('hello');
  assert.equal(await greeting.getByRole('group', { name: 'Was this helpful?' }).count(), 0);
  const reply = await chat.say('how do i wash a wool sweater?');
  const asked = reply.getByRole('group', { name: 'Was this helpful?' });
  const [yes, no] = [asked.getByRole('button', { name: 'Yes' }), asked.getByRole('button', { name: 'No' })];
  const told = [];
  page.on('request', (request) => request.url().endsWith('/v1/feedback') && told.push(request.postDataJSON().helpful));
  await until('the question to be in view, though it came after the reply', async () => {
    const [frame, box] = [await chat.log.boundingBox(), await asked.boundingBox()];
    return box && box.y + box.height <= frame.y + frame.height;
  });
  await yes.click();
  await asked.getByText('Thank you.').waitFor();
  await yes.click();
  await no.focus();
  await page.keyboard.press('Enter');
  await until('no to be pressed', async () => (await no.getAttribute('aria-pressed')) === 'true' && (await yes.getAttribute('aria-pressed')) === 'false');
  await until('it to be told', () => told.length === 2);
  assert.deepEqual(told, [true, false], 'pressed again it says nothing new');
  for (const button of [yes, no]) assert.ok((await button.boundingBox()).height >= 44);
  await page.screenshot({ path: `${OUT}photos-helpful.png` });
  assert.deepEqual(await violations(page), []);
  await page.reload();
  const back = new Chat(page);
  await until('what was said to be shown', async () => (await back.log.getByRole('button', { name: 'No', exact: true, pressed: true }).count()) === 1);
  assert.deepEqual(page.troubles, []);
});

test('a conversation that ends is rated, by keyboard, with a word, and never again', real, async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  await chat.say('do you ship to norway?');
  const reply = await chat.say('thanks, bye');
  const form = reply.locator('form.rating');
  await form.getByRole('button', { name: 'Send rating' }).click();
  assert.match(await form.locator('.error').innerText(), /choose one/);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  assert.ok(await form.getByRole('radio', { name: '4 Good' }).isChecked());
  await form.getByRole('textbox', { name: /What made it so/ }).fill('quick and clear');
  await page.screenshot({ path: `${OUT}photos-rating.png` });
  assert.deepEqual(await violations(page), []);
  await form.getByRole('button', { name: 'Send rating' }).click();
  await form.getByText('Thank you for the rating.').waitFor();
  await page.reload();
  const back = new Chat(page);
  await back.turns.first().waitFor();
  await until('the socket', async () => (await back.turns.count()) >= 5);
  await back.say('bye');
  assert.equal(await back.log.locator('form.rating').count(), 0);
  assert.deepEqual(page.troubles, []);
});

test('nobody has to rate, and skipping is remembered', real, async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  await chat.say('do you ship to norway?');
  const reply = await chat.say('start over');
  await reply.getByRole('button', { name: 'Skip' }).click();
  await until('the form to be gone', async () => (await reply.locator('form.rating:visible').count()) === 0);
  await page.reload();
  const back = new Chat(page);
  await until('all that was said', async () => (await back.turns.count()) >= 5);
  assert.equal(await back.log.locator('form.rating:visible').count(), 0);
  assert.deepEqual(page.troubles, []);
});
