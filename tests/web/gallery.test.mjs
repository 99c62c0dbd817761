// Pictures of every block and state, light, dark, on a phone and in Arabic, and a page that shows them side by side:
// out/gallery.html. To be looked at, not compared by pixels.

import { writeFile } from 'node:fs/promises';
import { after, test } from 'node:test';
import { startFake } from './fake/server.mjs';
import { OUT, PHONE, settled, stage } from './stage.mjs';
import { walk } from './walk.mjs';

const on = stage(() => startFake());

const LOOKS = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['phone', { ...PHONE, colorScheme: 'light' }],
  ['phone-dark', { ...PHONE, colorScheme: 'dark' }],
  ['arabic', { ...PHONE, colorScheme: 'light' }, 'ar'],
  ['forced', { forcedColors: 'active' }],
];
/** State → the looks it was seen in. @type {Map<string, string[]>} */
const seen = new Map();

for (const [name, how, locale] of LOOKS) {
  test(`pictures of the chat: ${name}`, async () => {
    const page = await on.visit(null, { ...how, reducedMotion: 'reduce' });
    if (locale) await page.route('**/', async (route) => {
      const response = await route.fetch();
      return route.fulfill({ response, body: (await response.text()).replace('lang="en-GB"', `lang="${locale}" dir="rtl"`) });
    });
    await page.goto(on.server.url);
    await page.locator('.tile').first().waitFor();
    await walk(page, on.server, async (state) => {
      await settled(page);
      const file = `chat-${state.replaceAll(' ', '-')}-${name}.png`;
      await page.screenshot({ path: OUT + file, ...(how.isMobile ? {} : { clip: { x: 832, y: 0, width: 448, height: 800 } }) });
      seen.set(state, [...(seen.get(state) ?? []), file]);
    });
  });

  if (locale || how.forcedColors) continue;
  test(`pictures of the shop: ${name}`, async () => {
    const page = await on.visit('/', how);
    const tile = page.locator('.tile a').first();
    await tile.waitFor();
    // Pictures below the fold load when they come near.
    await page.evaluate(() => document.querySelectorAll('img').forEach((img) => (img.loading = 'eager')));
    const shoot = async (scene) => {
      await settled(page);
      const file = `shop-${scene}-${name}.png`;
      await page.screenshot({ path: OUT + file, fullPage: true });
      seen.set(`shop: ${scene}`, [...(seen.get(`shop: ${scene}`) ?? []), file]);
    };
    await shoot('front');
    await tile.click();
    await page.getByRole('button', { name: 'Add to the cart' }).click();
    await shoot('product');
    await page.goto(`${on.server.url}/cart`);
    await page.getByRole('button', { name: 'To the checkout' }).waitFor();
    await shoot('cart');
    await page.goto(`${on.server.url}/theme`);
    await page.locator('[data-snippet]', { hasText: 'script' }).waitFor();
    await shoot('theme');
  });
}

after(async () => {
  const figure = (file) => `<figure><a href="${file}"><img src="${file}" loading="lazy" alt=""></a><figcaption>${file.slice(0, -4)}</figcaption></figure>`;
  const rows = [...seen].map(([state, files]) => `<h2>${state}</h2><div>${files.map(figure).join('')}</div>`);
  const style = 'body{margin:2rem;font:16px/1.5 system-ui;background:#8a8a86;color:#fff}div{display:flex;gap:1rem;overflow-x:auto;align-items:start}figure{margin:0}img{width:300px;border-radius:8px}figcaption{font-size:12px}';
  await writeFile(`${OUT}gallery.html`, `<!doctype html><html lang="en"><meta charset="utf-8"><title>Every block and state</title><style>${style}</style><h1>Every block and state</h1>${rows.join('\n')}`);
});
