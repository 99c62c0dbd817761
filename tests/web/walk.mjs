// Through every state that the chat can be in, for those who look at each.

import { Chat, until } from './stage.mjs';

const words = (text) => [{ type: 'text', lines: [{ text, source: { kind: 'text', id: 'x' } }] }];

/** Walks through every state and calls `look` in each. @param {any} page @param {any} server the fake @param {(state: string) => Promise<void>} look */
export async function walk(page, server, look) {
  const chat = new Chat(page);
  await chat.launcher.waitFor();
  await look('closed');
  await chat.open();
  await look('greeting');
  for (const block of ['text', 'image', 'link', 'form', 'comparison', 'products', 'cart', 'order', 'return', 'handoff', 'choices']) {
    await chat.say(`${block} only`);
    if (block === 'products') {
      await chat.log.locator('summary').first().click();
      await chat.log.getByRole('radio').first().check();
      await chat.log.getByRole('checkbox').first().check();
      await chat.log.getByRole('checkbox').nth(1).check();
    }
    await look(block);
    if (block === 'form') {
      await chat.log.getByRole('form').last().getByRole('button').click();
      await look('form with errors');
    }
  }
  server.interject(words('A person here.'), 'agent', { name: 'Ana' });
  server.interject(words('Ana has joined.'), 'system');
  await until('both', async () => /joined/.test(await chat.replies.last().innerText()));
  await look('a person');
  server.faults.refuse = 'bad_request';
  await chat.send('refused');
  await chat.log.locator('[data-state="failed"]').waitFor();
  await look('not sent');
  await page.locator('shop-talk .plain').first().click();
  await look('menu');
  await page.keyboard.press('Escape');
  server.faults.delay = 3_000;
  await chat.send('slowly, please');
  await chat.log.locator('.dots').waitFor();
  await look('typing');
  delete server.faults.delay;
  await until('the answer', async () => (await chat.log.locator('.dots').isVisible()) === false);
  // Read on above while something comes in below.
  await chat.log.evaluate((log) => new Promise((done) => {
    log.addEventListener('scroll', () => requestAnimationFrame(done), { once: true });
    log.scrollTop = 0;
  }));
  server.interject(words('Something new.'), 'agent', { name: 'Ana' });
  await chat.panel.locator('.pill').waitFor();
  await look('new below');
  await chat.panel.locator('.pill').click();
  await page.context().setOffline(true);
  server.closeSockets(1012, '');
  await chat.panel.locator('.offline').waitFor();
  await chat.send('kept');
  await look('offline');
  return chat;
}
