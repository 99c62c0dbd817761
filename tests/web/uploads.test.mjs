// Photos: chosen, pasted, dropped; on their way, refused, taken out; in the conversation and after a reload.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import axe from 'axe-core';
import { Chat, OUT, PHONE, faked, stage, until } from './stage.mjs';

const on = stage();
const real = { skip: faked && 'the fake takes no photos' };

/** A photo of a mug, more or less, as a browser makes it. */
async function photo(page, { type = 'image/jpeg', width = 900, height = 600, name = 'mug.jpg' } = {}) {
  const bytes = await page.evaluate(
    async ([type, width, height]) => {
      const canvas = new OffscreenCanvas(width, height);
      const pen = canvas.getContext('2d');
      pen.fillStyle = '#c9b79c';
      pen.fillRect(0, 0, width, height);
      pen.fillStyle = '#2f5d50';
      pen.fillRect(width * 0.3, height * 0.25, width * 0.3, height * 0.55);
      pen.strokeStyle = '#2f5d50';
      pen.lineWidth = width * 0.03;
      pen.beginPath();
      pen.arc(width * 0.62, height * 0.5, height * 0.15, -1.3, 0.9);
      pen.stroke();
      return [...new Uint8Array(await (await canvas.convertToBlob({ type })).arrayBuffer())];
    },
    [type, width, height],
  );
  return { name, mimeType: type, buffer: Buffer.from(bytes) };
}

class Photos extends Chat {
  constructor(page) {
    super(page);
    this.attach = page.getByRole('button', { name: 'Add a photo' });
    this.file = page.locator('shop-talk input[type=file]');
    this.tray = page.getByRole('list', { name: 'Photos to send' });
    this.status = page.locator('shop-talk .panel > [role=status]');
    this.sendButton = page.getByRole('button', { name: 'Send message' });
  }

  /** Nothing in the tray is on its way any more. */
  async there(n) {
    await until(`${n} photos to be there`, async () => (await this.tray.locator('li').count()) === n && (await this.tray.locator('progress:visible').count()) === 0);
  }
}

/** What is on the middle of a canvas, `[red, green, blue]`. */
const middle = (canvas) =>
  canvas.evaluate((one) => [...one.getContext('2d').getImageData(Math.floor(one.width * 0.4), Math.floor(one.height / 2), 1, 1).data].slice(0, 3));

test('a photo of what is broken goes along with the words, and is there after a reload', real, async () => {
  const page = await on.visit();
  const chat = await new Photos(page).open();
  await chat.file.setInputFiles({ ...(await photo(page)), name: '<img src=x onerror="window.__pwned=1">.jpg' });
  await chat.there(1);
  assert.equal(await chat.tray.locator('img').count(), 0);
  assert.equal(await page.evaluate(() => window.__pwned), undefined, 'a name that is hostile says nothing');
  await page.screenshot({ path: `${OUT}photos-tray.png` });
  const before = await chat.replies.count();
  await chat.send('my mug arrived broken');
  const reply = await chat.replyAfter(before);
  assert.match(await reply.innerText(), /kept the photo/);
  assert.equal(await chat.tray.count(), 0, 'the tray is empty and gone');
  const shown = chat.mine.last().getByRole('img', { name: 'Photo 1 of this message' });
  const [red, green] = await middle(shown);
  assert.ok(green > red + 20, 'the green of the mug');
  await page.screenshot({ path: `${OUT}photos-sent.png` });
  await page.reload();
  const back = new Photos(page);
  await back.turns.first().waitFor();
  const again = back.mine.last().getByRole('img', { name: 'Photo 1 of this message' });
  await until('the photo to be drawn', async () => (await middle(again))[1] > 60);
  for (const url of await page.evaluate(() => performance.getEntriesByType('resource').map((one) => one.name))) {
    assert.doesNotMatch(url, /token|bearer/i);
  }
  assert.deepEqual(page.troubles, []);
});

test('a photo alone is a message', real, async () => {
  const page = await on.visit('/', PHONE);
  const chat = await new Photos(page).open();
  await chat.file.setInputFiles([await photo(page, { type: 'image/png' }), await photo(page, { type: 'image/webp', width: 300 })]);
  await chat.there(2);
  const before = await chat.replies.count();
  await chat.sendButton.click();
  assert.match(await (await chat.replyAfter(before)).innerText(), /What is it about\?/);
  assert.equal(await chat.mine.last().getByRole('img').count(), 2);
  await page.screenshot({ path: `${OUT}photos-phone.png` });
  assert.deepEqual(page.troubles, []);
});

test('what is pasted or dropped is taken, and what is too many is said', real, async () => {
  const page = await on.visit();
  const chat = await new Photos(page).open();
  const { buffer } = await photo(page);
  const give = (selector, type, key) =>
    page.locator(selector).evaluate(
      (element, [type, key, bytes]) => {
        const carried = new DataTransfer();
        carried.items.add(new File([new Uint8Array(bytes)], 'x.jpg', { type: 'image/jpeg' }));
        const event = type === 'paste' ? new ClipboardEvent(type, { clipboardData: carried, bubbles: true, cancelable: true }) : new DragEvent(type, { dataTransfer: carried, bubbles: true, cancelable: true });
        element.dispatchEvent(event);
        return event.defaultPrevented;
      },
      [type, key, [...buffer]],
    );
  assert.ok(await give('shop-talk .composer textarea', 'paste'));
  assert.ok(await give('shop-talk .log', 'dragover'));
  assert.equal(await page.locator('shop-talk .composer.drop').count(), 1);
  assert.ok(await give('shop-talk .log', 'drop'));
  await chat.there(2);
  await chat.file.setInputFiles([await photo(page), await photo(page), await photo(page)]);
  await chat.there(4);
  assert.deepEqual(page.troubles, []);
});

test('what is no photo is refused with its reason, and can be taken out by keyboard', real, async () => {
  const page = await on.visit();
  const chat = await new Photos(page).open();
  await chat.file.setInputFiles({ name: 'x.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('<svg onload="alert(1)"/>') });
  await until('the reason', async () => /not a photo we can read/.test(await chat.tray.innerText()));
  await until('that it is said', async () => /not a photo/.test(await chat.status.innerText()));
  assert.equal(await chat.tray.getByRole('button', { name: /Try again/ }).count(), 0, 'the same file would be refused again');
  await chat.send('hello');
  await until('that the photo is said', async () => /could not be sent/.test(await chat.status.innerText()));
  assert.equal(await chat.mine.count(), 0, 'the words wait, and are still there');
  assert.equal(await chat.box.inputValue(), 'hello');
  await page.screenshot({ path: `${OUT}photos-refused.png` });
  await page.evaluate(axe.source);
  const found = await page.evaluate(() => window.axe.run(document.querySelector('shop-talk'), { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] } }));
  assert.deepEqual(found.violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`), []);
  await chat.tray.getByRole('button', { name: 'Remove photo 1' }).focus();
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.querySelector('shop-talk').shadowRoot.activeElement?.getAttribute('aria-label')), 'Add a photo');
  assert.equal(await chat.tray.count(), 0);
  assert.deepEqual(page.troubles, []);
});

test('a photo that does not get through is tried again, and one on its way can be stopped', real, async () => {
  const page = await on.visit();
  const chat = await new Photos(page).open();
  let answer = 'abort';
  await page.route('**/v1/uploads', async (route) => {
    if (route.request().method() !== 'POST' || answer === 'pass') return route.continue();
    if (answer === 'busy') return route.fulfill({ status: 503, json: { error: { code: 'busy', message: '' } } });
    if (answer === 'hold') return;
    return route.abort();
  });
  await chat.file.setInputFiles(await photo(page));
  await until('no connection', async () => /No connection/.test(await chat.tray.innerText()));
  answer = 'busy';
  await chat.tray.getByRole('button', { name: 'Try again Photo 1' }).click();
  await until('not now', async () => /right now/.test(await chat.tray.innerText()));
  answer = 'hold';
  await chat.tray.getByRole('button', { name: 'Try again Photo 1' }).click();
  await chat.tray.getByRole('progressbar', { name: 'Sending photo 1' }).waitFor();
  await chat.send('here it is');
  await until('that it is on its way', async () => /still on its way/.test(await chat.status.innerText()));
  assert.equal(await chat.mine.count(), 0);
  await chat.tray.getByRole('button', { name: 'Remove photo 1' }).click();
  answer = 'pass';
  await chat.file.setInputFiles(await photo(page));
  await chat.there(1);
  const before = await chat.replies.count();
  await chat.sendButton.click();
  await chat.replyAfter(before);
  assert.equal(await chat.mine.last().getByRole('img').count(), 1);
  assert.deepEqual(page.troubles.filter((one) => !/Failed to load resource/.test(one)), []);
});

/** A photo as a telephone writes it: turned a quarter, and with the place where it was taken. @param {{ buffer: Buffer }} photo */
function fromPhone({ buffer, ...file }) {
  // Big endian; one directory: orientation 6, and where the places stand; behind it the latitude's letter and degrees.
  const tiff = Buffer.from('4d4d002a00000008' + '0002' + '011200030000000100060000' + '88250004000000010000002600000000' + '0000', 'hex');
  const exif = Buffer.concat([Buffer.from('Exif\0\0'), tiff, Buffer.from('GPS 59.9139 10.7522')]);
  const head = Buffer.from([0xff, 0xe1, 0, exif.length + 2]);
  return { ...file, buffer: Buffer.concat([buffer.subarray(0, 2), head, exif, buffer.subarray(2)]) };
}

test('where and how a photo was taken neither leaves the browser nor comes back from the server', real, async () => {
  const page = await on.visit();
  const chat = await new Photos(page).open();
  const taken = fromPhone(await photo(page));
  const tells = (/** @type {Buffer} */ bytes) => ['Exif', 'GPS', '59.9139', 'MM\0*'].filter((secret) => bytes.includes(secret));
  assert.deepEqual(tells(taken.buffer), ['Exif', 'GPS', '59.9139', 'MM\0*']);
  const jpeg = (/** @type {Buffer} */ bytes) => assert.deepEqual([[...bytes.subarray(0, 2)], tells(bytes)], [[0xff, 0xd8], []], 'a picture, and nothing else');
  // What goes over the line, as the browser hands it on.
  await page.evaluate(() => {
    window.sent = [];
    const { send } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.send = function (file) {
      if (file instanceof Blob) sent.push(file.arrayBuffer().then((bytes) => [...new Uint8Array(bytes)]));
      return send.call(this, file);
    };
  });
  const asked = page.waitForRequest((request) => request.method() === 'POST' && /\/v1\/uploads$/.test(request.url()));
  await chat.file.setInputFiles(taken);
  await chat.there(1);
  const [sent, ...more] = (await page.evaluate(() => Promise.all(window.sent))).map((bytes) => Buffer.from(bytes));
  assert.equal(more.length, 0);
  jpeg(sent);
  const url = (await asked).url();
  const { authorization } = await (await asked).allHeaders();
  const headers = { authorization, origin: on.server.url };
  const served = async (/** @type {string} */ id) => {
    const answer = await fetch(`${url}/${id}`, { headers });
    assert.equal(answer.status, 200);
    return Buffer.from(await answer.arrayBuffer());
  };
  const before = await chat.replies.count();
  await chat.send('my mug arrived broken');
  await chat.replyAfter(before);
  // Drawn from what the server has, and upright: it was lying when it was taken.
  const again = page.waitForRequest((request) => request.method() === 'GET' && /\/v1\/uploads\/[^/]+$/.test(request.url()));
  await page.reload();
  jpeg(await served((await again).url().split('/').at(-1)));
  const back = new Photos(page);
  const shown = back.mine.last().getByRole('img', { name: 'Photo 1 of this message' });
  await until('the photo to be drawn upright', () => shown.evaluate((canvas) => canvas.height > canvas.width && canvas.width > 1));
  // The same file past the widget: the server does not rely on it.
  const straight = await fetch(url, { method: 'POST', headers: { ...headers, 'content-type': 'image/jpeg' }, body: taken.buffer });
  assert.equal(straight.status, 201, await straight.clone().text());
  jpeg(await served((await straight.json()).id));
});
