// Whatever colour, theme, zoom or contrast: the words can be read, the focus seen, the targets hit.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFake } from './fake/server.mjs';
import { Chat, PHONE, stage, until } from './stage.mjs';

const on = stage(() => startFake());

/** Brand colours that are easy and hard on words. */
const BRANDS = [
  '#2c4c3e', '#1f4fd8', '#0a84ff', '#00b3a4', '#00a651', '#7ac143', '#ffe14d', '#ffb000', '#ff6a00', '#e4002b',
  '#c2185b', '#ff5fa2', '#8e24aa', '#5e35b1', '#3e2723', '#8d6e63', '#607d8b', '#000000', '#9e9e9e', '#ffffff',
];

/** Everything that colours can be wrong on: each block, a failed message, an open menu. */
async function everything(page) {
  const chat = await new Chat(page).open();
  await chat.say('every block');
  await chat.say('products only');
  const card = chat.log.getByRole('article').first();
  await card.locator('summary').first().click();
  await chat.log.getByRole('radio', { name: 'navy' }).first().check();
  await chat.say('form only');
  await chat.log.getByRole('form').last().getByRole('button').click();
  on.server.interject([{ type: 'text', lines: [{ text: 'A person here.', source: { kind: 'text', id: 'x' } }] }], 'agent', { name: 'Ana' });
  await chat.say('qwxz');
  on.server.faults.refuse = 'bad_request';
  await chat.send('refused');
  await chat.log.locator('[data-state="failed"]').waitFor();
  await page.getByRole('button', { name: 'Chat menu' }).click();
  return chat;
}

/** Words whose contrast with what is behind them is under 4.5, as the browser paints both. */
const pale = (page) =>
  page.evaluate(() => {
    const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const known = new Map();
    const rgba = (colour) => {
      if (!known.has(colour)) {
        paint.clearRect(0, 0, 1, 1);
        paint.fillStyle = colour;
        paint.fillRect(0, 0, 1, 1);
        known.set(colour, [...paint.getImageData(0, 0, 1, 1).data]);
      }
      return known.get(colour);
    };
    const light = (rgb) => {
      const [r, g, b] = rgb.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (one, other) => {
      const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
      return (high + 0.05) / (low + 0.05);
    };
    const over = (top, under) => top.slice(0, 3).map((part, at) => (part * top[3] + under[at] * (255 - top[3])) / 255);
    /** What may be behind an element: one colour, or the ends of a gradient. */
    const behind = (element) => {
      if (!element || element === document.documentElement) return [[255, 255, 255]];
      const style = getComputedStyle(element);
      const stops = /gradient/.test(style.backgroundImage) ? (style.backgroundImage.match(/(?:oklch|oklab|rgba?|color)\([^)]*\)/g) ?? []) : [];
      const own = [...stops, style.backgroundColor].map(rgba).filter((colour) => colour[3] > 0);
      if (own.some((colour) => colour[3] === 255)) return own.filter((colour) => colour[3] === 255).map((colour) => colour.slice(0, 3));
      const under = behind(element.parentElement ?? element.getRootNode().host);
      return own.length ? own.flatMap((top) => under.map((one) => over(top, one))) : under;
    };
    const root = document.querySelector('shop-talk').shadowRoot;
    const found = [];
    const judge = (element, what, colour) => {
      if (element.closest('.heard, :disabled, [hidden]') || !element.getClientRects().length || element.closest('.picture')?.querySelector('img')?.contains(element)) return;
      for (const ground of behind(element)) {
        const ratio = contrast(over(rgba(colour), ground), ground);
        if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${element.closest('[class]')?.className} “${what.trim().slice(0, 30)}”`);
      }
    };
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) if (node.data.trim()) judge(node.parentElement, node.data, getComputedStyle(node.parentElement).color);
    for (const element of root.querySelectorAll('*')) {
      for (const part of ['::before', '::after']) {
        const style = getComputedStyle(element, part);
        if (/^"\S+"/.test(style.content) && style.visibility !== 'hidden' && style.backgroundColor === 'rgba(0, 0, 0, 0)') judge(element, style.content, style.color);
      }
      if (element.matches('textarea')) judge(element, 'placeholder', getComputedStyle(element, '::placeholder').color);
    }
    return found;
  });

for (const colorScheme of ['light', 'dark']) {
  test(`words are readable with twenty brand colours (${colorScheme})`, async () => {
    const page = await on.visit('/', { colorScheme, reducedMotion: 'reduce' });
    await everything(page);
    const bad = [];
    for (const brand of BRANDS) {
      await page.evaluate((colour) => document.querySelector('shop-talk').style.setProperty('--st-accent', colour), brand);
      bad.push(...(await pale(page)).map((one) => `${brand}: ${one}`));
    }
    assert.deepEqual(bad, []);
    await page.evaluate(() => (document.querySelector('shop-talk').shadowRoot.querySelector('.log').style.color = '#888'));
    assert.notDeepEqual(await pale(page), [], 'a pale word would be found');
  });
}

test('a bright brand keeps its colour and takes dark words; a dark one takes white ones', async () => {
  const page = await on.visit();
  const chat = await new Chat(page).open();
  const look = async (brand) => {
    await page.evaluate((colour) => document.querySelector('shop-talk').style.setProperty('--st-accent', colour), brand);
    return chat.panel.locator('.send').evaluate((send) => {
      send.closest('form').classList.add('ready');
      send.style.transition = 'none';
      const paint = document.createElement('canvas').getContext('2d');
      const hex = (colour) => ((paint.fillStyle = colour), paint.fillRect(0, 0, 1, 1), [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3));
      const style = getComputedStyle(send);
      return [hex(style.backgroundColor), hex(style.color)];
    });
  };
  const near = (one, other) => one.every((part, at) => Math.abs(part - other[at]) <= 2);
  const [yellow, ink] = await look('#ffe14d');
  assert.ok(near(yellow, [255, 225, 77]), String(yellow));
  assert.ok(ink[0] < 60);
  const [navy, white] = await look('#1f2f5d');
  assert.ok(near(navy, [31, 47, 93]), String(navy));
  assert.deepEqual(white, [255, 255, 255]);
});

test('the focus can be seen on every stop of the Tab key, against what was there before', async () => {
  const page = await on.visit('/', { reducedMotion: 'reduce' });
  const chat = await new Chat(page).open();
  await chat.say('products only');
  await chat.say('qwxz');
  const judge = await (await on.browser.newContext()).newPage();
  /** The best contrast between two pictures of one place, over pixels that changed; and how many did. */
  const compare = (before, after) =>
    judge.evaluate(async (pngs) => {
      const [one, other] = await Promise.all(pngs.map(async (png) => {
        const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
        const paint = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
        paint.drawImage(bitmap, 0, 0);
        return paint.getImageData(0, 0, bitmap.width, bitmap.height).data;
      }));
      const light = (data, at) => [0.2126, 0.7152, 0.0722].reduce((sum, weight, channel) => {
        const part = data[at + channel] / 255;
        return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
      }, 0.05);
      let strong = 0;
      for (let at = 0; at < one.length; at += 4) {
        const [a, b] = [light(one, at), light(other, at)];
        if (Math.max(a, b) / Math.min(a, b) >= 3) strong += 1;
      }
      return strong;
    }, [before, after].map((png) => png.toString('base64')));
  const at = () => page.evaluate(() => {
    const one = document.querySelector('shop-talk').shadowRoot.activeElement;
    if (!one) return null;
    const shown = one.matches('.chip input') ? one.parentElement : one;
    const { x, y, width, height } = shown.getBoundingClientRect();
    const name = `${one.className || one.type || one.localName} ${(one.getAttribute('aria-label') ?? one.textContent ?? '').trim().slice(0, 20)}`;
    return { name, x: x - 5, y: y - 5, width: width + 10, height: height + 10 };
  });
  await page.getByRole('button', { name: 'Chat menu' }).focus();
  const unseen = [];
  let stops = 0;
  for (; stops < 60; stops += 1) {
    const stop = await at();
    if (!stop) break;
    const left = Math.max(stop.x, 0);
    const top = Math.max(stop.y, 0);
    const clip = { x: left, y: top, width: Math.min(stop.x + stop.width, 1280) - left, height: Math.min(stop.y + stop.height, 800) - top };
    const after = await page.screenshot({ clip, caret: 'hide' });
    const handle = await page.evaluateHandle(() => document.querySelector('shop-talk').shadowRoot.activeElement);
    await handle.evaluate((one) => one.blur());
    const before = await page.screenshot({ clip, caret: 'hide' });
    await handle.evaluate((one) => one.focus({ preventScroll: true }));
    if ((await compare(before, after)) < 40) unseen.push(stop.name);
    await page.keyboard.press('Tab');
  }
  assert.ok(stops > 15, `${stops} stops`);
  assert.deepEqual(unseen, []);
});

for (const [name, how] of [['320 pixels', { viewport: { width: 320, height: 640 } }], ['400 % of 1280', { viewport: { width: 320, height: 256 } }]]) {
  test(`nothing is cut at ${name}, with words set wider`, async () => {
    const page = await on.visit('/cart', how);
    const chat = await new Chat(page).open();
    // What WCAG 1.4.12 lets readers set.
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }');
      document.querySelector('shop-talk').shadowRoot.adoptedStyleSheets.push(sheet);
    });
    await chat.say('every block');
    await chat.say('a-word-without-any-place-to-break-it-'.repeat(9).replaceAll('-', ''));
    await chat.say('👩‍👩‍👧‍👦'.repeat(40));
    assert.equal(await chat.log.evaluate((log) => log.scrollWidth - log.clientWidth), 0);
    const cut = await chat.panel.evaluate((panel) =>
      [...panel.querySelectorAll('*')].flatMap((one) => {
        if (one.closest('.cards, .comparison, .heard, svg, .shopper .who') || !one.getClientRects().length) return [];
        const box = one.getBoundingClientRect();
        const clipped = ['hidden', 'clip'].includes(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth + 1 && one.localName !== 'h2';
        return box.right > innerWidth + 1 || box.left < -1 || clipped ? [`${one.localName}.${one.className} ${Math.round(box.left)}–${Math.round(box.right)}`] : [];
      }),
    );
    assert.deepEqual(cut, []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    assert.ok((await chat.box.boundingBox()).height >= 24, 'there is still a place to write');
  });
}

test('targets are 44 pixels under a finger and at least 24 under a pointer', async () => {
  for (const [how, least] of [[PHONE, 43.5], [{}, 24]]) {
    const page = await on.visit('/', how);
    const chat = await new Chat(page).open();
    await chat.say('every block');
    await chat.log.locator('summary').first().click();
    const small = await chat.panel.evaluate((panel, limit) =>
      [...panel.querySelectorAll('button, textarea, input, select, summary, a.button')].flatMap((one) => {
        const target = one.closest('label') ?? one;
        const { width, height } = target.getBoundingClientRect();
        return width && (height < limit || width < limit) ? [`${one.localName}.${one.className} ${one.textContent}: ${width} × ${height}`] : [];
      }), least);
    assert.deepEqual(small, []);
  }
});

test('forced colours leave an edge on everything, and the chosen is told from the rest', async () => {
  const page = await on.visit('/', { forcedColors: 'active', reducedMotion: 'reduce' });
  const chat = await everything(page);
  const bare = await chat.panel.evaluate((panel) =>
    [...panel.querySelectorAll('.bubble, .box, .choice, .button, .chip, .top, .composer textarea, .tap, .step')]
      .filter((one) => one.getClientRects().length && !one.closest('.system, .welcome') && Number.parseFloat(getComputedStyle(one).borderBlockEndWidth) < 1 && !one.matches('.tap'))
      .map((one) => one.className),
  );
  assert.deepEqual(bare, []);
  const [chosen, other] = await chat.log.locator('.chip').evaluateAll((chips) => [chips.find((one) => one.querySelector(':checked')), chips.find((one) => !one.querySelector(':checked'))].map((one) => getComputedStyle(one).backgroundColor));
  assert.notEqual(chosen, other);
});

test('nothing runs for those who asked for rest, in any state', async () => {
  const page = await on.visit('/', { reducedMotion: 'reduce' });
  on.server.faults.delay = 900;
  const chat = await new Chat(page).open();
  await chat.send('every block');
  await chat.log.locator('.dots').waitFor();
  const running = () => page.evaluate(() => [...document.getAnimations(), ...document.querySelector('shop-talk').shadowRoot.getAnimations()].map((one) => one.animationName ?? one.transitionProperty));
  assert.deepEqual(await running(), []);
  await chat.replyAfter(1);
  delete on.server.faults.delay;
  assert.deepEqual(await running(), []);
});

test('a sheet keeps clear of the notch and the keyboard, and fits the widest German words', async () => {
  const page = await on.visit(null, PHONE);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setSafeAreaInsetsOverride', { insets: { top: 47, bottom: 34, left: 0, right: 0 } });
  await page.goto(on.server.url);
  const chat = await new Chat(page).open();
  assert.equal(await chat.panel.locator('.top').evaluate((top) => getComputedStyle(top).paddingBlockStart), '47px');
  assert.equal(await chat.panel.locator('footer').evaluate((foot) => getComputedStyle(foot).paddingBlockEnd), '34px');
  await chat.say('do you ship to norway?');
  await page.setViewportSize({ width: 390, height: 450 });
  await until('the sheet to follow', async () => (await chat.panel.boundingBox()).height <= 450);
  const [composer, last] = [await chat.box.boundingBox(), await chat.replies.last().boundingBox()];
  assert.ok(composer.y + composer.height <= 450 && last.y + last.height <= composer.y + 1, 'both are in view');
});

test('tokens change shape, spacing, font and sign', async () => {
  const page = await on.visit(null);
  await page.goto(`${on.server.url}/cart`);
  await page.addStyleTag({ content: 'shop-talk { --st-radius: 0px; --st-density: 0.5; --st-font: Georgia, serif; --st-logo: url("/demo/mark.svg"); --st-paper: #ffeedd; }' });
  const chat = await new Chat(page).open();
  await chat.say('products only');
  const look = (selector, property) => chat.panel.evaluate((panel, [one, name]) => getComputedStyle(one ? panel.querySelector(one) : panel)[name], [selector, property]);
  for (const selector of ['', '.bubble', '.card', '.choice, .button', '.composer textarea']) assert.equal(await look(selector, 'borderBottomLeftRadius'), '0px', selector);
  assert.match(await look('.bubble', 'fontFamily'), /Georgia/);
  assert.equal(await look('.turn', 'gap'), '4px');
  assert.equal(await look('', 'backgroundColor'), 'rgb(255, 238, 221)');
  assert.match(await look('.top > .mark', 'backgroundImage'), /mark\.svg/);
  assert.equal(await chat.panel.locator('.top > .mark').evaluate((mark) => getComputedStyle(mark, '::before').content), '"" / ""');
});

test('the theme page tries everything live and gives the lines to copy', async () => {
  const page = await on.visit('/theme');
  const chat = new Chat(page);
  await chat.panel.waitFor();
  assert.equal(await page.evaluate(() => document.activeElement === document.body), true, 'a chat that opens by itself takes no focus');
  await page.getByRole('button', { name: '#ffe14d' }).click();
  await page.getByRole('slider', { name: 'Roundness' }).fill('4');
  await page.getByRole('combobox', { name: 'Theme' }).selectOption('dark');
  await page.getByRole('textbox', { name: 'Words on the button' }).fill('Ask us');
  await page.getByRole('combobox', { name: 'Language' }).selectOption('de');
  await until('German', async () => /Nachricht/.test(await chat.box.getAttribute('placeholder', { timeout: 8_000 })));
  assert.equal(await page.locator('[data-snippet]').textContent(), `<style>shop-talk { --st-accent: #ffe14d; --st-radius: 4px; }</style>\n<script type="module" src="${on.server.url}/widget.js" data-theme="dark" data-label="Ask us" data-locale="de"></script>`);
  assert.equal(await chat.panel.evaluate((panel) => getComputedStyle(panel).borderRadius), '4px');
  assert.deepEqual(page.troubles, []);
});
