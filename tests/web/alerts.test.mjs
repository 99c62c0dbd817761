// What was waited for: told in the chat when it happens, once, to who is there and to who comes back.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Chat, OUT, faked, stage, until } from './stage.mjs';

const on = stage();
const CATALOG = new URL('../../demo/catalog.jsonl', import.meta.url);

/** Imports the demo's goods with so many trail vests in XL. */
async function restock(left) {
  const lines = (await readFile(CATALOG, 'utf8')).trim().split('\n').map((line) => JSON.parse(line));
  const vest = lines.find((product) => product.sku === 'TRAIL-VEST');
  vest.variants.find((variant) => variant.sku === 'TRAIL-VEST-XL').stock = left;
  const folder = await mkdtemp(join(tmpdir(), 'shoptalk-goods-'));
  const file = join(folder, 'goods.jsonl');
  await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n'));
  await on.server.run('import', 'products', file);
  await rm(folder, { recursive: true });
}

test('what is back is told once, in the open chat', { skip: faked }, async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  await chat.say('is the trail vest in xl in stock');
  await chat.tap('Tell me when it is back');
  await chat.tap('Here in the chat');
  const before = await chat.replies.count();
  await restock(4);
  await until('the news', async () => (await chat.replies.count()) > before, 20_000);
  const news = await chat.replies.last().innerText();
  assert.match(news, /Trail vest/);
  await page.screenshot({ path: `${OUT}alert.png` });
  const told = await chat.replies.count();
  await page.reload();
  const back = new Chat(page);
  await until('the conversation', async () => (await back.replies.count()) === told);
  assert.match(await back.replies.last().innerText(), /Trail vest/);
  const answer = await back.say('what am i waiting for');
  assert.match(await answer.innerText(), /watch nothing/);
  assert.deepEqual(page.troubles, []);
});
