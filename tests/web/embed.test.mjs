// Putting the chat on a page, and talking to it from there: `window.shoptalk`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chat, faked, notOfTheLine, stage, until } from './stage.mjs';

const on = stage();

const TAG = '<script type="module" src="/widget.js"></script>';

/** Serves `body` at `path` of the server's own origin. */
async function fixture(page, body, path = 'fixture.html') {
  await page.route(`**/${path}`, (route) => route.fulfill({ contentType: 'text/html', body: `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>x</title>${body}` }));
  await page.goto(`${on.server.url}/${path}`);
}

test('what a page asks for before the file is there is done in order once it is', async () => {
  const page = await on.visit(null);
  await fixture(
    page,
    `<script>
      window.heard = [];
      window.shoptalk = window.shoptalk || [];
      for (const name of ['ready', 'open', 'message', 'close', 'unread']) shoptalk.push(['on', name, () => heard.push(name)]);
      shoptalk.push(['open', { draft: 'do you ship to norway?' }]);
      shoptalk.push((api) => api.ready.then(() => heard.push('then')));
    </script>${TAG}`,
  );
  const chat = new Chat(page);
  await until('the draft', async () => (await chat.box.inputValue().catch(() => '')) === 'do you ship to norway?');
  await chat.box.press('Enter');
  await until('a message each way', () => page.evaluate(() => heard.filter((name) => name === 'message').length === 2));
  await page.evaluate(() => shoptalk.close());
  await until('all of it', () => page.evaluate(() => heard.includes('close')));
  assert.deepEqual(await page.evaluate(() => [...new Set(heard)].sort()), ['close', 'message', 'open', 'ready', 'then']);
  assert.equal(await page.evaluate(() => shoptalk.opened), false);
  assert.deepEqual(page.troubles, []);
});

test('a page opens, speaks, listens and stops listening', async () => {
  const page = await on.visit(null);
  await fixture(page, TAG);
  await page.evaluate(async () => {
    await shoptalk.ready;
    window.said = [];
    window.hear = (message) => said.push(message);
    shoptalk.on('message', hear);
    await shoptalk.send('do you ship to norway?');
  });
  const chat = new Chat(page);
  await until('both', () => page.evaluate(() => said.length === 2));
  const [mine, reply] = await page.evaluate(() => said);
  assert.deepEqual([mine.from, mine.text, reply.from, reply.seq], ['shopper', 'do you ship to norway?', 'assistant', mine.seq + 1]);
  await page.evaluate(() => {
    window.opened = 0;
    window.count = () => (opened += 1);
    shoptalk.on('open', count);
    shoptalk.on('close', count);
    shoptalk.off('open', count);
    shoptalk.off('message', hear);
    return shoptalk.toggle();
  });
  await chat.panel.waitFor({ state: 'hidden' });
  await page.evaluate(() => shoptalk.toggle());
  await chat.say('show me warm socks under 20');
  assert.equal(await page.evaluate(() => said.length), 2);
  assert.equal(await page.evaluate(() => opened), 1, 'told of closing, no longer of opening');
});

test('the language changes while the chat is open, and nothing of it is lost', async () => {
  const page = await on.visit(null);
  await fixture(page, TAG);
  const chat = await new Chat(page).open();
  await chat.say('do you ship to norway?');
  await chat.box.fill('half a thou');
  const said = await chat.transcript();
  await page.evaluate(() => shoptalk.setLocale('de'));
  await page.getByRole('button', { name: /^Chatten Sie mit uns/ }).waitFor();
  await until('the conversation', async () => (await chat.turns.count()) === said.length);
  assert.equal(await page.locator('shop-talk').evaluate((chat) => chat.shadowRoot.querySelector('.frame').lang), 'de');
  assert.equal(await page.locator('shop-talk').evaluate((chat) => chat.shadowRoot.querySelector('textarea').value), 'half a thou');
  assert.equal(await page.locator('shop-talk').evaluate((chat) => chat.shadowRoot.querySelectorAll('dialog').length), 1);
  assert.deepEqual(page.troubles, []);
});

test('the chat can be taken off and put back', async () => {
  const page = await on.visit(null);
  await fixture(page, TAG);
  const chat = await new Chat(page).open();
  await chat.say('do you ship to norway?');
  await page.evaluate(() => shoptalk.destroy());
  assert.equal(await page.locator('shop-talk').count(), 0);
  await page.evaluate(() => shoptalk.mount({ label: 'Ask us' }));
  await page.getByRole('button', { name: 'Ask us' }).click();
  await until('the conversation', async () => (await chat.turns.count()) === 3);
  await chat.say('show me warm socks under 20');
  assert.deepEqual(page.troubles, []);
});

test('an element in the page is the chat, with its own attributes and the tag\'s', async () => {
  const page = await on.visit(null);
  await fixture(page, `<main><shop-talk data-position="start"></shop-talk></main><script type="module" src="/widget.js" data-label="Questions?"></script>`);
  const launcher = page.getByRole('button', { name: 'Questions?' });
  await launcher.click();
  const chat = new Chat(page);
  await chat.turns.first().waitFor();
  assert.equal(await page.locator('shop-talk').count(), 1);
  assert.equal(await page.locator('main > shop-talk').count(), 1);
  assert.ok((await chat.panel.boundingBox()).x < 100);
});

test('imported by a page\'s own script, it waits to be mounted', async () => {
  const page = await on.visit(null);
  await page.route('**/own.js', (route) => route.fulfill({ contentType: 'text/javascript', body: "import { shoptalk } from '/widget.js'; window.mine = shoptalk;" }));
  await fixture(page, '<script type="module" src="/own.js"></script>');
  await until('the import', () => page.evaluate(() => window.mine !== undefined && window.mine === window.shoptalk));
  await page.evaluate(() => new Promise((idle) => requestIdleCallback(idle)));
  assert.equal(await page.locator('shop-talk').count(), 0);
  await page.evaluate((server) => mine.mount({ server, label: 'Hello' }), on.server.url);
  await page.getByRole('button', { name: 'Hello' }).click();
  await new Chat(page).turns.first().waitFor();
});

test('a page that is drawn anew keeps its chat, and says where it is', async () => {
  const page = await on.visit(null);
  await fixture(page, `<main>One</main>${TAG}`);
  const hellos = [];
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => /"hello"/.test(payload) && hellos.push(JSON.parse(payload))));
  await page.evaluate(async () => {
    await shoptalk.ready;
    history.pushState(null, '', '/products/two');
    await shoptalk.setPage('/somewhere/else');
    const body = document.createElement('body');
    body.append('Two');
    document.body.replaceWith(body);
  });
  const chat = await new Chat(page).open();
  assert.equal(hellos[0].page, '/somewhere/else');
  await chat.say('do you ship to norway?');
  assert.equal(await page.locator('shop-talk').count(), 1);
  assert.deepEqual(page.troubles, []);
});

test('with scripts only by nonce, or trusted by those, and Trusted Types there is nothing to refuse', async () => {
  for (const scripts of ["'nonce-r4nd0m'", "'nonce-r4nd0m' 'strict-dynamic'"]) {
    const page = await on.visit(null);
    const policy = `default-src 'none'; script-src ${scripts}; img-src 'self'; connect-src 'self'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'`;
    await page.route('**/strict.html', (route) =>
      route.fulfill({
        contentType: 'text/html',
        headers: { 'content-security-policy': policy },
        body: '<!doctype html><html lang="en"><title>x</title><script nonce="r4nd0m">window.refused = []; addEventListener("securitypolicyviolation", (event) => refused.push(event.violatedDirective + " " + event.blockedURI))</script><script type="module" nonce="r4nd0m" src="/widget.js"></script>',
      }),
    );
    await page.goto(`${on.server.url}/strict.html`);
    const chat = await new Chat(page).open();
    for (const words of ['do you ship to norway?', 'show me warm socks under 20', 'where is my order SH-10024', 'ana@example.com', 'talk to a person']) await chat.say(words);
    if (faked) await chat.say('every block');
    await page.evaluate(() => shoptalk.track('view', { sku: 'ALDER-SOCKS' }));
    await page.evaluate(() => shoptalk.setLocale('de'));
    assert.deepEqual(await page.evaluate(() => refused), []);
    assert.deepEqual(page.troubles, []);
  }
});

test('without the server the page is told, and the next press tries again', async () => {
  const page = await on.visit(null);
  page.expects = /could not be loaded/;
  await fixture(page, TAG);
  await page.evaluate(async () => {
    await shoptalk.ready;
    window.wrong = [];
    shoptalk.on('error', ({ code }) => wrong.push(code));
  });
  await page.route('**/panel.js', (route) => route.abort());
  await page.evaluate(() => shoptalk.open());
  await until('the word of it', () => page.evaluate(() => wrong.length > 0));
  assert.deepEqual(await page.evaluate(() => [...new Set(wrong)]), ['not_loaded']);
  await page.unroute('**/panel.js');
  await new Chat(page).open();
  assert.deepEqual(page.troubles.filter((trouble) => notOfTheLine(trouble) && !page.expects.test(trouble)), []);
});
