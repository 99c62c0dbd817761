// The button and what the page itself fixes over the screen: bars, drawers, buttons of others.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chat, PHONE, stage, until } from './stage.mjs';

const on = stage();

const STYLE = `<style>
  body { margin: 0; font: 16px sans-serif }
  .bar { position: fixed; inset: auto 0 0; height: 72px; background: #eee }
  .bar + .bar { bottom: 72px; height: 40px; background: #ddd }
  .drawer { position: fixed; inset: 0 0 0 auto; width: min(420px, 100vw); background: #fff; visibility: hidden; translate: 100%; transition: translate 0.2s, visibility 0.2s }
  .drawer.open { translate: 0; visibility: visible }
  .drawer button { position: absolute; inset: auto 20px 20px; height: 48px }
</style>`;

async function shop(body, how = {}) {
  const page = await on.visit(null, how);
  const html = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>x</title>${STYLE}<main><h1>A shop</h1><p style="height: 2000px">…</p></main>${body}<script type="module" src="/widget.js"></script>`;
  await page.route('**/fixture.html', (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await page.goto(`${on.server.url}/fixture.html`);
  const chat = new Chat(page);
  await chat.launcher.waitFor();
  return { page, chat };
}

/** Room between the lower edge of the button and that of the screen. */
const room = async ({ page, chat }) => {
  const { y, height } = await chat.launcher.boundingBox();
  return page.viewportSize().height - y - height;
};

const bar = (page, add = '<div class="bar">Add to cart</div>') => page.evaluate((html) => document.body.insertAdjacentHTML('beforeend', html), add);
const noBar = (page) => page.evaluate(() => document.querySelectorAll('.bar').forEach((one) => one.remove()));

for (const [device, how] of [['a desktop', {}], ['a phone', PHONE]]) {
  test(`on ${device} the button climbs above what comes to the lower edge, and comes down again`, async () => {
    const on = await shop('', how);
    assert.equal(await room(on), 20);
    await bar(on.page);
    await until('above the bar', async () => (await room(on)) === 84);
    await bar(on.page);
    await until('above both', async () => (await room(on)) === 124);
    await noBar(on.page);
    await until('down again', async () => (await room(on)) === 20);
  });

  test(`on ${device} the button is away while a drawer lies where it stands`, async () => {
    const on = await shop('<button id="cart">Cart</button><div class="drawer"><h2>Your cart</h2><button>Checkout</button></div>', how);
    await on.page.evaluate(() => document.querySelector('#cart').addEventListener('click', () => document.querySelector('.drawer').classList.toggle('open')));
    const press = () => on.page.locator('#cart').evaluate((button) => button.click());
    await press();
    await on.chat.launcher.waitFor({ state: 'hidden' });
    await on.page.getByRole('button', { name: 'Checkout' }).click({ timeout: 2_000 });
    await press();
    await on.chat.launcher.waitFor();
    assert.equal(await room(on), 20);
  });
}

test('a bar that is there with the page is climbed at once, and moves nothing', async () => {
  const on = await shop('<div class="bar">Cookies?</div>');
  await until('above the bar', async () => (await room(on)) === 84);
  const shift = await on.page.evaluate(
    () =>
      new Promise((done) => {
        new PerformanceObserver((list) => done(list.getEntries().map(({ value }) => value))).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => done([]), 300);
      }),
  );
  assert.deepEqual(shift, []);
});

test('an open panel leaves the bar free, and keeps within the screen', async () => {
  const on = await shop('<div class="bar">Add to cart</div>');
  await until('above the bar', async () => (await room(on)) === 84);
  await on.chat.open();
  const { y, height } = await on.chat.panel.boundingBox();
  assert.ok(y >= 0 && y + height <= 800 - 84 - 56, `${y} to ${y + height}`);
  // Beneath the pointer it stands a pixel higher.
  await on.page.mouse.move(0, 0);
  await until('still above the bar', async () => (await room(on)) === 84);
});

test('a bar in a shadow root of its own counts, and a button of somebody else', async () => {
  const on = await shop('<div id="other"></div><div id="up" style="position: fixed; inset: auto 24px 24px auto; width: 48px; height: 48px">↑</div>');
  await until('above the button', async () => (await room(on)) === 84);
  await on.page.evaluate(() => {
    document.querySelector('#up').remove();
    document.querySelector('#other').attachShadow({ mode: 'open' }).innerHTML = '<div style="position: fixed; inset: auto 0 0; height: 100px">Cookies?</div>';
  });
  await until('above the bar', async () => (await room(on)) === 112);
});

test('what a script moves without telling anybody is seen all the same', async () => {
  const on = await shop('<div class="deep"><div></div></div>');
  // Something on the page never rests.
  await on.page.evaluate(() => setInterval(() => dispatchEvent(new Event('scroll')), 16));
  await on.page.evaluate(() => (document.querySelector('.deep div').className = 'bar'));
  await until('above the bar', async () => (await room(on)) === 84);
  await on.page.evaluate(() => (document.querySelector('.bar').style.height = '30px'));
  await until('lower, as the bar is', async () => (await room(on)) === 42);
  await on.page.evaluate(() => (document.querySelector('.bar').className = ''));
  await until('down again', async () => (await room(on)) === 20);
});

test('what stands out of a bar is climbed as well', async () => {
  const on = await shop('<div class="bar"><input style="position: absolute; bottom: 100%; right: 0; height: 50px; width: 200px"></div>');
  await until('above the field', async () => (await room(on)) >= 72 + 50);
});

for (const [what, make] of [
  ['the page itself', () => Object.assign(document.querySelector('main').style, { position: 'fixed', inset: '0', overflow: 'auto' })],
  ['a picture behind a short page', () => document.querySelector('main').remove() ?? (document.body.append(Object.assign(new Image(), { style: 'position: fixed; inset: 0; height: 100vh; width: 100vw' })))],
  ['a body held still beneath a menu', () => document.querySelector('main').remove() ?? (document.body.style = 'position: fixed; inset: 0; background: white')],
]) {
  test(`${what} is no drawer`, async () => {
    const on = await shop('');
    await on.page.evaluate(make);
    await bar(on.page);
    await until('above the bar', async () => (await room(on)) === 84);
    await noBar(on.page);
    await until('down again', async () => (await room(on)) === 20);
    await on.page.evaluate(() => document.body.click());
    await on.page.waitForTimeout(250);
    assert.ok(await on.chat.launcher.isVisible());
  });
}

test('a quick view with a heading of its own is no page', async () => {
  const on = await shop('<div class="drawer"><h1>Wool socks</h1><button>Add to cart</button></div>', PHONE);
  await on.page.evaluate(() => document.querySelector('.drawer').classList.add('open'));
  await on.chat.launcher.waitFor({ state: 'hidden' });
  await on.page.evaluate(() => document.querySelector('.drawer').classList.remove('open'));
  await on.chat.launcher.waitFor();
});

test('beside an open chat the button is away, too, and back when the drawer is closed', async () => {
  const on = await shop('<div class="drawer"><h2>Your cart</h2><button>Checkout</button></div>');
  await on.chat.open();
  await on.page.evaluate(() => document.querySelector('.drawer').classList.add('open'));
  await on.chat.launcher.waitFor({ state: 'hidden' });
  await on.page.keyboard.press('Escape');
  await on.chat.panel.waitFor({ state: 'hidden' });
  await on.page.evaluate(() => document.querySelector('.drawer').classList.remove('open'));
  await on.chat.launcher.waitFor();
});

test('a chat taken off the page looks no more, and a new one does', async () => {
  const on = await shop('<div class="bar">Cookies?</div>');
  await until('above the bar', async () => (await room(on)) === 84);
  await on.page.evaluate(() => shoptalk.destroy());
  await on.page.evaluate(() => shoptalk.mount());
  await until('above the bar again', async () => (await room(on)) === 84);
  await noBar(on.page);
  await until('down again', async () => (await room(on)) === 20);
});

test('a dialog in the middle of the page moves nothing', async () => {
  const on = await shop('<dialog><p>Ten percent off</p></dialog>');
  await on.page.evaluate(() => document.querySelector('dialog').showModal());
  await bar(on.page, '<p>And something else</p>');
  await on.page.waitForTimeout(250);
  assert.equal(await room(on), 20);
});

test('a chat left open does not come back over the way to the checkout', async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  await chat.say('do you ship to norway?');
  await page.goto(`${on.server.url}/cart`);
  await chat.launcher.waitFor();
  await page.waitForLoadState('networkidle');
  assert.equal(await page.evaluate(() => shoptalk.opened), false);
  await page.goto(`${on.server.url}/`);
  await chat.panel.waitFor();
});
