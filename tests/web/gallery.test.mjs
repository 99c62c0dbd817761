// Pictures of every state, light, dark and phone, in out/: to be looked at, not compared by pixels.

import { test } from 'node:test';
import { Chat, OUT, PHONE, faked, stage } from './stage.mjs';

const on = stage();

const SCENES = [
  ['faq', ['do you ship to norway?']],
  ['order', ['where is my order SH-10024', 'ana@example.com']],
  ['products', ['show me warm socks under 20']],
  ['comparison', ['what is the difference between the first two?']],
  ['cart', ['add the first one', 'navy', 'M', 'show my cart']],
  ['goes-with', ['what goes with it?']],
  ['unknown', ['qwxz blorp fnord']],
  ['person', ['talk to a person']],
];

for (const [name, how] of [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['phone', { ...PHONE, colorScheme: 'light' }],
  ['phone-dark', { ...PHONE, colorScheme: 'dark' }],
]) {
  test(`pictures of the chat: ${name}`, async () => {
    const page = await on.visit('/', how);
    await page.locator('.tile').first().waitFor();
    await page.waitForTimeout(300);
    const shoot = async (scene) => {
      await page.waitForTimeout(400);
      await page.screenshot({ path: `${OUT}chat-${scene}-${name}.png` });
    };
    await shoot('closed');
    const chat = await new Chat(page).open();
    await shoot('greeting');
    for (const [scene, words] of faked ? [...SCENES, ['blocks', ['every block']]] : SCENES) {
      for (const one of words) await chat.say(one);
      await shoot(scene);
    }
    await page.getByRole('button', { name: 'Chat menu' }).click();
    await shoot('menu');
  });

  test(`pictures of the shop: ${name}`, async () => {
    const page = await on.visit('/', how);
    const tile = page.locator('.tile a').first();
    await tile.waitFor();
    // Pictures below the fold load when they come near.
    await page.evaluate(() => document.querySelectorAll('img').forEach((img) => (img.loading = 'eager')));
    const shoot = async (scene) => {
      await page.waitForTimeout(500);
      await page.screenshot({ path: `${OUT}shop-${scene}-${name}.png`, fullPage: true });
    };
    await shoot('front');
    await tile.click();
    await page.getByRole('button', { name: 'Add to the cart' }).click();
    await shoot('product');
    await page.goto(`${on.server.url}/cart`);
    await page.getByRole('button', { name: 'To the checkout' }).waitFor();
    await shoot('cart');
  });
}
