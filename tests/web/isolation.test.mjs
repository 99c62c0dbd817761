// The shop does not break the chat, the chat does not touch the shop, and no message breaks out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFake } from './fake/server.mjs';
import { Chat, PHONE, faked, stage, until } from './stage.mjs';

const on = stage();

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'";

/** Serves `body` at /fixture.html of the server's own origin. */
async function fixture(page, body) {
  await page.route('**/fixture.html', (route) => route.fulfill({ contentType: 'text/html', body: `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>x</title>${body}` }));
  await page.goto(`${on.server.url}/fixture.html`);
}

const TAG = '<script type="module" src="/widget.js"></script>';

test('before a shopper wants to talk there is no socket, nothing stored and nothing fetched but the button', async () => {
  const page = await on.visit(null);
  const sockets = [];
  const asked = [];
  page.on('websocket', (socket) => sockets.push(socket.url()));
  page.on('request', (request) => asked.push(new URL(request.url())));
  await fixture(page, TAG);
  const chat = new Chat(page);
  await chat.launcher.waitFor();
  await page.waitForTimeout(400);
  const stored = async () => (await page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)])).concat((await page.context().cookies()).map((one) => one.name));
  assert.deepEqual(sockets, []);
  assert.deepEqual(await stored(), []);
  assert.deepEqual(asked.map((url) => url.pathname).filter((path) => path !== '/favicon.ico'), ['/fixture.html', '/widget.js']);

  await chat.open();
  assert.equal(sockets.length, 1);
  assert.deepEqual(await stored(), [], 'looking is not talking');
  await page.keyboard.press('Escape');
  await chat.open();
  await chat.say('do you ship to norway?');
  await until('something kept', async () => (await stored()).length > 0);
  const origin = new URL(on.server.url).host;
  assert.deepEqual(asked.filter((url) => url.host !== origin).map(String), [], 'nobody else is told');
  assert.ok(!asked.concat(sockets.map((url) => new URL(url))).some((url) => url.search), 'nothing secret in an address');
});

test('the strictest policy has nothing to refuse, in the chat and on the pages', async () => {
  const page = await on.visit(null);
  await page.route('**/*', async (route) => {
    if (route.request().resourceType() !== 'document') return route.continue();
    const response = await route.fetch();
    return route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': POLICY } });
  });
  await page.goto(on.server.url);
  const chat = await new Chat(page).open();
  await chat.say('do you ship to norway?');
  await chat.say('show me warm socks under 20');
  await chat.say('where is my order SH-10024');
  await chat.say('ana@example.com');
  await chat.say('talk to a person');
  if (faked) await chat.say('every block');
  await page.locator('.tile a').first().evaluate((link) => link.click());
  await page.getByRole('button', { name: 'Add to the cart' }).click();
  await page.goto(`${on.server.url}/cart`);
  await page.getByRole('button', { name: 'To the checkout' }).waitFor();
  assert.deepEqual(page.troubles, []);
});

test('a shop with hostile styles has the same chat as one with none', async () => {
  const hostile = `<style>
    html { font-size: 62.5%; direction: rtl; }
    * { color: red !important; opacity: 0.5; font-family: fantasy !important; letter-spacing: 4px; text-transform: uppercase; margin: 7px !important; box-sizing: content-box; line-height: 3 !important; }
    body { transform: translateY(1500px) rotate(2deg); filter: blur(1px); }
    body > * { display: none !important; visibility: hidden; position: static !important; }
    button, textarea, dialog, aside { all: unset; background: lime !important; width: 10px !important; }
    [popover] { display: none !important; }
    #cover { display: block !important; position: fixed; inset: 0; z-index: 2147483647; pointer-events: none; }
  </style><div id="cover"></div>`;
  const looks = async (body) => {
    const page = await on.visit(null, { reducedMotion: 'reduce' });
    await fixture(page, body + TAG);
    const chat = await new Chat(page).open();
    await chat.say('show me warm socks under 20');
    return page.evaluate(() => {
      const root = document.querySelector('shop-talk').shadowRoot;
      const wanted = ['.launcher', '.panel', '.top h2', '.line', '.plain', '.log', '.turn .bubble', '.who', '.card', '.card h3', '.price', '.composer textarea', '.send', 'footer'];
      const properties = ['color', 'backgroundColor', 'fontSize', 'fontFamily', 'lineHeight', 'letterSpacing', 'textTransform', 'opacity', 'display', 'direction', 'margin', 'padding', 'boxSizing', 'visibility'];
      return wanted.map((selector) => {
        const one = root.querySelector(selector);
        const style = getComputedStyle(one);
        const { x, y, width, height } = one.getBoundingClientRect();
        return [selector, [x, y, width, height].map(Math.round).join(' '), ...properties.map((name) => `${name}: ${style[name]}`)];
      });
    });
  };
  assert.deepEqual(await looks(hostile), await looks(''));
});

test('while a dialog of the shop asks, the chat is inert and silent, and goes on after it', async () => {
  const page = await on.visit(null);
  await fixture(page, `<body><dialog aria-label="Cookies"><button>Agree</button></dialog>${TAG}</body>`);
  const chat = await new Chat(page).open();
  await chat.say('do you ship to norway?');
  /** What those who listen are told of the chat: its roles, as the browser gives them away. */
  const devtools = await page.context().newCDPSession(page);
  const heard = async () => (await devtools.send('Accessibility.getFullAXTree')).nodes.filter(({ ignored, role }) => !ignored && ['log', 'status', 'textbox'].includes(role?.value)).map(({ role }) => role.value).sort();
  const reached = () => page.evaluate(() => {
    const box = document.querySelector('shop-talk').shadowRoot.querySelector('textarea');
    const { x, y, width, height } = box.getBoundingClientRect();
    box.focus();
    return { under: document.elementFromPoint(x + width / 2, y + height / 2)?.localName, focus: document.activeElement.localName };
  });
  assert.deepEqual(await heard(), ['log', 'status', 'textbox']);
  assert.deepEqual(await reached(), { under: 'shop-talk', focus: 'shop-talk' });
  const before = await chat.replies.count();
  await chat.send('show me warm socks under 20');
  await page.evaluate(() => document.querySelector('dialog').showModal());
  await chat.replyAfter(before);
  assert.deepEqual(await heard(), [], 'the reply is there, and nobody is told');
  const { under, focus } = await reached();
  assert.notEqual(under, 'shop-talk');
  assert.equal(focus, 'button', 'the focus is the dialog’s');
  await page.evaluate(() => document.querySelector('dialog').close());
  assert.deepEqual(await heard(), ['log', 'status', 'textbox']);
  await chat.say('do you ship to norway?');
});

test('the chat leaves the page as it found it', async () => {
  const page = await on.visit(null);
  await fixture(page, '<p id="sample">A paragraph of the shop.</p>');
  const globals = () => page.evaluate(() => Object.keys(window));
  const look = () => page.evaluate(() => JSON.stringify(Object.fromEntries([...getComputedStyle(document.querySelector('#sample'))].map((name) => [name, getComputedStyle(document.querySelector('#sample'))[name]]))));
  const before = { globals: await globals(), look: await look() };
  await page.evaluate(() => {
    const tag = document.createElement('script');
    tag.type = 'module';
    tag.src = '/widget.js';
    document.head.append(tag);
  });
  await new Chat(page).open();
  assert.deepEqual({ globals: (await globals()).filter((name) => name !== 'shoptalk'), look: await look() }, before);
  await page.evaluate(() => shoptalk.destroy());
  assert.equal(await page.locator('shop-talk').count(), 0);
});

for (const [screen, how] of [['beside the page', {}], ['over it', PHONE]]) {
  test(`taken off, a chat ${screen} leaves styles, focus and scroll as they were`, async () => {
    const page = await on.visit(null, how);
    await fixture(page, `<body style="margin:0"><p>Words of the shop.</p><div style="height:3000px"></div><button id="ours">Ours</button><div style="height:3000px"></div>${TAG}</body>`);
    await page.evaluate(async () => {
      await shoptalk.ready;
      document.querySelector('#ours').focus();
      scrollTo(0, 2800);
    });
    const looks = () => page.evaluate(() => ({ html: document.documentElement.cloneNode(false).outerHTML, body: document.body.innerHTML, focus: document.activeElement.id, scroll: scrollY, children: document.body.children.length }));
    const chat = new Chat(page);
    await page.evaluate(() => shoptalk.destroy());
    const before = await looks();
    await page.evaluate(() => shoptalk.mount().then(() => shoptalk.open()));
    await chat.turns.first().waitFor();
    assert.notEqual(await page.evaluate(() => document.activeElement.id), 'ours');
    await page.evaluate(() => shoptalk.send('do you ship to norway?'));
    await until('a reply', async () => (await chat.replies.count()) === 2);
    await page.evaluate(() => shoptalk.destroy());
    assert.deepEqual(await looks(), before);
    assert.deepEqual(page.troubles, []);
  });
}

test('a tag in the head, twice, and a swapped body still make one chat', async () => {
  const page = await on.visit(null);
  await fixture(page, `<head><script type="module" async src="/widget.js"></script><script type="module" src="/widget.js?again"></script></head><body><p>Shop</p></body>`);
  const chat = await new Chat(page).open();
  await chat.say('do you ship to norway?');
  await page.evaluate(() => {
    const body = document.createElement('body');
    body.append('Another page');
    document.body.replaceWith(body);
  });
  await until('the chat on the new body', () => chat.panel.isVisible());
  assert.equal(await page.locator('shop-talk').count(), 1);
  await chat.say('show me warm socks under 20');
  assert.equal(await chat.turns.count(), 5);
  assert.deepEqual(page.troubles, []);
});

test('what a shopper writes is shown as they wrote it', async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  const hostile = '<img src=x onerror="window.__pwned=1"><script>window.__pwned=1</script> **bold** [tap](javascript:window.__pwned=1)';
  await chat.say(hostile);
  assert.equal(await chat.mine.last().locator('.bubble').textContent(), hostile);
  assert.equal(await chat.mine.last().locator('.bubble > *').count(), 0);
  await page.reload();
  await until('it again', async () => (await chat.mine.count()) === 1);
  assert.equal(await chat.mine.last().locator('.bubble').textContent(), hostile);
  assert.equal(await page.evaluate(() => window.__pwned), undefined);
});

test('what a hostile server says is words, and its addresses lead nowhere', async () => {
  const fake = await startFake();
  const page = await on.visit(null);
  await page.goto(fake.url);
  const chat = await new Chat(page).open();
  const reply = await chat.say('link to nowhere');
  assert.match(await reply.innerText(), /<img src=x onerror=/);
  assert.match(await reply.innerText(), /<script>window\.__pwned=1<\/script>/);
  assert.equal(await reply.locator('script').count(), 0);
  const addresses = await reply.locator('[href], [src]').evaluateAll((all) => all.map((one) => one.href ?? one.src));
  assert.deepEqual(addresses.filter((address) => !address.startsWith('http')), []);
  for (const text of await reply.getByText(/tap/).all()) await text.click();
  assert.equal(await page.evaluate(() => window.__pwned), undefined);
  await fake.stop();
});

test('the shop may choose colour, side, theme and words', async () => {
  const page = await on.visit(null, { colorScheme: 'dark' });
  await fixture(page, `<script type="module" src="/widget.js" data-label="Questions?" data-position="start" data-theme="light"></script>`);
  await page.addStyleTag({ content: 'shop-talk { --st-accent: #ffe14d; }' });
  const launcher = page.getByRole('button', { name: 'Questions?' });
  await launcher.click();
  const chat = new Chat(page);
  await chat.turns.first().waitFor();
  assert.ok((await chat.panel.boundingBox()).x < 100);
  const lightness = (colour) => page.evaluate((value) => {
    const paint = document.createElement('canvas').getContext('2d');
    paint.fillStyle = value;
    paint.fillRect(0, 0, 1, 1);
    const channels = [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2];
  }, colour);
  const header = await chat.panel.locator('.top').evaluate((top) => getComputedStyle(top).backgroundColor);
  assert.ok(1.05 / ((await lightness(header)) + 0.05) >= 4.5, 'white words stay readable on a yellow brand');
  const paper = await chat.panel.evaluate((panel) => getComputedStyle(panel).backgroundColor);
  assert.ok((await lightness(paper)) > 0.8, 'light, though the system is dark');
});
