// The widget in nine languages: nothing missing, only one fetched, mirrored where it is read from the right.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { startFake } from './fake/server.mjs';
import { en } from '../../web-widget/strings.js';
import '../../web-widget/care-strings.js';
import '../../web-widget/menu.js';
import '../../web-widget/papers-strings.js';
import { Chat, PHONE, stage, until } from './stage.mjs';

const on = stage(() => startFake());

const FOLDER = new URL('../../web-widget/', import.meta.url);
const files = (await readdir(FOLDER)).filter((name) => /^strings-\w+\.js$/.test(name));
const tables = Object.fromEntries(await Promise.all(files.map(async (name) => [name.slice(8, -3), (await import(new URL(name, FOLDER))).strings])));

/** A page of the shop in a language. */
async function visit(locale, how = {}) {
  const page = await on.visit(null, how);
  await page.route('**/page.html', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<!doctype html><html lang="${locale}" dir="${locale === 'ar' ? 'rtl' : 'ltr'}"><meta name="viewport" content="width=device-width"><title>x</title><body><script type="module" src="/widget.js"></script>` }),
  );
  await page.goto(`${on.server.url}/page.html`);
  const chat = new Chat(page);
  chat.launcher = page.locator('shop-talk .launcher');
  return chat;
}

test('eight languages say all that English says, with the same values in them', () => {
  assert.deepEqual(Object.keys(tables).sort(), ['ar', 'de', 'es', 'fr', 'it', 'nl', 'pl', 'pt']);
  const values = (text) => (text.match(/\{\w+\}/g) ?? []).sort().join();
  for (const [language, strings] of Object.entries(tables)) {
    const plurals = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const wanted = new Set([...Object.keys(en), ...['unread', 'low'].flatMap((key) => plurals.map((form) => `${key}_${form}`))]);
    assert.deepEqual(Object.keys(strings).sort(), [...wanted].sort(), language);
    for (const [key, text] of Object.entries(strings)) {
      assert.notEqual(text.trim(), '', `${language} ${key}`);
      if (key in en && !/_(one|other)$/.test(key)) assert.equal(values(text), values(en[key]), `${language} ${key}`);
      assert.ok(!/['"]|\.\.\./.test(text), `${language} ${key}: typographic signs`);
    }
  }
});

test('only the language that is read is fetched, and one that fails is English', async () => {
  const chat = await visit('fr');
  const asked = [];
  chat.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await chat.open();
  assert.deepEqual(asked.filter((path) => /strings-/.test(path)), ['/widget/strings-fr.js']);
  assert.equal(await chat.box.getAttribute('placeholder'), 'Écrivez un message…');

  const without = await visit('nl');
  await without.page.route('**/strings-nl.js', (route) => route.abort());
  await without.open();
  assert.equal(await without.box.getAttribute('placeholder'), 'Write a message…');
});

for (const [locale, price, stock] of [
  ['de', /^14,00\s€$/, 'Nur noch 3 da'],
  ['fr', /^14,00\s€$/, 'Plus que 3'],
  ['pl', /^14,00\s€$/, 'Zostały tylko 3 sztuki'],
  ['nl', /^€\s14,00$/, 'Nog maar 3'],
  ['en-GB', /^€14\.00$/, 'Only 3 left'],
  ['ar', /14\.00|١٤٫٠٠/, 'بقيت ٣ قطع فقط|بقيت 3 قطع فقط'],
]) {
  test(`amounts and numbers as they are written in ${locale}`, async () => {
    const chat = await visit(locale);
    await chat.open();
    await chat.say('products only');
    const card = chat.log.getByRole('article').first();
    assert.match(await card.locator('.price').innerText(), price);
    await card.getByRole('radio', { name: 'navy' }).check();
    await card.getByRole('radio', { name: /^M/ }).check();
    assert.match(await card.locator('.stock').innerText(), new RegExp(stock));
  });
}

test('Arabic is mirrored, and order numbers are not', async () => {
  const chat = await visit('ar', PHONE);
  await chat.launcher.tap();
  await chat.turns.first().waitFor();
  await chat.say('order only');
  await chat.say('products only');
  const x = (locator) => locator.evaluate((one) => one.getBoundingClientRect().x);
  assert.ok((await x(chat.panel.locator('.plain').last())) < 100, 'the way out is on the left');
  assert.ok((await x(chat.mine.last().locator('.bubble'))) < 200, 'the shopper speaks from the left');
  const number = chat.log.locator('.order h3 bdi');
  assert.equal(await number.evaluate((one) => getComputedStyle(one).direction), 'ltr');
  assert.equal(await number.textContent(), 'SH-10024');
  const [first, second] = await chat.log.getByRole('article').evaluateAll((cards) => cards.map((card) => card.getBoundingClientRect().x));
  assert.ok(second < first, 'cards go on to the left');
  const dot = await chat.log.locator('.dot').first().evaluate((one) => one.getBoundingClientRect().x);
  assert.ok(dot > 250, 'the timeline runs down the right');
  await chat.page.locator('shop-talk .plain').first().tap();
  await chat.panel.locator('.menu button', { hasText: 'البدء من جديد' }).tap();
  await until('words the assistant understands', async () => (await chat.mine.last().locator('.bubble').textContent()) === 'Start over');
});

test('the longest words fit at 320 pixels in every language', async () => {
  for (const locale of Object.keys(tables)) {
    const chat = await visit(locale, { viewport: { width: 320, height: 640 } });
    await chat.open();
    await chat.say('every block');
    on.server.faults.refuse = 'bad_request';
    await chat.send('refused');
    await chat.log.locator('[data-state="failed"]').waitFor();
    await chat.page.locator('shop-talk .plain').first().click();
    const cut = await chat.panel.evaluate((panel) =>
      [...panel.querySelectorAll('button, h2, h3, p, dt, dd, a, label, legend, li, .choice, footer *')].flatMap((one) => {
        if (one.closest('.cards > li ~ li, .comparison, .heard') || !one.getClientRects().length || getComputedStyle(one).position === 'absolute') return [];
        const box = one.getBoundingClientRect();
        return box.right > innerWidth + 1 || box.left < -1 || one.scrollWidth > one.clientWidth + 2 && getComputedStyle(one).display !== 'inline' && one.localName !== 'h2' ? [`${one.localName}.${one.className} “${one.textContent}”`] : [];
      }),
    );
    assert.deepEqual(cut, [], locale);
  }
});

test('what the assistant says in its own language is marked as such', async () => {
  const chat = await visit('pl');
  await chat.open();
  await chat.say('hello');
  assert.equal(await chat.replies.last().getAttribute('lang'), 'en');
  assert.equal(await chat.replies.last().locator('.who').getAttribute('lang'), 'pl');
});

test('amounts written without a formatter are what a formatter writes', async () => {
  const page = await on.visit();
  const different = await page.evaluate(async () => {
    const { Words } = await import('/widget/i18n.js');
    const found = [];
    for (const locale of ['de', 'de-DE', 'en', 'en-GB', 'en-US', 'en-IE', 'es', 'es-ES', 'fr', 'fr-FR', 'it', 'it-IT', 'nl', 'nl-NL', 'pl', 'pl-PL', 'pt', 'pt-BR', 'pt-PT', 'de-CH', 'es-MX', 'ar']) {
      const words = new Words(locale, {});
      const check = (ours, options, value) => {
        const theirs = new Intl.NumberFormat(locale, options).format(value);
        if (ours !== theirs) found.push(`${locale}: ${ours} for ${theirs}`);
      };
      for (const currency of ['EUR', 'GBP', 'USD', 'SEK']) {
        for (const minor of [0, 5, 1250, 99_899, 99_950, 123_456, -470]) check(words.money({ minor, currency }), { style: 'currency', currency }, minor / 100);
      }
      for (const share of [-0.2, -0.205, -0.999, 0.3]) check(words.percent(share), { style: 'percent' }, share);
      for (const value of [4.6, 4.04, 0, 12, 998.96, 1234.5, -1.5]) check(words.number(value), { maximumFractionDigits: 1 }, value);
    }
    return found;
  });
  assert.deepEqual(different, []);
});
