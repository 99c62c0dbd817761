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

test('Shopify: the chat knows the cart, changes it by its own numbers, and knows it changed', async () => {
  const { page, visit, cart } = await shop(recipe('**Shopify.**', 'html').replace('{{ request.locale.iso_code }}', 'de'));
  // Shopify's Cart API, as far as a theme has it: prices in cents, lines by variant.
  let items = [
    { sku, variant_id: 11, quantity: 1, final_price: 1400 },
    { sku: 'SOMETHING-ELSE', variant_id: 12, quantity: 1, final_price: 900 },
  ];
  const asked = [];
  const json = (route) => route.fulfill({ contentType: 'application/json', body: JSON.stringify({ items }) });
  await page.route(`${on.server.url}/cart.js`, json);
  await page.route('**/cart/update.js', (route) => {
    const { updates } = route.request().postDataJSON();
    asked.push(updates);
    items = items.map((item) => ({ ...item, quantity: updates[item.variant_id] })).filter(({ quantity }) => quantity > 0);
    return json(route);
  });
  await visit();
  const chat = new Chat(page);
  await page.locator('shop-talk .launcher').click();
  await chat.turns.first().waitFor();
  assert.equal(await chat.box.getAttribute('aria-label'), 'Nachricht schreiben', 'in the language of the theme');
  await chat.say('cart only');
  assert.deepEqual(cart(), [{ sku, quantity: 1 }, { sku: 'SOMETHING-ELSE', quantity: 1 }]);
  // What the chat shows now is the cart: two of one, and not the other.
  await until('Shopify to be told', () => asked.length > 0);
  assert.deepEqual(asked, [{ 11: 2, 12: 0 }]);
  await until('the page to have heard', () => items.length === 1);
  await chat.say('hello');
  await until('the chat to say the new cart', async () => {
    if (cart()?.length === 1) return true;
    await chat.say('hello');
    return false;
  });
  assert.deepEqual(cart(), [{ sku, quantity: 2 }]);
});

test('WooCommerce: what WordPress prints brings the chat, the cart and who is signed in', async () => {
  const php = recipe('**WooCommerce.**', 'php');
  // What `wp_enqueue_script_module` and `wp_json_encode` make of it.
  const address = php.match(/wp_enqueue_script_module\('shoptalk', '([^']+)'/)[1];
  const printed = (call, json) => php.match(/echo '(<script>.*?)\["setCart", ' \. wp_json_encode\(\$lines\) \. '(.*?)';/).slice(1).join(`["${call}", ${json}`);
  const lines = JSON.stringify([{ sku, quantity: 3, price: 14 }]);
  const { page, said, visit, cart } = await shop(`<script type="module" src="${address}" id="shoptalk-js-module"></script>`, printed('setCart', lines) + printed('identify', '"a.b.c"'));
  await visit();
  const chat = await new Chat(page).open();
  await chat.say('hello');
  assert.deepEqual(cart(), [{ sku, quantity: 3 }]);
  assert.equal(said.find(({ type }) => type === 'hello').identity, 'a.b.c');
});
