// A bad line between a browser and a server: it loses what it carries, and breaks. What TCP carries is whole or the
// connection is gone, so a loss here takes the connection along, before or after the server has heard.

import { connect, createServer } from 'node:net';

/** A line to `127.0.0.1:to`; `losses` (0 to 1) of what is said on a WebSocket, by a fixed dice. */
export async function startLine({ losses = 0, seed = 1 } = {}) {
  const open = new Set();
  const line = { to: 0, losses, lost: 0, cut: false, port: 0 };
  let state = seed;
  const dice = () => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };

  const server = createServer((near) => {
    if (line.cut) return near.destroy();
    const far = connect(line.to, '127.0.0.1');
    const both = { end: () => (near.destroy(), far.destroy(), open.delete(both)) };
    open.add(both);
    let spoken = 0;
    let socket = false;
    let answerIsLost = false;
    near.on('data', (data) => {
      socket ||= /^GET .*\r\n[^]*upgrade: websocket/i.test(data.toString('latin1'));
      spoken += 1;
      // The upgrade and the hello get through: what is lost is what is said.
      if (socket && spoken > 2 && dice() < line.losses) {
        line.lost += 1;
        if (dice() < 0.5) return both.end();
        answerIsLost = true;
      }
      far.write(data);
    });
    far.on('data', (data) => (answerIsLost ? both.end() : near.write(data)));
    for (const side of [near, far]) {
      side.on('error', both.end);
      side.on('close', both.end);
    }
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  line.port = server.address().port;
  line.url = `http://127.0.0.1:${line.port}`;
  /** Breaks everything and lets nobody through for so many milliseconds. */
  line.cutFor = async (ms) => {
    line.cut = true;
    for (const both of open) both.end();
    await new Promise((done) => setTimeout(done, ms));
    line.cut = false;
  };
  line.stop = async () => {
    for (const both of open) both.end();
    await new Promise((done) => server.close(done));
  };
  return line;
}
