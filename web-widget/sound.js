// Two soft notes, made here: no file is fetched.

/** Hertz and seconds. */
const NOTES = /** @type {const} */ ([[660, 0], [880, 0.09]]);

/** @type {AudioContext | undefined} */
let context;

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
