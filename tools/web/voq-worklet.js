// SPDX-License-Identifier: MIT
// The AudioWorkletProcessor 'voq': audio goes in, messages with units come out. README.md has its messages. It holds
// one stream, mixes channels to their mean, and allocates nothing in process but the messages.

import { Model } from './voq.js';
import { Resampler } from './voq-resampler.js';

const QUANTUM = 128; // frames of a call, so far; larger ones are cut
const UNKNOWN = 'device'; // why audio is missing, unless the page says so
const KEPT = 2048; // samples that are posted together, at most

class VoqProcessor extends AudioWorkletProcessor {
  #model;
  #stream;
  #resampler = null;
  #mono = new Float32Array(QUANTUM);
  #samples; // at the rate of the model
  #ids;
  #kept = null; // samples that entered the model and are not posted yet
  #nKept = 0;
  #start = null; // context time of sample 0, once audio has come
  #nextFrame = 0; // the frame of the context that comes next if none is missing
  #isZero = true; // all samples so far
  #lost = 0; // frames without audio since the last with
  #why = UNKNOWN; // they were lost
  #done = false;

  constructor({ processorOptions }) {
    super();
    this.port.onmessage = ({ data }) => {
      try {
        this.#receive(data);
      } catch (error) {
        this.#fail(error);
      }
    };
    try {
      this.#open(processorOptions);
    } catch (error) {
      this.#fail(error);
    }
  }

  #open({ wasm, model, cpu, audio }) {
    this.#model = new Model(wasm instanceof WebAssembly.Module ? wasm : new WebAssembly.Module(wasm), model, { cpu });
    this.#stream = this.#model.stream();
    const { info } = this.#model;
    const resampled = sampleRate !== info.rateHz;
    if (resampled) this.#makeResampler();
    const most = resampled ? this.#resampler.most(this.#resampler.half + QUANTUM) : QUANTUM;
    this.#samples = resampled ? new Float32Array(most) : this.#mono;
    if (audio) this.#kept = new Float32Array(Math.max(KEPT, most));
    this.#ids = new Uint32Array((Math.ceil(most / info.hopSamples) + 1) * info.nCodebook);
    this.port.postMessage({ type: 'ready', info, rateHz: sampleRate, resampled });
  }

  #makeResampler() {
    this.#resampler = new Resampler(Math.round(sampleRate), this.#model.info.rateHz, QUANTUM);
  }

  /** A failure ends the processor; the page gets the sentence. */
  #fail(error) {
    this.#done = true;
    this.port.postMessage({ type: 'error', message: error.message, status: error.status ?? 0 });
  }

  #receive(message) {
    if (this.#done) return;
    if (message.type === 'gap') this.#miss(message);
    else if (message.type === 'finish') this.#finish();
    else throw new Error(`unknown message "${message.type}"; the messages are gap and finish`);
  }

  #miss({ frames, why = this.#why }) {
    if (this.#start === null) return;
    this.#lost += frames;
    this.#why = why;
  }

  process(inputs) {
    if (this.#done) return false;
    const channels = inputs[0];
    const missed = currentFrame - this.#nextFrame;
    const nFrame = channels.length ? channels[0].length : QUANTUM;
    if (this.#start !== null && missed > 0) this.#lost += missed;
    this.#nextFrame = currentFrame + nFrame;
    try {
      if (channels.length) this.#take(channels, nFrame);
      else if (this.#start !== null) this.#lost += nFrame;
    } catch (error) {
      this.#fail(error);
    }
    return !this.#done;
  }

  #take(channels, nFrame) {
    this.#start ??= currentFrame / sampleRate;
    if (this.#lost && this.#isZero && this.#stream.position === 0) this.#beginAgain();
    else if (this.#lost) this.#gap();
    for (let at = 0; at < nFrame; at += QUANTUM) {
      const n = Math.min(QUANTUM, nFrame - at);
      this.#mix(channels, at, n);
      this.#push(this.#resampler ? this.#resampler.push(this.#mono, n, this.#samples) : n);
    }
  }

  #mix(channels, at, n) {
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let channel = 0; channel < channels.length; channel++) sum += channels[channel][at + i];
      this.#mono[i] = sum / channels.length;
      if (sum) this.#isZero = false;
    }
  }

  #push(n) {
    const first = this.#stream.position;
    const nId = this.#stream.pushInto(this.#samples, this.#ids, n);
    if (this.#kept) this.#keep(n);
    if (nId) this.#post(first, this.#ids.slice(0, nId));
  }

  #keep(n) {
    if (this.#nKept + n > this.#kept.length) this.#postKept();
    for (let i = 0; i < n; i++) this.#kept[this.#nKept + i] = this.#samples[i];
    this.#nKept += n;
  }

  #postKept() {
    if (this.#nKept) this.port.postMessage({ type: 'audio', samples: this.#kept.slice(0, this.#nKept) });
    this.#nKept = 0;
  }

  /** The context time, in seconds, at which unit i starts. */
  #timeOf(i) {
    const { hopSamples, rateHz } = this.#model.info;
    return this.#start + (i * hopSamples) / rateHz;
  }

  #post(first, units) {
    this.#postKept();
    this.port.postMessage({ type: 'units', first, time: this.#timeOf(first), units });
  }

  /** Chromium connects a source that is still to come for a moment of zeros: nothing has been said, nothing posted. */
  #beginAgain() {
    this.#stream.reset();
    if (this.#resampler) this.#makeResampler();
    this.#nKept = this.#lost = 0;
    this.#why = UNKNOWN;
    this.#start = currentFrame / sampleRate;
  }

  #gap() {
    const lost = this.#resampler ? this.#resampler.skip(this.#lost) : this.#lost;
    const first = this.#stream.position;
    const units = this.#stream.gap(lost);
    this.#lost = 0;
    this.#postKept();
    if (units.length) this.#post(first, units);
    const next = this.#stream.position;
    this.port.postMessage({ type: 'gap', samples: lost, next, time: this.#timeOf(next), why: this.#why });
    this.#why = UNKNOWN;
  }

  #finish() {
    if (this.#resampler) this.#push(this.#resampler.finish(this.#samples));
    const first = this.#stream.position;
    const units = this.#stream.finish();
    this.#postKept();
    if (units.length) this.#post(first, units);
    this.port.postMessage({ type: 'finished', nUnit: this.#stream.position, badSamples: this.#stream.badSamples });
    this.#model.close();
    this.#done = true;
  }
}

registerProcessor('voq', VoqProcessor);
