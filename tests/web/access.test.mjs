// Whoever cannot see, or has no mouse, or a narrow screen, gets the same shop.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { violations } from './axe.mjs';
import { Chat, PHONE, stage, until } from './stage.mjs';

const on = stage();

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing in any state of the chat (${colorScheme})`, async () => {
    const page = await on.visit('/', { colorScheme });
    await page.getByText(/\d+ products/).waitFor();
    const chat = new Chat(page);
    await chat.launcher.waitFor();
    assert.deepEqual(await violations(page), [], 'closed');
    await chat.open();
    assert.deepEqual(await violations(page), [], 'open');
    await chat.say('show me warm socks under 20');
    await chat.log.locator('summary').first().click();
    assert.deepEqual(await violations(page), [], 'product cards');
    await chat.say('where is my order SH-10024');
    await chat.say('ana@example.com');
    assert.deepEqual(await violations(page), [], 'an order');
    await chat.say('qwxz blorp fnord');
    assert.deepEqual(await violations(page), [], 'choices');
    await page.getByRole('button', { name: 'Chat menu' }).click();
    assert.deepEqual(await violations(page), [], 'the menu');
    await chat.say('talk to a person');
    assert.deepEqual(await violations(page), [], 'a person');
  });

  test(`axe finds nothing on the pages of the shop (${colorScheme})`, async () => {
    const page = await on.visit('/', { colorScheme });
    const first = page.locator('.tile a').first();
    await first.waitFor();
    assert.deepEqual(await violations(page), [], 'the front page');
    await first.click();
    await page.getByRole('button', { name: 'Add to the cart' }).click();
    assert.deepEqual(await violations(page), [], 'a product');
    await page.goto(`${on.server.url}/cart`);
    await page.getByRole('button', { name: 'To the checkout' }).waitFor();
    assert.deepEqual(await violations(page), [], 'the cart');
  });
}

test('axe looks inside the chat: a planted fault is found', async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  await chat.log.evaluate((log) => log.append(document.createElement('button')));
  assert.match((await violations(page)).join('\n'), /button-name: shop-talk/);
});

test('the whole chat works by keyboard', async () => {
  const page = await on.visit('/cart');
  const chat = new Chat(page);
  await chat.launcher.waitFor();
  const focused = () =>
    page.evaluate(() => {
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      return at?.getAttribute('aria-label') ?? at?.textContent?.trim() ?? '';
    });
  for (let tabs = 0; tabs < 30 && (await focused()) !== 'Chat with us'; tabs += 1) await page.keyboard.press('Tab');
  assert.equal(await focused(), 'Chat with us');
  await page.keyboard.press('Enter');
  await chat.turns.first().waitFor();
  assert.equal(await focused(), 'Write a message');

  await page.keyboard.type('qwxz blorp fnord');
  await page.keyboard.press('Enter');
  await until('a reply', async () => (await chat.replies.count()) === 2);
  assert.equal(await focused(), 'Write a message', 'the focus stays where one writes');
  const choices = await chat.replies.last().getByRole('button').allInnerTexts();
  await page.keyboard.press('Shift+Tab');
  assert.equal(await focused(), choices.at(-1), 'the newest choice is one step back');
  await page.keyboard.press('Space');
  await until('its answer', async () => (await chat.replies.count()) === 3);
  assert.equal(await focused(), 'Write a message');

  await page.getByRole('button', { name: 'Chat menu' }).focus();
  await page.keyboard.press('Enter');
  await chat.panel.getByRole('switch', { name: 'Sound' }).waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'Close chat');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Escape');
  assert.equal(await focused(), 'Chat menu', 'Escape closes what is on top');
  assert.equal(await chat.panel.isVisible(), true);
  await page.keyboard.press('Escape');
  assert.equal(await focused(), 'Chat with us', 'and gives the focus back');
  assert.equal(await chat.panel.isVisible(), false);
  assert.equal(await chat.launcher.getAttribute('aria-expanded'), 'false');
});

test('a reply is added to the log once, and nothing there is rewritten', async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  await chat.say('qwxz blorp fnord');
  await chat.log.evaluate((log) => {
    window.changes = [];
    new MutationObserver((all) => {
      for (const { addedNodes, removedNodes, target } of all) {
        if (target !== log && target.className !== 'stretch') continue;
        window.changes.push(...[...addedNodes].map((node) => `+${node.className}`), ...[...removedNodes].map((node) => `-${node.className}`));
      }
    }).observe(log, { childList: true, subtree: true });
  });
  await chat.say('do you ship to norway?');
  assert.deepEqual(await page.evaluate(() => window.changes), ['+turn shopper live newest', '+turn assistant live']);
  assert.equal(await chat.log.getAttribute('aria-live'), null, 'the role alone makes it polite');
  assert.equal(await chat.log.locator('[aria-live], [role="status"], [role="alert"]').count(), 0, 'no live region within the log');
});

for (const path of ['/', '/cart', 'product']) {
  test(`320 pixels are enough: ${path}`, async () => {
    const page = await on.visit('/', { viewport: { width: 320, height: 640 } });
    if (path === 'product') await page.locator('.tile a').first().click();
    else await page.goto(on.server.url + path);
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    await until('the page', () => page.evaluate(() => !document.body.innerText.includes('Fetching')));
    assert.equal(await wide(), 0);
    const chat = await new Chat(page).open();
    for (const words of ['do you ship to norway?', 'show me warm socks under 20', 'where is my order SH-10024', 'ana@example.com', 'https://example.org/a/very/long/address/without/any/place/to/break/it/at/all']) await chat.say(words);
    assert.equal(await chat.log.evaluate((log) => log.scrollWidth - log.clientWidth), 0);
    const cut = await chat.panel.evaluate((panel) =>
      [...panel.querySelectorAll('*')].filter((one) => !one.closest('.cards') && one.getClientRects().length && one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.className),
    );
    assert.deepEqual(cut, []);
  });
}

test('targets are big enough to hit', async () => {
  const page = await on.visit('/', PHONE);
  const chat = await new Chat(page).open();
  await chat.say('show me warm socks under 20');
  const small = await chat.panel.evaluate((panel) =>
    [...panel.querySelectorAll('button, textarea')].flatMap((one) => {
      const { width, height } = one.getBoundingClientRect();
      return width && (height < 43.5 || width < 43.5) ? [`${one.className} ${one.textContent}: ${width} × ${height}`] : [];
    }),
  );
  assert.deepEqual(small, []);
});

test('on a phone the chat is a sheet, and the page behind rests', async () => {
  const page = await on.visit('/', PHONE);
  await page.locator('.tile').first().waitFor();
  await page.evaluate(() => scrollTo(0, 400));
  const chat = new Chat(page);
  await chat.launcher.tap();
  await chat.turns.first().waitFor();
  assert.deepEqual(await chat.panel.boundingBox(), { x: 0, y: 0, width: 390, height: 844 });
  assert.equal(await chat.panel.evaluate((panel) => panel.matches(':modal')), true);
  assert.equal(await chat.box.evaluate((box) => box.getRootNode().activeElement === box), false, 'no keyboard before it is wanted');
  assert.ok((await chat.box.evaluate((box) => Number.parseFloat(getComputedStyle(box).fontSize))) >= 16);
  await chat.say('do you ship to norway?');
  await page.mouse.move(200, 400);
  await page.mouse.wheel(0, 600);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  assert.equal(await page.evaluate(() => scrollY), 400, 'what scrolls is the sheet');
  // A keyboard takes half the screen.
  await page.setViewportSize({ width: 390, height: 450 });
  await until('the sheet to follow', async () => (await chat.panel.boundingBox()).height <= 450);
  const composer = await chat.box.boundingBox();
  assert.ok(composer.y + composer.height <= 450);
  const last = await chat.replies.last().boundingBox();
  assert.ok(last.y < composer.y && last.y + last.height > 60, 'the last reply is in view');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('button', { name: 'Close chat' }).tap();
  await chat.panel.waitFor({ state: 'hidden' });
  assert.equal(await page.evaluate(() => scrollY), 400);
  assert.equal(await page.evaluate(() => document.documentElement.style.overflow), '');
});

test('nothing moves for those who asked for rest', async () => {
  const page = await on.visit('/', { reducedMotion: 'reduce' });
  const chat = await new Chat(page).open();
  await chat.say('show me warm socks under 20');
  assert.deepEqual(await page.evaluate(() => document.querySelector('shop-talk').shadowRoot.getAnimations().map((one) => one.animationName)), []);
});

test('a right-to-left page has a mirrored chat', async () => {
  const page = await on.visit(null);
  await page.route('**/rtl.html', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><html lang="ar" dir="rtl"><title>x</title><body><script type="module" src="/widget.js"></script>' }),
  );
  await page.goto(`${on.server.url}/rtl.html`);
  const chat = await new Chat(page).open();
  await chat.say('do you ship to norway?');
  const panel = await chat.panel.boundingBox();
  assert.ok(panel.x < 100, 'it stands at the end of the line, which is left');
  const mine = await chat.mine.last().locator('.bubble').boundingBox();
  const reply = await chat.replies.last().locator('.bubble').boundingBox();
  assert.ok(mine.x < reply.x, 'the shopper speaks from the left');
});
