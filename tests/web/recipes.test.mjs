// The recipes of docs/widget.md for shop platforms, as their readers would paste them, on pages with what those platforms have.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { startFake } from './fake/server.mjs';
import { PRODUCTS } from './fake/shop.mjs';
import { Chat, stage, until } from './stage.mjs';

const on = stage(() => startFake());
/** What the fake has in its cart twice. */
const [{ sku }] = PRODUCTS;
const docs = await readFile(new URL('../../docs/widget.md', import.meta.url), 'utf8');

/** The first piece of code in a language after some words. @param {string} words @param {string} language */
function recipe(words, language) {
  const after = docs.slice(docs.indexOf(words));
  return after.match(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's'))[1].replaceAll('https://chat.shop.example', on.server.url);
}

/** A page of a shop with something in its head and at the end of its body, and what the chat says over its socket. */
async function shop(head, foot = '') {
  const page = await on.visit(null);
  const said = [];
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => said.push(JSON.parse(String(payload)))));
  await page.route('**/shop.html', (route) => route.fulfill({ contentType: 'text/html', body: `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>x</title>${head}<body><h1>A shop</h1>${foot}` }));
  return { page, said, visit: () => page.goto(`${on.server.url}/shop.html`), cart: () => said.findLast(({ type }) => type === 'message')?.cart };
}

/** What the fake's cart card says it has twice; the page may know more. */
const OTHER = { sku: 'SOMETHING-ELSE', quantity: 1 };

test('Shopify: both change one cart, by whatever way, and neither undoes the other', async () => {
  const { page, visit, cart } = await shop(
    recipe('**Shopify.**', 'html').replace('{{ request.locale.iso_code }}', 'de'),
    '<cart-drawer><div class="drawer__inner">before</div></cart-drawer><a id="cart-icon-bubble">1</a>',
  );
  // Shopify's Cart API, as far as a theme has it: prices in cents, lines by key, of one SKU several.
  let items = [
    { sku, key: '11:a', variant_id: 11, quantity: 1, final_price: 1400 },
    { sku, key: '11:b', variant_id: 11, quantity: 2, final_price: 1400 },
    { sku: 'SOMETHING-ELSE', key: '12:a', variant_id: 12, quantity: 1, final_price: 900 },
    { sku: '', key: '13:a', variant_id: 13, quantity: 4, final_price: 100 },
  ];
  const asked = [];
  const json = (route, more) => route.fulfill({ contentType: 'application/json', body: JSON.stringify({ items, item_count: items.length, ...more }) });
  // Not the chat's own file of that name.
  await page.route(({ pathname }) => pathname === '/cart.js', (route) => json(route));
  await page.route('**/cart/add.js', (route) => {
    items = [...items, { sku: 'BY-THEME', key: '14:a', variant_id: 14, quantity: 1, final_price: 500 }];
    return json(route);
  });
  await page.route('**/cart/update.js*', (route) => {
    const { updates, sections } = route.request().postDataJSON();
    asked.push(updates);
    items = items.map((item) => ({ ...item, quantity: updates[item.key] ?? item.quantity })).filter(({ quantity }) => quantity > 0);
    assert.equal(sections, 'cart-drawer,cart-icon-bubble');
    const drawn = {
      'cart-drawer': '<div id="shopify-section-cart-drawer" class="shopify-section"><cart-drawer><div class="drawer__inner">after</div></cart-drawer></div>',
      'cart-icon-bubble': '<div id="shopify-section-cart-icon-bubble" class="shopify-section">2</div>',
    };
    return json(route, { sections: drawn });
  });
  await visit();
  const chat = new Chat(page);
  await page.locator('shop-talk .launcher').click();
  await chat.turns.first().waitFor();
  assert.equal(await chat.box.getAttribute('aria-label'), 'Nachricht schreiben', 'in the language of the theme');
  await chat.say('cart only');
  assert.deepEqual(cart(), [{ sku, quantity: 1 }, { sku, quantity: 2 }, OTHER, { sku: '13:a', quantity: 4 }]);
  // The chat now shows two of one, and nothing else: the last line gives way first, and each by its key.
  await until('Shopify to be told', () => asked.length > 0);
  assert.deepEqual(asked, [{ '11:b': 1, '12:a': 0, '13:a': 0 }]);
  await until('the theme to be drawn again', async () => (await page.locator('.drawer__inner').textContent()) === 'after');
  assert.equal(await page.locator('#cart-icon-bubble').textContent(), '2');
  // The theme adds something without a new page: the next message knows, and what the chat then changes leaves it there.
  await page.evaluate(() => fetch('/cart/add.js', { method: 'POST' }));
  await until('the chat to say the new cart', async () => {
    await chat.say('hello');
    return cart().some((line) => line.sku === 'BY-THEME');
  });
  assert.deepEqual(cart(), [{ sku, quantity: 1 }, { sku, quantity: 1 }, { sku: 'BY-THEME', quantity: 1 }]);
  const before = asked.length;
  await chat.say('cart beside');
  await until('something new to be put in by its number', () => asked.length > before);
  assert.deepEqual(asked.at(-1), { 77: 1 });
});

test('WooCommerce: both change one cart through the Store API, and nothing of it is printed into the page', async () => {
  const php = recipe('**WooCommerce.**', 'php');
  // What WordPress makes of it.
  const address = php.match(/wp_enqueue_script_module\('shoptalk', '([^']+)'/)[1];
  const foot = php.match(/return; \?>\n(.*?)<\?php/s)[1].replace("<?= wp_json_encode(rest_url('wc/store/v1/')) ?>", '"/wp-json/wc/store/v1/"');
  assert.ok(!foot.includes('<?'), foot);
  const identify = '<script>(window.shoptalk = window.shoptalk || []).push(["identify", "a.b.c"])</script>';
  const { page, said, visit, cart } = await shop(`<script type="module" src="${address}" id="shoptalk-js-module"></script>`, foot + identify);
  const prices = { price: '1400', currency_minor_unit: 2 };
  let items = [
    { sku, key: 'k1', quantity: 1, prices },
    { sku, key: 'k2', quantity: 3, prices },
    { sku: 'SOMETHING-ELSE', key: 'k3', quantity: 1, prices },
  ];
  const asked = [];
  let told = 0;
  await page.route('**/wp-json/wc/store/v1/cart**', (route) => {
    const request = route.request();
    const what = new URL(request.url()).pathname.split('/').at(-1);
    if (request.method() === 'POST') {
      assert.equal(request.headers().nonce, `n${told}`, 'the latest');
      const body = request.postDataJSON();
      asked.push([what, body]);
      if (what === 'remove-item') items = items.filter(({ key }) => key !== body.key);
      if (what === 'update-item') items = items.map((item) => (item.key === body.key ? { ...item, quantity: body.quantity } : item));
      if (what === 'add-item') items = [...items, { sku: `OF-${body.id}`, key: `k${body.id}`, quantity: body.quantity, prices }];
    }
    told += 1;
    return route.fulfill({ contentType: 'application/json', headers: { nonce: `n${told}` }, body: JSON.stringify({ items }) });
  });
  await page.route('**/?wc-ajax=add_to_cart', (route) => {
    items = [...items, { sku: 'BY-THEME', key: 'k9', quantity: 1, prices }];
    return route.fulfill({ contentType: 'application/json', body: '{}' });
  });
  await visit();
  await page.evaluate(() => document.body.addEventListener('wc-blocks_added_to_cart', () => (document.title = 'drawn again')));
  const chat = await new Chat(page).open();
  assert.equal(said.find(({ type }) => type === 'hello').identity, 'a.b.c');
  await chat.say('cart only');
  assert.deepEqual(cart(), [{ sku, quantity: 1 }, { sku, quantity: 3 }, OTHER]);
  await until('the theme to be told', async () => (await page.title()) === 'drawn again');
  assert.deepEqual(asked, [['update-item', { key: 'k2', quantity: 1 }], ['remove-item', { key: 'k3' }]]);
  await page.evaluate(() => fetch('/?wc-ajax=add_to_cart', { method: 'POST' }));
  await until('the chat to say the new cart', async () => {
    await chat.say('hello');
    return cart().some((line) => line.sku === 'BY-THEME');
  });
  await chat.say('cart beside');
  await until('something new to be put in by its number', () => asked.length > 2);
  assert.deepEqual(asked.slice(2), [['add-item', { id: 77, quantity: 1 }]]);
});
