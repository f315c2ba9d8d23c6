// SPDX-License-Identifier: MIT
// Numbers beside the picture, which change calmly: rates of the last seconds, the median of the last latencies.

const SHOWN_MS = 400; // between two changes of the numbers
const RECENT = 4; // seconds
const LATENCIES = 64;

const ms = (seconds) => `${(1000 * seconds).toFixed(seconds < 0.1 ? 1 : 0)} ms`;

export class Figures {
  #show; // writes a text to the element with an id
  #units = null;
  #history = []; // { wall, n } of the last seconds
  #newest = null; // when the sound of the newest unit ended, of those that are not drawn
  #latencies = [];
  #shown = 0;

  constructor(show) {
    this.#show = show;
  }

  set lookAhead(seconds) {
    this.#show('ahead', seconds === Infinity ? 'all' : ms(seconds));
  }

  /** A take begins. */
  begin(units) {
    [this.#units, this.#history, this.#latencies, this.#newest] = [units, [], [], null];
    for (const id of ['units', 'runs', 'latency']) this.#show(id, '–');
  }

  /** Units have come, whose last sound ended at that time of the stream. */
  heard(time) {
    this.#newest = time;
  }

  /** The picture has been drawn. */
  drawn(microphone) {
    if (!microphone || !this.#units) return;
    if (this.#newest !== null) this.#latencies.push(microphone.age(this.#newest));
    if (this.#latencies.length > LATENCIES) this.#latencies.shift();
    this.#newest = null;
    const now = performance.now();
    if (now - this.#shown < SHOWN_MS) return;
    this.#shown = now;
    this.#showRates(now / 1000);
    const sorted = [...this.#latencies].sort((a, b) => a - b);
    if (sorted.length) this.#show('latency', `${Math.round(1000 * sorted[Math.floor(sorted.length / 2)])} ms`);
  }

  #showRates(now) {
    const { n, nReceived, unitSeconds } = this.#units;
    this.#history.push({ wall: now, n: nReceived });
    while (this.#history.length > 2 && now - this.#history[1].wall > RECENT) this.#history.shift();
    const [oldest] = this.#history;
    const frames = Math.min(n, Math.round(RECENT / unitSeconds));
    if (now - oldest.wall < RECENT / 2 || !frames) return;
    this.#show('units', ((nReceived - oldest.n) / (now - oldest.wall)).toFixed(0));
    this.#show('runs', (this.#units.runsBetween(n - frames, n) / (frames * unitSeconds)).toFixed(0));
  }

  /** A take has ended: the means of all of it. The latency stays if it was live until now. */
  end(units, seconds) {
    if (!this.#units) this.#show('latency', '–');
    this.#units = null;
    if (!seconds) return;
    this.#show('units', (units.nReceived / seconds).toFixed(1));
    this.#show('runs', (units.runsBetween(0, units.n) / seconds).toFixed(1));
  }
}
