// A shopper's own data, in the chat itself: what is kept and why, taken along, deleted.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import axe from 'axe-core';
import { Chat, OUT, PHONE, faked, stage, until } from './stage.mjs';

const on = stage();
const real = { skip: faked && 'the fake keeps nothing' };

class Data extends Chat {
  constructor(page) {
    super(page);
    this.view = page.getByRole('region', { name: 'Your data' });
  }

  async look() {
    await this.page.getByRole('button', { name: 'Chat menu' }).click();
    await this.page.getByRole('button', { name: 'Your data' }).click();
    await this.view.waitFor();
  }
}

const focused = (page) => page.evaluate(() => document.querySelector('shop-talk').shadowRoot.activeElement?.outerHTML);

test('what is kept and why is said before anything is, and Escape leads back', real, async () => {
  const page = await on.visit();
  const chat = await new Data(page).open();
  await chat.look();
  assert.match(await chat.view.innerText(), /30 days[\s\S]*90 days[\s\S]*Photos lose place and time[\s\S]*Nothing of this conversation is kept yet/);
  assert.equal(await chat.view.getByRole('button', { name: 'Delete conversation' }).count(), 0);
  assert.match(await focused(page), /<h3/);
  await page.keyboard.press('Escape');
  assert.equal(await chat.view.count(), 0);
  assert.match(await focused(page), /Chat menu/);
  assert.equal(await page.getByRole('dialog').count(), 1, 'the chat is still open');
  assert.deepEqual(await page.evaluate(() => [localStorage.length, document.cookie]), [0, '']);
  assert.deepEqual(page.troubles, []);
});

test('a conversation is taken along as a file', real, async () => {
  const page = await on.visit();
  const chat = await new Data(page).open();
  await chat.say('a word nobody else says');
  await chat.look();
  const [file] = await Promise.all([page.waitForEvent('download'), chat.view.getByRole('button', { name: 'Download (JSON)' }).click()]);
  const whole = JSON.parse(await readFile(await file.path(), 'utf8'));
  assert.equal(whole.shop, 'Alder & Pine');
  assert.equal(whole.entries[1].text, 'a word nobody else says');
  const [text] = await Promise.all([page.waitForEvent('download'), chat.view.getByRole('button', { name: 'Download (text)' }).click()]);
  assert.equal(text.suggestedFilename(), 'conversation.txt');
  assert.match(await readFile(await text.path(), 'utf8'), /^\ufeffAlder & Pine\n\n[\d-]+ [\d:]+ UTC  Assistant\n[^]+\n\n[\d-]+ [\d:]+ UTC  You\na word nobody else says\n\n[\d-]+ [\d:]+ UTC  Assistant\n/);
  // What became of it is in sight, and not flush with what is below.
  const told = chat.view.getByRole('status');
  const [words, below] = await Promise.all([told.evaluate((one) => { const range = document.createRange(); range.selectNodeContents(one); return range.getBoundingClientRect().bottom; }), page.locator('shop-talk .composer').evaluate((one) => one.getBoundingClientRect().top)]);
  assert.equal(await told.textContent(), 'The file is ready.');
  assert.ok(below - words >= 8, `${below - words} pixels between the words and the composer`);
  await page.screenshot({ path: `${OUT}photos-privacy.png` });
  await page.evaluate(axe.source);
  const found = await page.evaluate(() =>
    window.axe.run(document.querySelector('shop-talk'), { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] } }),
  );
  assert.deepEqual(found.violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`), []);
  assert.deepEqual(page.troubles, []);
});

test('a conversation is deleted once it is sure, here, in another tab and on the server', real, async () => {
  const page = await on.visit('/', PHONE);
  const chat = await new Data(page).open();
  await chat.say('a word nobody else says');
  const token = await page.evaluate(() => JSON.parse(Object.entries(localStorage).find(([key]) => key.startsWith('shoptalk:http'))[1]).token);
  const other = await page.context().newPage();
  await other.goto(on.server.url);
  const beside = await new Data(other).open();
  await until('the words in the other tab', async () => (await beside.log.innerText()).includes('nobody else says'));
  await page.bringToFront();
  await chat.look();
  await chat.view.getByRole('button', { name: 'Delete conversation' }).click();
  const sure = chat.view.getByRole('group', { name: /go for good/ });
  await page.screenshot({ path: `${OUT}photos-delete.png` });
  await sure.getByRole('button', { name: 'Keep it' }).click();
  assert.match(await focused(page), /Delete conversation/);
  await chat.view.getByRole('button', { name: 'Delete conversation' }).click();
  await sure.getByRole('button', { name: 'Delete for good' }).click();
  await until('a fresh greeting', async () => (await chat.turns.count()) === 1 && !(await chat.log.innerText()).includes('nobody else'));
  await until('the other tab to forget', async () => !(await beside.log.innerText()).includes('nobody else'));
  assert.equal(await page.evaluate(() => Object.entries(localStorage).filter(([, value]) => value.includes('nobody else')).length), 0);
  const authorization = `Bearer ${token}`;
  const again = await fetch(`${on.server.url}/v1/conversation`, { method: 'DELETE', headers: { authorization } });
  assert.equal(again.status, 204);
  const gone = await fetch(`${on.server.url}/v1/conversation`, { headers: { authorization } });
  assert.ok([401, 404].includes(gone.status), `${gone.status}`);
  await chat.say('hello again');
  assert.equal(await chat.mine.count(), 1);
  assert.deepEqual(page.troubles, []);
});

test('suggestions by what is looked at are the shopper’s to allow', real, async () => {
  const page = await on.visit();
  const chat = await new Data(page).open();
  await chat.look();
  const agree = chat.view.getByRole('checkbox');
  assert.equal(await agree.isChecked(), false);
  await agree.check();
  assert.equal(await page.evaluate(() => shoptalk.consented), true);
  await agree.uncheck();
  assert.equal(await page.evaluate(() => shoptalk.consented), false);
  assert.deepEqual(page.troubles, []);
});
