// What moves is moved by the compositor alone, and little is worked out beside it. Weighed by the processor's time of the
// page's thread, which a busy machine does not lengthen, against what a plain box that moves costs on the same page.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFake } from './fake/server.mjs';
import { Chat, stage } from './stage.mjs';

const on = stage(() => startFake());

/** What the browser moves without asking the page: anything else is laid out or painted anew in every frame. */
const CHEAP = ['transform', 'opacity'];
/** Tries before something counts as dear: any may meet a collection of rubbish. */
const TRIES = 4;

const PLAIN = async () => {
  const box = document.createElement('div');
  box.style.cssText = 'position: fixed; inset: 0 auto auto 0; width: 100px; height: 100px; background: teal';
  document.body.append(box);
  await box.animate([{ transform: 'none' }, { transform: 'translateY(100px)' }], 1_200).finished;
  box.remove();
};
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** Milliseconds that the page's thread worked for this, and how often it painted. @param {import('playwright-core').Page} page @param {() => Promise<void>} act */
async function worked(page, act) {
  const line = await page.context().newCDPSession(page);
  const events = [];
  line.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  const told = new Promise((done) => line.once('Tracing.tracingComplete', done));
  await line.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'] } });
  await page.evaluate(act);
  await line.send('Tracing.end');
  await told;
  const { pid, tid } = events.find(({ name }) => name === 'UpdateLayoutTree');
  const tasks = events.filter((one) => one.name === 'RunTask' && one.pid === pid && one.tid === tid);
  assert.ok(tasks.length > 10, 'the trace tells of tasks');
  const paints = events.filter((one) => one.name === 'Paint' && one.pid === pid && one.tid === tid).length;
  return { work: tasks.reduce((sum, { tdur = 0 }) => sum + tdur, 0) / 1_000, paints };
}

const OPEN = async () => {
  void shoptalk.open();
  await new Promise((done) => setTimeout(done, 1_200));
};
const PRODUCTS = async () => {
  void shoptalk.send('warm socks under 20');
  await new Promise((done) => setTimeout(done, 1_500));
};

test('opening and a first row of products are little more work than moving a box, and few frames are painted anew', async (t) => {
  const best = { open: { work: Infinity, paints: Infinity }, products: { work: Infinity, paints: Infinity } };
  const fine = () => best.open.work <= 9 && best.products.work <= 12 && best.open.paints <= 45 && best.products.paints <= 80;
  for (let tries = 0; tries < TRIES && !fine(); tries += 1) {
    const page = await on.visit();
    await new Chat(page).launcher.waitFor();
    // As a hand would, which nears before it presses.
    await page.evaluate(() => document.querySelector('shop-talk').shadowRoot.querySelector('.launcher').dispatchEvent(new PointerEvent('pointerenter')));
    await wait(500);
    const floor = await worked(page, PLAIN);
    for (const [name, act] of [['open', OPEN], ['products', PRODUCTS]]) {
      const { work, paints } = await worked(page, act);
      best[name] = { work: Math.min(best[name].work, work / floor.work), paints: Math.min(best[name].paints, paints) };
    }
    await page.context().close();
  }
  for (const [name, { work, paints }] of Object.entries(best)) t.diagnostic(`${name}: ${work.toFixed(1)} times the work of a plain box, ${paints} paints`);
  assert.ok(fine(), JSON.stringify(best));
});

test('nothing moves that would be laid out or painted anew in every frame', async () => {
  const page = await on.visit();
  const chat = new Chat(page);
  await chat.launcher.waitFor();
  await page.evaluate(() => {
    window.moved = new Map();
    const { shadowRoot } = document.querySelector('shop-talk');
    const look = () => {
      for (const one of shadowRoot.getAnimations()) {
        const name = one.animationName ?? `transition of ${one.transitionProperty}`;
        const moves = one.effect.getKeyframes().flatMap((frame) => Object.keys(frame)).filter((key) => !['offset', 'computedOffset', 'easing', 'composite'].includes(key));
        if (one.animationName) moved.set(name, [...new Set(moves)]);
      }
      requestAnimationFrame(look);
    };
    look();
  });
  await chat.open();
  await chat.say('do you ship to norway?');
  await (await chat.say('warm socks under 20')).getByRole('article').first().waitFor();
  const moved = await page.evaluate(() => [...moved]);
  // It has seen what is there to see.
  assert.deepEqual(moved.map(([name]) => name).filter((name) => ['rise', 'arrive', 'sent'].includes(name)).sort(), ['arrive', 'rise', 'sent']);
  assert.deepEqual(moved.filter(([, what]) => what.some((key) => !CHEAP.includes(key))), []);
});
