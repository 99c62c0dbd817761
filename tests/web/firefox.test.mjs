// The same chat in Firefox, over WebDriver BiDi: said, answered, resumed, and one connection for two tabs.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { startFake } from './fake/server.mjs';
import { until } from './stage.mjs';

const executablePath = process.env.FIREFOX ?? '/usr/bin/firefox-esr';
const missing = existsSync(executablePath) ? false : `there is no ${executablePath}: apt-get install firefox-esr`;

let fake;
let browser;
before(async () => {
  if (missing) return;
  const { default: puppeteer } = await import('puppeteer-core');
  fake = await startFake();
  browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true, protocol: 'webDriverBiDi' });
});
after(async () => {
  await browser?.close();
  await fake?.stop();
});

/** The chat of a page, from inside the page: its shadow root is open. */
function chatOf(page) {
  const inside = (work, ...given) => page.evaluate(`(${work})(document.querySelector('shop-talk')?.shadowRoot, ...${JSON.stringify(given)})`);
  return {
    turns: () => inside((root) => [...(root?.querySelectorAll('.turn') ?? [])].map((turn) => [...turn.classList].includes('shopper') ? `me: ${turn.querySelector('.bubble').textContent}` : 'reply')),
    open: async () => {
      await page.evaluate('shoptalk.ready.then(() => shoptalk.open()).then(() => 1)');
      await until('the first turn', () => inside((root) => root?.querySelectorAll('.turn').length > 0), 15_000);
    },
    async say(text) {
      const replies = async () => (await this.turns()).filter((turn) => turn === 'reply').length;
      const n = await replies();
      await inside((root) => root.querySelector('textarea').focus());
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
      await until('a reply', async () => (await replies()) > n, 15_000);
    },
  };
}

test('in Firefox a message is said, answered, and there after a reload and a broken line', { skip: missing }, async () => {
  const page = await browser.newPage();
  const troubles = [];
  page.on('pageerror', (error) => troubles.push(String(error)));
  await page.goto(fake.url);
  const chat = chatOf(page);
  await chat.open();
  await chat.say('do you ship to norway?');
  await chat.say('show me warm socks under 20');
  const said = await chat.turns();
  assert.deepEqual(said, ['reply', 'me: do you ship to norway?', 'reply', 'me: show me warm socks under 20', 'reply']);
  await page.reload();
  await until('the conversation', async () => (await chat.turns()).length === said.length, 15_000);
  fake.closeSockets(1012, '');
  await chat.say('and then?');
  assert.deepEqual(await chat.turns(), [...said, 'me: and then?', 'reply']);

  const second = await browser.newPage();
  await second.goto(fake.url);
  const other = chatOf(second);
  await other.open();
  await other.say('hello from the second tab');
  await until('the same in both', async () => (await chat.turns()).length === 9);
  assert.deepEqual(await chat.turns(), await other.turns());
  assert.equal(fake.sockets.size, 1);
  await page.close();
  await other.say('still there?');
  assert.equal((await other.turns()).length, 11);
  assert.deepEqual(fake.violations, []);
  assert.deepEqual(troubles, []);
});
