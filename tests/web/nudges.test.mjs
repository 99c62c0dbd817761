// The chat speaks first only where, when and as often as the shop said, and keeps quiet once told so. The clock of the page
// is the test's, so that nothing here waits.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import AxeBuilder from 'axe-core';
import { startFake } from './fake/server.mjs';
import { Chat, OUT, faked, stage, startServer, until } from './stage.mjs';

const nudge = (id, more) => ({ id, on: ['*'], after: 0, idle: 0, leaving: false, cart_from: '', text: { en: `Nudge ${id}` }, say: {}, ...more });
const RULES = { per_visit: 1, per_day: 2, quiet_on: ['/cart*', '/checkout*'], language: 'en', nudges: [] };

const rules = { ...RULES };
const on = stage(() => startFake({ nudges: rules }));
afterEach(() => Object.assign(rules, RULES, { nudges: [] }));

const BUTTON = '<button name="checkout" style="position:fixed;right:0;bottom:90px;width:300px;height:60px">To the checkout</button>';

/** A page of the shop, whose clock stands until the test moves it. */
async function shop(path = '/products/one', { body = '', context } = {}) {
  const page = context ? await context.newPage() : await on.visit(null);
  page.troubles ??= [];
  await page.clock.install({ time: new Date() });
  await page.route(/(products|checkout|cart|about)/, (route) =>
    route.request().resourceType() === 'document'
      ? route.fulfill({ contentType: 'text/html', body: `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>x</title><p>Words</p>${body}<script type="module" src="/widget.js"></script>` })
      : route.continue(),
  );
  const arrived = page.waitForResponse(/nudges\.json/);
  await page.goto(on.server.url + path);
  await page.evaluate(() => shoptalk.push(['on', 'nudge', (nudge) => (window.nudges ??= []).push(nudge)]));
  await page.clock.runFor(100);
  await new Chat(page).launcher.waitFor();
  await arrived;
  return page;
}

const bubble = (page) => page.locator('shop-talk .nudge');
const shown = (page) => bubble(page).count();
/** Lets so many seconds pass, with somebody there who does nothing. */
const pass = (page, seconds) => page.clock.runFor(1000 * seconds);

test('a nudge waits for its time on its pages, takes no focus, is not announced and shows once', async () => {
  rules.nudges = [nudge('sizes', { on: ['/products/*'], after: 20 })];
  const page = await shop();
  await page.evaluate(() => {
    document.body.tabIndex = -1;
    document.body.focus();
  });
  await pass(page, 18);
  assert.equal(await shown(page), 0);
  await pass(page, 4);
  assert.equal(await bubble(page).innerText(), 'Nudge sizes');
  assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
  const live = await bubble(page).evaluate((one) => [...(function* () {
    for (let at = one; at; at = at.parentElement ?? at.getRootNode().host) yield at.getAttribute?.('aria-live') ?? at.getAttribute?.('role');
  })()].filter((value) => /alert|status|log|polite|assertive/.test(value)));
  assert.deepEqual(live, []);
  assert.deepEqual(await page.evaluate(() => nudges), [{ id: 'sizes', what: 'shown' }]);
  assert.equal(on.server.sockets.size, 0, 'nothing is connected for it');
  await page.addScriptTag({ content: AxeBuilder.source });
  assert.deepEqual(await page.evaluate(() => axe.run('shop-talk', { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] }).then(({ violations }) => violations.map(({ id }) => id))), []);
  await page.screenshot({ path: `${OUT}nudge.png` });
  await bubble(page).getByRole('button', { name: 'Nudge sizes' }).click();
  await new Chat(page).turns.first().waitFor();
  await pass(page, 60);
  assert.equal(await shown(page), 0);
  assert.deepEqual(page.troubles, []);
});

test('each condition is waited for: the path, stillness, the pointer that leaves and the worth of the cart', async () => {
  rules.per_visit = 9;
  rules.per_day = 9;
  rules.nudges = [
    nudge('still', { on: ['/products/still'], idle: 15 }),
    nudge('leaving', { on: ['/products/leaving'], leaving: true }),
    nudge('cart', { on: ['/products/full', '/about'], after: 1, cart_from: '50.00' }),
  ];
  const page = await shop('/products/nothing');
  await pass(page, 60);
  assert.equal(await shown(page), 0);

  await page.evaluate(() => history.pushState(null, '', '/products/still'));
  await page.mouse.move(200, 200);
  await pass(page, 10);
  await page.mouse.move(220, 200);
  await pass(page, 10);
  assert.equal(await shown(page), 0, 'something moved');
  await pass(page, 8);
  assert.equal(await bubble(page).innerText(), 'Nudge still');

  await page.evaluate(() => history.pushState(null, '', '/products/leaving'));
  await pass(page, 30);
  assert.equal(await shown(page), 0, 'that was for another page');
  await page.evaluate(() => document.dispatchEvent(new MouseEvent('mouseout', { clientY: -1 })));
  assert.equal(await bubble(page).innerText(), 'Nudge leaving');

  await page.evaluate(() => shoptalk.setPage('/about'));
  await page.evaluate(() => shoptalk.setCart([{ sku: 'A', quantity: 2, price: 20 }]));
  await pass(page, 5);
  assert.equal(await shown(page), 0);
  await page.evaluate(() => shoptalk.setCart(() => [{ sku: 'A', quantity: 3, price: 20 }]));
  await pass(page, 2);
  assert.equal(await bubble(page).innerText(), 'Nudge cart');
});

test('what was dismissed stays dismissed, after a reload and in another tab, and two are enough', async () => {
  rules.per_visit = 9;
  rules.per_day = 9;
  rules.nudges = [nudge('one', { after: 5 }), nudge('two', { after: 10 }), nudge('three', { after: 15 })];
  const page = await shop();
  await pass(page, 6);
  const other = await shop('/products/one', { context: page.context() });
  await pass(other, 6);
  assert.equal(await bubble(other).innerText(), 'Nudge one');
  await bubble(page).getByRole('button', { name: 'Dismiss' }).click();
  await until('gone in the other tab', async () => (await shown(other)) === 0);
  await other.close();
  await page.reload();
  await page.clock.runFor(100);
  await new Chat(page).launcher.waitFor();
  await until('the next', async () => (await pass(page, 15), (await shown(page)) === 1));
  assert.equal(await bubble(page).innerText(), 'Nudge two');
  await bubble(page).getByRole('button', { name: 'Dismiss' }).click();
  await pass(page, 60);
  assert.equal(await shown(page), 0, 'who dismissed two is left alone');
});

test('one visit and one day have their measure', async () => {
  rules.nudges = [nudge('one', { on: ['/products/one'], after: 2 }), nudge('two', { on: ['/about'], after: 2 })];
  const page = await shop();
  await pass(page, 4);
  assert.equal(await shown(page), 1);
  await page.evaluate(() => shoptalk.setPage('/about'));
  await pass(page, 30);
  assert.equal(await shown(page), 0, 'one in a visit');
  // A new tab is a new visit of the same day.
  for (const [seen, path] of [[1, '/about'], [0, '/products/one']]) {
    const next = await shop(path, { context: page.context() });
    await pass(next, 6);
    assert.equal(await shown(next), seen, path);
    await next.close();
  }
});

test('none at the checkout, none over its button, none beside a dialog, none while somebody chats', async () => {
  rules.per_visit = 9;
  rules.per_day = 9;
  rules.nudges = [nudge('any', { after: 3 })];
  const page = await shop('/checkout/address');
  await pass(page, 30);
  assert.equal(await shown(page), 0, 'on a quiet page');
  await page.close();

  const covered = await shop('/products/two', { body: BUTTON });
  await pass(covered, 30);
  assert.equal(await shown(covered), 0, 'over the button');
  await covered.evaluate(() => document.querySelector('[name="checkout"]').style.setProperty('bottom', '400px'));
  await pass(covered, 2);
  assert.equal(await bubble(covered).isVisible(), true);
  // What scrolls under it makes it step aside.
  await covered.evaluate(() => {
    document.querySelector('[name="checkout"]').style.setProperty('bottom', '90px');
    dispatchEvent(new Event('resize'));
  });
  await covered.clock.runFor(100);
  await bubble(covered).waitFor({ state: 'hidden' });
  await covered.close();

  const busy = await shop('/products/three', { body: '<dialog>Cookies?</dialog>' });
  await busy.evaluate(() => document.querySelector('dialog').showModal());
  await pass(busy, 30);
  assert.equal(await shown(busy), 0, 'while a dialog asks');
  await busy.evaluate(() => document.querySelector('dialog').close());
  const chat = new Chat(busy);
  await chat.launcher.click();
  await chat.turns.first().waitFor();
  await chat.say('do you ship to norway?');
  await pass(busy, 30);
  await busy.keyboard.press('Escape');
  await pass(busy, 60);
  assert.equal(await shown(busy), 0, 'during a conversation');
});

test('nudges of the settings are shown, in the shopper\'s language, and say what they say', { skip: faked }, async () => {
  const server = await startServer({
    SHOPTALK_WIDGET__NUDGES: '[{ id = "socks", on = "/products/*", after = 1, text = { en = "Cold feet?", de = "Kalte Füße?" }, say = "show me warm socks under 20" }, { id = "cart", on = "/cart", text = "Anything missing?" }]',
  });
  try {
    const page = await on.visit(null);
    await page.goto(`${server.url}/products/alder-wool-socks`);
    await bubble(page).waitFor({ timeout: 20_000 });
    assert.equal(await bubble(page).innerText(), 'Cold feet?');
    await bubble(page).getByRole('button', { name: 'Cold feet?' }).click();
    const chat = new Chat(page);
    await until('the cards', async () => (await chat.log.getByRole('article').count()) > 0, 15_000);
    assert.equal(await chat.mine.last().locator('.bubble').innerText(), 'show me warm socks under 20');
    assert.deepEqual(page.troubles, []);
  } finally {
    await server.stop();
  }
});
