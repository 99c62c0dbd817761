// The examples of demo/embedding, as their readers would run them: the same shop by four makers. What bundles them here is
// for the test alone.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { compile } from 'svelte/compiler';
import { Chat, stage, until } from './stage.mjs';

const on = stage();
const EXAMPLES = fileURLToPath(new URL('../../demo/embedding/', import.meta.url));
const WIDGET = fileURLToPath(new URL('../../web-widget/widget.js', import.meta.url));

const svelte = {
  name: 'svelte',
  setup(build) {
    build.onLoad({ filter: /\.svelte$/ }, async ({ path }) => ({ contents: compile(await readFile(path, 'utf8'), { filename: path }).js.code }));
  },
};

async function bundled(entry) {
  const { outputFiles } = await build({
    entryPoints: [EXAMPLES + entry],
    bundle: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    conditions: ['browser', 'svelte'],
    define: { 'process.env.NODE_ENV': '"production"', __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
    alias: { 'shoptalk-widget': WIDGET },
    nodePaths: [fileURLToPath(new URL('node_modules', import.meta.url))],
    plugins: [svelte],
  });
  return outputFiles[0].text;
}

/** Asks, shops and is answered, on a page of whatever make. */
async function shops(page, label) {
  const hellos = [];
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => hellos.push(JSON.parse(String(payload)))));
  await page.getByRole('button', { name: 'Ask about it' }).click();
  const chat = new Chat(page);
  await until('the draft', async () => /^About the .+: $/.test(await chat.box.inputValue().catch(() => '')));
  await page.getByRole('button', { name: 'Add to the cart' }).click();
  assert.equal(await page.locator('output').innerText(), '1');
  await chat.turns.first().waitFor();
  await chat.say('show my cart');
  const said = hellos.find((frame) => frame.type === 'message');
  assert.deepEqual(said.cart, [{ sku: 'ALDER-SOCKS-NAVY-M', quantity: 1 }], 'the chat knows the cart');
  assert.equal(await page.locator('shop-talk').count(), 1);
  assert.equal(await page.getByRole('button', { name: label }).count(), 1);
  return { chat, hellos };
}

test('a plain page', async () => {
  const page = await on.visit(null);
  await page.route('**/embedding/**', async (route) => {
    const path = new URL(route.request().url()).pathname.replace('/embedding/', '');
    return route.fulfill({ contentType: path.endsWith('.js') ? 'text/javascript' : 'text/html', body: await readFile(EXAMPLES + path, 'utf8') });
  });
  await page.goto(`${on.server.url}/embedding/plain/index.html`);
  await shops(page, 'Questions?');
  assert.deepEqual(page.troubles, []);
});

for (const [name, entry] of [['React', 'react/main.jsx'], ['Vue', 'vue/main.js'], ['Svelte', 'svelte/main.js']]) {
  test(`an application in ${name}`, async () => {
    const page = await on.visit(null);
    const script = await bundled(entry);
    await page.route('**/app.js', (route) => route.fulfill({ contentType: 'text/javascript', body: script }));
    await page.route('**/app.html', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><html lang="en"><title>x</title><div id="app"></div><script type="module" src="/app.js"></script>' }));
    await page.goto(`${on.server.url}/app.html`);
    const { hellos } = await shops(page, /^Chat with us/);
    assert.equal(hellos.find((frame) => frame.type === 'hello').page, '/products/alder-wool-socks');
    await page.getByRole('navigation').getByRole('button', { name: 'Birch ribbed cap' }).click();
    await page.getByRole('heading', { level: 1, name: 'Birch ribbed cap' }).waitFor();
    assert.equal(await page.evaluate(() => document.querySelector('shop-talk').page), '/products/birch-ribbed-cap');
    // What the chat changes comes back into the application.
    await page.evaluate(() => document.querySelector('shop-talk').dispatchEvent(new CustomEvent('shoptalk-cart', { bubbles: true, detail: { lines: [{ sku: 'CAMP-MUG-WHITE', quantity: 4 }] } })));
    await until('four in the cart', async () => (await page.locator('output').innerText()) === '4');
    assert.deepEqual(page.troubles, []);
  });
}

test('where there is no browser, the package can be imported and does nothing', async () => {
  const { shoptalk } = await import(WIDGET);
  assert.equal(typeof shoptalk.mount, 'function');
  assert.equal(shoptalk.opened, false);
});
