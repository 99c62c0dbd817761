// What every suite stands on: a server, a browser, a page that remembers its troubles, and the
// vocabulary to talk to the chat.
//
// SHOPTALK_URL  test what is served there
// SHOPTALK_BIN  start this program, with a data folder of its own
// neither       the fake in fake/server.mjs

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { startFake } from './fake/server.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const OUT = fileURLToPath(new URL('out/', import.meta.url));
await mkdir(OUT, { recursive: true });

export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

/** Is this the fake, whose faults can be ordered? */
export const faked = !process.env.SHOPTALK_URL && !process.env.SHOPTALK_BIN;

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** Polls until `check` answers something true, or says what it waited for. */
export async function until(what, check, within = 8_000) {
  const end = Date.now() + within;
  for (;;) {
    const value = await check();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited in vain for: ${what}`);
    await wait(25);
  }
}

async function freePort() {
  const probe = createServer();
  await new Promise((ready) => probe.listen(0, '127.0.0.1', ready));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

/**
 * `{ url, run?, restart?, stop }`; `restart` comes back at the same address with the same data. `settings` are for the
 * program's environment.
 */
export async function startServer(settings = {}) {
  if (process.env.SHOPTALK_URL) return { url: process.env.SHOPTALK_URL.replace(/\/$/, ''), stop: async () => {} };
  if (process.env.SHOPTALK_BIN) return startProgram(process.env.SHOPTALK_BIN, settings);
  let fake = await startFake();
  return {
    url: fake.url,
    async restart() {
      await fake.stop();
      await wait(300);
      fake = await startFake({ port: fake.port, talks: fake.talks });
    },
    stop: () => fake.stop(),
  };
}

async function startProgram(program, settings) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const data = await mkdtemp(join(tmpdir(), 'shoptalk-web-'));
  const env = { ...process.env, SHOPTALK_SERVER__LISTEN: `127.0.0.1:${port}`, SHOPTALK_DATA__DIR: data, ...settings };
  let child;
  let said = '';
  async function start() {
    child = spawn(program, ['serve'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (words) => (said += words));
    const ready = () => fetch(`${url}/readyz`).then((answer) => answer.ok, () => false);
    try {
      await until('the server to be ready', async () => {
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
        return ready();
      }, 90_000);
    } catch (error) {
      // Left running, it would keep the tests from ending.
      child.kill('SIGKILL');
      throw new Error(`${error.message}; it said:\n${said}`);
    }
  }
  async function end(signal) {
    const gone = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await gone;
  }
  await start();
  return {
    url,
    /** Runs the program beside the server, on the same data. */
    async run(...args) {
      const beside = spawn(program, args, { cwd: ROOT, env, stdio: 'ignore' });
      const code = await new Promise((done) => beside.once('exit', done));
      if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
    },
    async restart(signal = 'SIGKILL') {
      await end(signal);
      await start();
    },
    async stop() {
      await end('SIGTERM');
      await rm(data, { recursive: true, force: true });
    },
  };
}

// Pages that a test itself serves count as public, and then may not open a socket to this machine.
const FLAGS =
  '--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run --disable-quic --disable-features=LocalNetworkAccessChecks';

/** @param {object} [more] of Playwright's @param {string[]} [flags] of the browser's own */
export function launch(more = {}, flags = []) {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: [...FLAGS.split(' '), ...flags], ...more });
}

/**
 * A server and a browser for one file of tests; visitors leave when their test ends, which fails if one had troubles that were
 * neither of the line nor expected (`page.expects`, a pattern).
 */
export function stage(serve = () => startServer()) {
  let visitors = [];
  const on = {
    server: null,
    browser: null,
    up: async () => {
      on.server = await serve();
      on.browser = await launch();
    },
    down: async () => {
      await on.browser?.close();
      await on.server?.stop();
    },
    /** A new visitor. `page.troubles` gathers page errors, console errors and refusals of the policy. */
    async visit(path = '/', how = {}) {
      const context = await on.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...how });
      const page = await context.newPage();
      page.setDefaultTimeout(8_000);
      page.troubles = [];
      visitors.push(page);
      page.on('pageerror', (error) => page.troubles.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && page.troubles.push(message.text()));
      if (path) await page.goto(on.server.url + path);
      return page;
    },
  };
  before(on.up);
  after(on.down);
  afterEach(async () => {
    const troubles = visitors.flatMap(({ troubles, expects }) => troubles.filter((trouble) => notOfTheLine(trouble) && !expects?.test(trouble)));
    visitors = [];
    await Promise.all(on.browser.contexts().map((context) => context.close()));
    assert.deepEqual(troubles, [], 'no error of the page, of the console or of a policy');
  });
  return on;
}

/** Waits until pictures in view are there and nothing that ends is moving any more. */
export function settled(page) {
  return page.evaluate(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const roots = [document, ...[...document.querySelectorAll('shop-talk')].map((chat) => chat.shadowRoot)].filter(Boolean);
    const pictures = roots.flatMap((root) => [...root.querySelectorAll('img')]);
    // One that is out of sight may never be fetched.
    const inSight = (img) => img.checkVisibility() && img.getBoundingClientRect().top < innerHeight && img.getBoundingClientRect().bottom > 0;
    const there = (img) => new Promise((done) => (img.complete ? done() : ['load', 'error'].forEach((name) => img.addEventListener(name, done))));
    await Promise.race([Promise.all(pictures.filter(inSight).map(there)), new Promise((done) => setTimeout(done, 2_000))]);
    const moving = () => roots.flatMap((root) => root.getAnimations()).filter((one) => one.playState !== 'finished' && one.effect?.getComputedTiming().endTime !== Infinity);
    for (let quiet = 0; quiet < 3; quiet += 1) {
      await frame();
      const left = moving();
      if (left.length) quiet = -1;
      await Promise.all(left.map((one) => one.finished.catch(() => null)));
    }
  });
}

/** Troubles that a test itself caused by taking the server away. */
export const notOfTheLine = (trouble) => !/WebSocket connection|ERR_CONNECTION|Failed to load resource/.test(trouble);

/** The chat as a shopper meets it. */
export class Chat {
  constructor(page) {
    this.page = page;
    // Its name is in the page's language.
    this.launcher = page.getByRole('button', { name: /^(Chat with us|تحدث معنا)/ });
    this.panel = page.getByRole('dialog');
    this.log = page.getByRole('log');
    this.box = page.locator('shop-talk .composer textarea');
    this.turns = this.log.locator('.turn:not(.coming)');
    this.replies = this.log.locator('.turn:not(.shopper, .coming)');
    this.mine = this.log.locator('.turn.shopper');
  }

  /** Opens the panel and waits for what it shows first. */
  async open() {
    await this.launcher.click();
    await this.turns.first().waitFor();
    return this;
  }

  /** Sends words without waiting. */
  async send(text) {
    await this.box.fill(text);
    await this.box.press('Enter');
  }

  /** Says words and waits for the reply, which it answers with. */
  async say(text) {
    const before = await this.replies.count();
    await this.send(text);
    return this.replyAfter(before);
  }

  async tap(name) {
    const before = await this.replies.count();
    await this.log.getByRole('button', { name, exact: true }).last().click();
    return this.replyAfter(before);
  }

  async replyAfter(before) {
    await until('a reply', async () => (await this.replies.count()) > before);
    return this.replies.last();
  }

  /** Every bubble and card in the order shown, as text. */
  async transcript() {
    return this.turns.evaluateAll((turns) =>
      turns.map((turn) => `${turn.classList[1]}: ${[...turn.querySelectorAll('.bubble, h3')].map((one) => one.textContent.trim()).join(' | ')}`),
    );
  }
}
