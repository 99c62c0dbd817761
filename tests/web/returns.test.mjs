// Sending something back by taps: asked, shown before it is agreed to, and kept as a card with its number.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chat, OUT, PHONE, faked, stage } from './stage.mjs';

const on = stage();
const WISH = 'i want to return the socks from SH-10045, hugo.sjodahl@example.com';

test('a return is put together by taps, and a wrong tap is put right', { skip: faked }, async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  await chat.say(WISH);
  await chat.tap('1');
  await chat.tap('Too big');
  await chat.tap('Swap for S, charcoal');
  const proposed = chat.log.getByRole('region', { name: 'Return from SH-10045' });
  assert.match(await proposed.last().innerText(), /1 × Alder wool socks M, charcoal[\s\S]*Too big[\s\S]*Swap for S, charcoal/);
  assert.equal(await proposed.last().getByRole('link').count(), 0, 'no label before it is opened');
  await chat.say('no, too small');
  await chat.tap('Swap for L, charcoal');
  assert.match(await proposed.last().innerText(), /Too small[\s\S]*Swap for L, charcoal/);
  await chat.tap('Yes');
  const opened = chat.log.getByRole('region', { name: /^Return RT-/ });
  const rma = /RT-[0-9A-Z]{5}/.exec(await opened.innerText())?.[0];
  assert.ok(rma);
  assert.match(await opened.innerText(), /Order SH-10045[\s\S]*We send L, charcoal/);
  const label = opened.getByRole('link', { name: /Return label/ });
  assert.ok((await label.getAttribute('href')).endsWith(`/returns/${rma}`));
  await page.screenshot({ path: `${OUT}return.png` });
  const told = await chat.say('where is my return');
  assert.match(await told.innerText(), new RegExp(`${rma}[\\s\\S]*not reached us`));
  assert.deepEqual(page.troubles, []);
});

test('what is damaged is shown with the person who takes over, and survives a reload', { skip: faked }, async () => {
  const page = await on.visit('/', PHONE);
  const chat = await new Chat(page).open();
  await chat.say('the mug from SH-10003 arrived broken, florian.haas@example.org');
  await chat.say('the handle came off');
  await chat.tap('1');
  await chat.tap('A new one');
  const card = chat.log.getByRole('region', { name: /^Return RT-/ });
  assert.match(await card.innerText(), /Camp enamel mug[\s\S]*It arrived damaged[\s\S]*A new one/);
  assert.equal(await card.getByRole('link').count(), 0, 'nothing has to be sent back yet');
  assert.equal(await chat.log.locator('.handoff').count(), 1);
  await page.screenshot({ path: `${OUT}return-damaged.png` });
  await page.reload();
  const back = await new Chat(page).open();
  await back.log.getByRole('region', { name: /^Return RT-/ }).waitFor();
  assert.deepEqual(page.troubles, []);
});
