// SPDX-License-Identifier: MIT
// From the rate of an audio context to that of a model, for browsers that keep a microphone at its own rate.
//
// A windowed sinc, cut off below the lower Nyquist frequency. Output k stands at the time of input k*from/to, so the
// filter adds no delay to the times; its last half waits for input. Units of resampled audio are those of this
// resampler: another one gives slightly different samples and so, now and then, other units.

const ZEROS = 24; // zero crossings of the sinc on each side
const PASSED = 0.92; // of the lower Nyquist frequency
const BETA = 8; // of the Kaiser window

function bessel0(x) {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function gcd(a, b) {
  return b ? gcd(b, a % b) : a;
}

/** table[phase][tap]: the weights of the inputs around an output that stands phase/up behind one of them. */
function filterTable(up, half, cut) {
  const table = new Float32Array(up * 2 * half);
  for (let phase = 0; phase < up; phase++) {
    let sum = 0;
    for (let tap = 0; tap < 2 * half; tap++) {
      const t = tap - (half - 1) - phase / up; // in inputs, from the output
      const x = Math.PI * cut * t;
      const window = bessel0(BETA * Math.sqrt(Math.max(0, 1 - (t / half) ** 2)));
      sum += table[phase * 2 * half + tap] = (x ? Math.sin(x) / x : 1) * window;
    }
    for (let tap = 0; tap < 2 * half; tap++) table[phase * 2 * half + tap] /= sum;
  }
  return table;
}

export class Resampler {
  #up; // up/down = to/from in lowest terms
  #down;
  #half; // inputs on each side of an output
  #table;
  #history; // the inputs that may still be needed, then room for `most` new ones
  #nHistory;
  #phase = 0; // the next output stands phase/up behind input #base of #history
  #base;
  #nIn = 0; // inputs taken
  #nOut = 0; // outputs given

  /** most: how many samples a push may have. */
  constructor(from, to, most) {
    const divisor = gcd(from, to);
    this.#up = to / divisor;
    this.#down = from / divisor;
    const cut = PASSED * Math.min(1, to / from);
    this.#half = Math.ceil(ZEROS / cut);
    this.#table = filterTable(this.#up, this.#half, cut);
    this.#history = new Float32Array(4 * this.#half + Math.ceil(this.#down / this.#up) + most);
    this.#restart();
  }

  /** Silence before the next input, at which the next output stands, up to a phase. */
  #restart() {
    this.#history.fill(0);
    this.#nHistory = this.#base = this.#half;
  }

  /** How many outputs can come of n inputs, at most. */
  most(n) {
    return Math.ceil((n * this.#up) / this.#down) + 1;
  }

  /** Takes n samples x, writes what they complete to y, and returns how many that are. Allocates nothing. */
  push(x, n, y) {
    for (let i = 0; i < n; i++) this.#history[this.#nHistory + i] = x[i];
    this.#nHistory += n;
    this.#nIn += n;
    return this.#produce(y, Infinity);
  }

  #produce(y, end) {
    const width = 2 * this.#half;
    let n = 0;
    while (this.#base + this.#half < this.#nHistory && this.#nOut < end) {
      const first = this.#base - this.#half + 1;
      const weights = this.#phase * width;
      let sum = 0;
      for (let tap = 0; tap < width; tap++) sum += this.#table[weights + tap] * this.#history[first + tap];
      y[n++] = sum;
      this.#nOut++;
      this.#phase += this.#down;
      while (this.#phase >= this.#up) {
        this.#phase -= this.#up;
        this.#base++;
      }
    }
    this.#forget();
    return n;
  }

  #forget() {
    const n = Math.min(this.#base - this.#half, this.#nHistory);
    if (n <= 0) return;
    this.#history.copyWithin(0, n, this.#nHistory);
    this.#nHistory -= n;
    this.#base -= n;
  }

  /** The outputs that stand before the end of the input. */
  #due() {
    return Math.ceil((this.#nIn * this.#up) / this.#down);
  }

  /** The end: writes the outputs that waited for input to y, which has room for most(half) of them. */
  finish(y) {
    this.#history.fill(0, this.#nHistory, this.#nHistory + this.#half + 1);
    this.#nHistory += this.#half + 1;
    return this.#produce(y, this.#due());
  }

  get half() {
    return this.#half;
  }

  /** n inputs are missing: returns how many outputs are, those that waited for input included. */
  skip(n) {
    this.#nIn += n;
    const next = this.#due();
    const lost = next - this.#nOut;
    this.#restart();
    this.#nOut = next;
    this.#phase = next * this.#down - this.#nIn * this.#up; // less than a step behind the next input
    while (this.#phase >= this.#up) {
      this.#phase -= this.#up;
      this.#base++;
    }
    return lost;
  }
}
