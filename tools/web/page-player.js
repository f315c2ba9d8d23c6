// SPDX-License-Identifier: MIT
// Plays a stretch of a recording; what is missing is silent.

export class Player {
  #told; // the functions at(seconds) and ended
  #context = null;
  #source = null;

  constructor(told) {
    this.#told = told;
  }

  get plays() {
    return this.#source !== null;
  }

  /** Plays the seconds from a to b. */
  play(recording, a, b) {
    this.stop();
    const { rateHz } = recording;
    const x = recording.stretch(Math.floor(a * rateHz), Math.min(Math.ceil(b * rateHz), recording.length));
    if (!x.length) return;
    this.#context ??= new AudioContext();
    this.#context.resume();
    const buffer = new AudioBuffer({ length: x.length, sampleRate: rateHz });
    buffer.copyToChannel(x, 0);
    const source = (this.#source = new AudioBufferSourceNode(this.#context, { buffer }));
    source.connect(this.#context.destination);
    source.onended = () => { if (this.#source === source) this.stop(); };
    const start = this.#context.currentTime;
    source.start();
    this.#follow(source, a, start);
  }

  #follow(source, a, start) {
    if (this.#source !== source) return;
    this.#told.at(a + this.#context.currentTime - start);
    requestAnimationFrame(() => this.#follow(source, a, start));
  }

  stop() {
    if (!this.#source) return;
    const source = this.#source;
    this.#source = null;
    source.stop();
    this.#told.ended();
  }
}
