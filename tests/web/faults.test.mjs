// Nothing said is lost and nothing is shown twice, whatever the line does. A real server cannot be
// asked to fail on demand, so this always runs against the fake, which is strict about the protocol.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { startFake } from './fake/server.mjs';
import { Chat, launch, notOfTheLine, stage, until } from './stage.mjs';

let fake;
const on = stage(async () => (fake = await startFake()));
afterEach(() => {
  assert.deepEqual(fake.violations, [], 'the widget keeps to the protocol');
  for (const name of Object.keys(fake.faults)) delete fake.faults[name];
  fake.received.length = 0;
});

const replies = async (chat, n) => until(`${n} replies`, async () => (await chat.replies.count()) >= n, 20_000);

for (const fault of ['dropBeforeAck', 'loseAck', 'dropAfterAck', 'twice']) {
  test(`a message is said once and answered once after ${fault}`, async () => {
    const page = await on.visit();
    const chat = await new Chat(page).open();
    await chat.say('hello');
    fake.faults[fault] = true;
    await chat.send('do you ship to norway?');
    await replies(chat, 3);
    await chat.say('and then?');
    const said = await chat.transcript();
    assert.equal(said.length, 7, said.join('\n'));
    assert.equal(said.filter((turn) => /ship to norway/.test(turn) && turn.startsWith('shopper')).length, 1);
    await page.reload();
    await until('the same after a reload', async () => (await chat.turns.count()) === 7);
    assert.deepEqual(await chat.transcript(), said);
  });
}

test('twenty messages through a line that keeps breaking arrive in order', async () => {
  const chat = await new Chat(await on.visit()).open();
  const kinds = ['dropBeforeAck', 'twice', 'loseAck', null, 'dropAfterAck'];
  for (let n = 1; n <= 20; n += 1) {
    const fault = kinds[n % kinds.length];
    if (fault) fake.faults[fault] = true;
    await chat.send(`message ${n}`);
    if (n % 3 === 0) await replies(chat, n + 1);
  }
  await replies(chat, 21);
  const talk = [...fake.talks.values()].at(-1);
  const stored = talk.entries.filter((entry) => entry.from === 'shopper').map((entry) => entry.text);
  assert.deepEqual(stored, Array.from({ length: 20 }, (_, at) => `message ${at + 1}`));
  assert.deepEqual(await chat.mine.locator('.bubble').allInnerTexts(), stored);
  assert.equal(await chat.turns.count(), 41);
});

test('what is written without a connection waits, says so, and is sent in order', async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  await chat.say('hello');
  const { port, talks } = fake;
  await fake.stop();
  await chat.send('first');
  await chat.send('second');
  await until('the waiting mark', async () => (await chat.log.getByText('Waiting for a connection').count()) === 2);
  await chat.panel.locator('.offline').waitFor({ timeout: 20_000 });
  fake = on.server = await startFake({ port, talks });
  await replies(chat, 4);
  assert.deepEqual(await chat.mine.locator('.bubble').allInnerTexts(), ['hello', 'first', 'second']);
  await chat.panel.locator('.offline').waitFor({ state: 'hidden' });
  assert.deepEqual(page.troubles.filter(notOfTheLine), []);
});

test('a message on its way survives a reload', async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  await chat.say('hello');
  fake.faults.silent = true;
  await chat.send('do you ship to norway?');
  await until('the message at the server', () => fake.received.some((frame) => /norway/.test(frame.text ?? '')));
  delete fake.faults.silent;
  await page.reload();
  await replies(chat, 3);
  assert.equal(await chat.mine.count(), 2);
});

test('a refused message says why and can be sent again or deleted', async () => {
  const chat = await new Chat(await on.visit()).open();
  fake.faults.refuse = 'bad_request';
  await chat.send('do you ship to norway?');
  const failed = chat.log.locator('[data-state="failed"]');
  await failed.waitFor();
  assert.match(await failed.innerText(), /Not sent · \u2068Refused by the fake/);
  assert.equal(await chat.log.locator('.dots').isVisible(), false, 'nobody writes an answer to it');
  await failed.getByRole('button', { name: 'Try again' }).dblclick();
  await replies(chat, 2);
  assert.equal(await chat.mine.count(), 1);
  const sent = fake.received.filter(({ text }) => text === 'do you ship to norway?').map(({ id }) => id);
  assert.equal(sent.length, 2, 'refused once, and tried again once, however often it was pressed');
  assert.equal(sent[0], sent[1]);

  fake.faults.refuse = 'too_long';
  await chat.send('another');
  await failed.getByRole('button', { name: 'Delete' }).click();
  await until('its end', async () => (await chat.mine.count()) === 1);
});

test('a passing refusal mends itself', async () => {
  const chat = await new Chat(await on.visit()).open();
  fake.faults.refuse = 'rate_limited';
  await chat.send('do you ship to norway?');
  await replies(chat, 2);
  assert.equal(await chat.mine.count(), 1);
});

test('a forgotten conversation begins anew with what was still to be said', async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  await chat.say('hello');
  fake.talks.clear();
  fake.closeSockets(1012, '');
  await chat.send('do you ship to norway?');
  await until('a new conversation', async () => {
    const [talk] = fake.talks.values();
    return talk?.entries.length === 3;
  }, 15_000);
  await replies(chat, 2);
  assert.deepEqual(await chat.mine.locator('.bubble').allInnerTexts(), ['do you ship to norway?']);
});

test('words of a person reach a closed panel as a number on the button', async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  await chat.say('talk to a person');
  await page.keyboard.press('Escape');
  await chat.panel.waitFor({ state: 'hidden' });
  fake.interject([{ type: 'text', lines: [{ text: 'Hello, this is Lena.', source: { kind: 'text', id: 'x' } }] }]);
  await page.getByRole('button', { name: 'Chat with us, 1 new' }).click();
  assert.match(await chat.replies.last().innerText(), /Lena/);
  // It is read once it is on the screen.
  await page.getByRole('button', { name: /new/ }).waitFor({ state: 'detached' });
});

test('two tabs show the same conversation', async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  await chat.say('hello');
  const other = await page.context().newPage();
  await other.goto(fake.url);
  const second = await new Chat(other).open();
  await second.say('do you ship to norway?');
  await until('the words of the other tab', async () => (await chat.turns.count()) === 5);
  assert.deepEqual(await chat.transcript(), await second.transcript());
});

test('older messages come above without moving what is read', async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  for (let n = 0; n < 30; n += 1) await chat.say(`message ${n}`);
  await page.reload();
  const earlier = chat.log.getByRole('button', { name: 'Show earlier messages' });
  await earlier.waitFor();
  const shown = await chat.turns.count();
  // Reading upwards is enough; what is looked at stays where it is, and nobody is told of old news.
  const [read, top] = await chat.log.evaluateHandle((log) => {
    log.scrollTop = 150;
    const turn = [...log.querySelectorAll('.turn')].find((one) => one.getBoundingClientRect().top > log.getBoundingClientRect().top);
    return [turn, turn.getBoundingClientRect().top];
  }).then(async (handle) => [await handle.getProperty('0'), await (await handle.getProperty('1')).jsonValue()]);
  await until('older turns', async () => (await chat.turns.count()) > shown);
  assert.equal(await chat.log.getAttribute('aria-live'), 'off');
  assert.equal(await chat.turns.count(), 61);
  assert.ok(Math.abs((await read.boundingBox()).y - top) < 2, 'it stays where it was');
  assert.equal(await earlier.isVisible(), false);
  await until('the log to be live again', async () => (await chat.log.getAttribute('aria-live')) === null);
});

test('a browser that forbids storage still chats', async () => {
  const page = await on.visit(null);
  await page.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(window, name, { get: () => { throw new DOMException('denied', 'SecurityError'); } });
    }
  });
  await page.goto(fake.url);
  const chat = await new Chat(page).open();
  await chat.say('hello');
  fake.closeSockets(1012, '');
  await chat.say('do you ship to norway?');
  assert.equal(await chat.turns.count(), 5);
  assert.deepEqual(page.troubles.filter(notOfTheLine), []);
});

test('a page that went away and came back continues, and was cached', async () => {
  const browser = await launch({ ignoreDefaultArgs: ['--disable-back-forward-cache'] });
  const page = await (await browser.newContext()).newPage();
  const troubles = [];
  page.on('pageerror', (error) => troubles.push(String(error)));
  await page.goto(fake.url);
  const chat = await new Chat(page).open();
  await chat.say('hello');
  await page.evaluate(() => {
    window.wasHere = true;
    addEventListener('pageshow', (event) => (window.restored = event.persisted));
  });
  await page.goto(`${fake.url}/demo/mark.svg`);
  await page.evaluate(() => void history.back());
  await until('the page from the cache', () => page.evaluate(() => window.wasHere === true && window.restored === true).catch(() => false));
  assert.equal(await chat.panel.isVisible(), true, 'still open');
  await chat.say('do you ship to norway?');
  assert.deepEqual(await chat.mine.locator('.bubble').allTextContents(), ['hello', 'do you ship to norway?'], 'nothing twice');
  assert.equal(await chat.turns.count(), 5);
  assert.deepEqual(troubles, []);
  await browser.close();
});
