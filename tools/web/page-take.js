// SPDX-License-Identifier: MIT
// A take: what was heard, its spectrogram and its units, on one axis of time. The axis counts lost samples too; those
// that were recorded follow one another without them, as in a file of `voq live --record`.

const QUIETEST = Math.log(1e-5); // what the front end of log-mel.voq adds to energies
const STEPS_PER_NEPER = 12;
const PIECE = 65536; // samples that are analysed between two reports of progress

/** The id of a frame that is missing. */
export const NO_UNIT = 0xffffffff;

/** Log energy as a byte; 0 is a column that is missing. */
function byteOf(energy) {
  return Math.min(255, 1 + Math.max(0, Math.round((energy - QUIETEST) * STEPS_PER_NEPER)));
}

/** Audio at one rate, where it has gaps, and a column of log mel energies per hop of log-mel.voq. */
export class Recording {
  nSample = 0;
  nLost = 0;
  gaps = []; // { sample, lost, why }: before that sample of the recording
  pauses = []; // samples of the axis
  nColumn = 0;
  loudness = new Uint32Array(256); // how often each byte occurs in columns
  #features;

  /** capacity: samples, lost ones included. */
  constructor(name, rateHz, capacity, logMel) {
    this.name = name;
    this.rateHz = rateHz;
    this.capacity = capacity;
    this.samples = new Float32Array(capacity);
    this.nMel = logMel.info.dim;
    this.columnSamples = logMel.info.hopSamples;
    this.columns = new Uint8Array((Math.ceil(capacity / this.columnSamples) + 2) * this.nMel);
    this.#features = logMel.featureStream({ block: 8 });
  }

  /** Samples of the axis. */
  get length() {
    return this.nSample + this.nLost;
  }

  get seconds() {
    return this.length / this.rateHz;
  }

  /** Takes samples, as many as there is room for. */
  add(samples) {
    const taken = samples.subarray(0, this.capacity - this.length);
    this.samples.set(taken, this.nSample);
    this.nSample += taken.length;
    this.#addColumns(this.#features.position, this.#features.push(taken));
  }

  /** Returns whether there is room for a gap of that length. */
  addGap(lost, why) {
    if (this.length + lost > this.capacity) return false;
    const first = this.#features.position;
    this.#addColumns(first, this.#features.gap(lost));
    this.gaps.push({ sample: this.nSample, lost, why });
    this.nLost += lost;
    return true;
  }

  finish() {
    this.#addColumns(this.#features.position, this.#features.finish());
    this.#features.close();
  }

  #addColumns(first, energies) {
    const at = first * this.nMel;
    for (let i = 0; i < energies.length; i++) {
      const byte = byteOf(energies[i]);
      this.columns[at + i] = byte;
      this.loudness[byte]++;
    }
    this.nColumn = Math.max(this.nColumn, first + energies.length / this.nMel);
  }

  /** The byte that a share of all energies is below. */
  quantile(share) {
    const wanted = share * this.loudness.reduce((sum, n) => sum + n, 0);
    let [sum, byte] = [0, 0];
    while (byte < 255 && (sum += this.loudness[byte]) < wanted) byte++;
    return byte;
  }

  /** The samples of the axis from a to b, zeros where they are missing. */
  stretch(a, b) {
    const x = new Float32Array(b - a);
    let shift = 0; // from the recording to the axis
    let from = 0;
    for (const { sample, lost } of [...this.gaps, { sample: this.nSample, lost: 0 }]) {
      const first = Math.max(from, a - shift);
      const end = Math.min(sample, b - shift);
      if (end > first) x.set(this.samples.subarray(first, end), first + shift - a);
      from = sample;
      shift += lost;
    }
    return x;
  }
}

/** What a model made of a recording. */
export class Units {
  n = 0; // units of the axis
  nReceived = 0;
  gaps = []; // { first, next, lost, why }: the units from first to next are missing

  constructor(model, capacity) {
    this.info = model.info;
    this.label = (id) => model.label(id);
    this.width = model.info.nCodebook;
    this.ids = new Uint32Array((Math.ceil(capacity / model.info.hopSamples) + 2) * this.width).fill(NO_UNIT);
  }

  get unitSeconds() {
    return this.info.hopSamples / this.info.rateHz;
  }

  /** Takes the ids of units, the first of which is unit `first`. */
  add(first, ids) {
    const room = this.ids.length - first * this.width;
    this.ids.set(ids.length > room ? ids.subarray(0, room) : ids, first * this.width);
    this.n = Math.max(this.n, first + ids.length / this.width);
    this.nReceived += ids.length / this.width;
  }

  addGap(next, lost, why) {
    this.gaps.push({ first: this.n, next, lost, why });
    this.n = next;
  }

  isSame(i, j) {
    for (let c = 0; c < this.width; c++)
      if (this.ids[i * this.width + c] !== this.ids[j * this.width + c]) return false;
    return true;
  }

  /** The run of equal units that unit i is in: { first, end }. */
  runAt(i) {
    let [first, end] = [i, i + 1];
    while (first > 0 && this.isSame(first - 1, i)) first--;
    while (end < this.n && this.isSame(end, i)) end++;
    return { first, end };
  }

  /** The ids of unit i, as text; "" where it is missing. */
  textOf(i) {
    const ids = this.ids.subarray(i * this.width, (i + 1) * this.width);
    return ids[0] === NO_UNIT ? '' : ids.join('·');
  }

  /** How many runs begin from unit a on, before unit b. */
  runsBetween(a, b) {
    let n = 0;
    for (let i = a; i < b; i++)
      if (this.ids[i * this.width] !== NO_UNIT && (i === 0 || !this.isSame(i - 1, i))) n++;
    return n;
  }
}

/** Analyses a recording from its beginning; yields the share that is done and returns its units. */
export function* analyse(recording, model) {
  const units = new Units(model, recording.capacity);
  if (model.info.wholeSignal) {
    units.add(0, model.encode(recording.samples.subarray(0, recording.nSample)));
    return units;
  }
  const stream = model.stream({ block: 64 });
  let at = 0;
  for (const gap of [...recording.gaps, { sample: recording.nSample }]) {
    for (; at < gap.sample; at = Math.min(at + PIECE, gap.sample)) {
      units.add(stream.position, stream.push(recording.samples.subarray(at, Math.min(at + PIECE, gap.sample))));
      yield at / recording.nSample;
    }
    if (gap.lost === undefined) units.add(stream.position, stream.finish());
    else crossGap(units, stream, gap);
  }
  stream.close();
  return units;
}

function crossGap(units, stream, { lost, why }) {
  units.add(stream.position, stream.gap(lost));
  units.addGap(stream.position, lost, why);
}
