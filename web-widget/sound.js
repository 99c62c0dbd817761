// Two soft notes, made here: no file is fetched. Off until a shopper switches it on, which is also the gesture that browsers
// ask for before anything may sound.

import { read, shared, write } from './guarded.js';

const KEY = 'shoptalk:sound';
/** Hertz and seconds. */
const NOTES = /** @type {const} */ ([[660, 0], [880, 0.09]]);

/** @type {AudioContext | undefined} */
let context;

export const sounds = () => read(shared, KEY) === '1';

/** @param {boolean} on */
export function setSound(on) {
  write(shared, KEY, on ? '1' : null);
  if (on) chime();
}

export function chime() {
  context ??= new AudioContext();
  for (const [pitch, after] of NOTES) {
    const at = context.currentTime + after;
    const tone = new OscillatorNode(context, { frequency: pitch });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0.0001, at);
    gain.gain.exponentialRampToValueAtTime(0.08, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.3);
    tone.connect(gain).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.3);
  }
}
