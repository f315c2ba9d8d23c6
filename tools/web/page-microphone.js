// SPDX-License-Identifier: MIT
// A microphone, from its permission to units. What the audio thread cannot know is found here: that the context stood
// still while time went on, that the track was muted or ended.

const CHECK_MS = 200; // between two looks at the clocks
const STOOD_STILL = 0.1; // seconds by which the wall clock is ahead: more than a buffer

/** One plain sentence for each way in which a browser has no microphone to give. */
export function sentenceOf(error) {
  if (error.name === 'NotAllowedError' || error.name === 'SecurityError')
    return 'The browser does not let this page use the microphone; allow it in the address bar, or open a file.';
  if (error.name === 'NotFoundError' || error.name === 'OverconstrainedError')
    return 'There is no microphone; connect one, or open a file.';
  if (error.name === 'NotReadableError')
    return 'The microphone cannot be opened; another program may be using it.';
  return `The microphone cannot be used: ${error.message}`;
}

export async function microphones() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter(({ kind, deviceId }) => kind === 'audioinput' && deviceId);
}

function openTrack(deviceId) {
  if (!navigator.mediaDevices)
    throw new DOMException('pages have one at https:// and localhost addresses only', 'NotSupportedError');
  const asItIs = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  return navigator.mediaDevices.getUserMedia({
    audio: { ...asItIs, ...(deviceId ? { deviceId: { exact: deviceId } } : {}) },
  });
}

export class Microphone {
  #told; // the functions ready, audio, units, gap, finished, error, silent
  #context = null;
  #node = null;
  #media = null;
  #source = null;
  #timer = 0;
  #clocks = null; // wall and audio, in seconds, when they were last compared
  #stoodStill = 0; // seconds that the context's clock lacks

  constructor(told) {
    this.#told = told;
  }

  /** Opens a microphone for a model: { wasm, bytes, rateHz }. Where this fails, close gives back what was opened. */
  async open(deviceId, model) {
    this.#media = await openTrack(deviceId);
    this.#context = await this.#contextFor(this.#media, model.rateHz);
    await this.#makeNode(model);
    this.#connect(this.#media);
    await this.#context.resume();
    this.#timer = setInterval(() => this.#compareClocks(), CHECK_MS);
  }

  /** A context at the model's rate, or at the microphone's where a browser connects it to no other. */
  async #contextFor(media, sampleRate) {
    const context = new AudioContext({ sampleRate, latencyHint: 'interactive' });
    try {
      context.createMediaStreamSource(media);
      return context;
    } catch {
      await context.close();
      return new AudioContext({ latencyHint: 'interactive' });
    }
  }

  async #makeNode({ wasm, bytes }) {
    await this.#context.audioWorklet.addModule('voq-worklet.js');
    this.#node = new AudioWorkletNode(this.#context, 'voq',
      { numberOfOutputs: 0, processorOptions: { wasm, model: bytes, audio: true } });
    this.#node.port.onmessage = ({ data }) => this.#told[data.type](data);
    this.#context.onstatechange = () => this.#goOn();
  }

  /** Joins a track to the model, also in place of one that ended. */
  #connect(media) {
    this.#media = media;
    this.#source = this.#context.createMediaStreamSource(media);
    const [track] = media.getAudioTracks();
    track.onmute = () => this.#interrupt('muted');
    track.onunmute = () => this.#source.connect(this.#node);
    track.onended = () => this.#interrupt('ended');
    if (track.muted) this.#interrupt('muted');
    else this.#source.connect(this.#node);
  }

  /** Without a source the worklet counts lost samples and reports them when audio comes again. */
  #interrupt(why) {
    this.#source.disconnect();
    this.#node.port.postMessage({ type: 'gap', frames: 0, why });
    this.#told.silent(why);
  }

  /** Another microphone goes on where one ended. */
  async replace(deviceId) {
    const media = await openTrack(deviceId);
    this.#release();
    this.#connect(media);
  }

  /** How long ago a moment of the stream was, which is in seconds as the messages have them. */
  age(time) {
    return this.#context.currentTime + this.#stoodStill - time;
  }

  #compareClocks() {
    const wall = Date.now() / 1000;
    const audio = this.#context.currentTime;
    const lost = this.#clocks ? wall - this.#clocks.wall - (audio - this.#clocks.audio) : 0;
    this.#clocks = { wall, audio };
    if (lost < STOOD_STILL) return;
    this.#stoodStill += lost;
    this.#node.port.postMessage({
      type: 'gap', frames: Math.round(lost * this.#context.sampleRate), why: 'suspended',
    });
  }

  /** The browser has suspended the context, or it runs again; a user who wants that calls pause. */
  #goOn() {
    if (!this.#timer) return;
    if (this.#context.state === 'running') this.#compareClocks();
    else this.#context.resume().catch(() => {});
  }

  /** Time that passes now is no gap: nobody wants it. */
  async pause() {
    this.#stopClock();
    await this.#context.suspend();
  }

  async resume() {
    await this.#context.resume();
    this.#timer = setInterval(() => this.#compareClocks(), CHECK_MS);
  }

  #stopClock() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#clocks = null;
  }

  #release() {
    this.#source?.disconnect();
    this.#media?.getTracks().forEach((track) => {
      track.onmute = track.onunmute = track.onended = null;
      track.stop();
    });
  }

  /** Ends the signal; `finished` is told when its last units have come. */
  finish() {
    this.#stopClock();
    this.#context.resume().catch(() => {});
    this.#node.port.postMessage({ type: 'finish' });
  }

  close() {
    this.#stopClock();
    this.#release();
    if (this.#context && this.#context.state !== 'closed') this.#context.close();
  }
}
