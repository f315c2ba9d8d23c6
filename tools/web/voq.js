// SPDX-License-Identifier: MIT
// Speech to units in WebAssembly, in a page, a worker, an audio worklet or Node. README.md shows how; voq.d.ts has
// the types. Every model has a module instance and so a memory of its own.

const CPUS = { auto: 0, scalar: 1, wasm: 6 };
const NUMBERS = ['rateHz', 'hopSamples', 'windowSamples', 'lookAheadSamples', 'dim', 'nCodebook', 'nCode',
  'wholeSignal', 'nParameter'];
const TEXTS = ['name', 'hash', 'cpu', 'provenance'];
const CHUNK = 4096; // samples that enter the module together
const LARGEST = 2 ** 31; // bytes, of a module's memory
const STATUS_MEMORY = 2;

/** A failure that the library reported. The message is its sentence. */
export class VoqError extends Error {
  constructor(message, status, units = null) {
    super(message);
    this.name = 'VoqError';
    this.status = status; // of enum voq_status in voq.h
    this.units = units; // what had been computed before, if anything
  }
}

/** Reads a zero-ended text. An audio worklet has no TextDecoder. */
function textAt(memory, address) {
  const bytes = new Uint8Array(memory.buffer, address);
  const escaped = Array.from(bytes.subarray(0, bytes.indexOf(0)), (byte) => '%' + byte.toString(16).padStart(2, '0'));
  try {
    return decodeURIComponent(escaped.join(''));
  } catch { // a sentence that was cut within a character
    return decodeURIComponent(escaped.filter((byte) => byte < '%80').join(''));
  }
}

/** An instance of the module and views of its memory, which are made again when it has grown. */
class Instance {
  constructor(module) {
    this.call = new WebAssembly.Instance(module, {}).exports;
    this.call._initialize();
    this.view();
  }

  view() {
    if (this.u32?.buffer === this.call.memory.buffer) return;
    this.u8 = new Uint8Array(this.call.memory.buffer);
    this.u32 = new Uint32Array(this.call.memory.buffer);
    this.f32 = new Float32Array(this.call.memory.buffer);
  }

  text(address) {
    return textAt(this.call.memory, address);
  }

  allocate(nByte) {
    const address = nByte < LARGEST ? this.call.allocate(Math.max(nByte, 1)) : 0;
    if (!address) throw new VoqError('out of memory; close models and streams that are not needed', STATUS_MEMORY);
    this.view();
    return address;
  }

  /** Throws what the last call reported. */
  check(units = null) {
    const status = this.call.status();
    if (status) throw new VoqError(this.text(this.call.sentence()), status, units);
  }
}

// By tag, since an array or a module may come from another frame, whose classes are others.
const isA = (tag, x) => x?.[Symbol.toStringTag] === tag;

function samplesOf(x) {
  if (isA('Float32Array', x)) return x;
  throw new TypeError('samples must be a Float32Array with values within -1 and 1');
}

// A stream that nobody refers to any more gives its memory back.
const forgotten = new FinalizationRegistry(({ instance, memory }) => freeStream(instance, memory));

/** Samples that arrive in pieces. Made by model.stream(), whose rows are units, or model.featureStream(). */
export class Stream {
  #instance;
  #width; // values of a row: ids or features
  #isFeature;
  #memory = { stream: 0, x: 0, row: 0 };
  #capacity = 0; // rows that fit at #memory.row

  /** For Model alone. */
  constructor(instance, model, width, isFeature, block) {
    const { call } = instance;
    const memory = this.#memory;
    this.#instance = instance;
    this.#width = width;
    this.#isFeature = isFeature;
    memory.stream = call.stream_new(model, block);
    instance.check();
    memory.x = instance.allocate(CHUNK * 4);
    this.#reserve(call.push_units(memory.stream, CHUNK) + 1);
    forgotten.register(this, { instance, memory }, this);
  }

  #reserve(nRow) {
    if (nRow <= this.#capacity) return;
    const { call } = this.#instance;
    call.release(this.#memory.row);
    this.#memory.row = this.#capacity = 0;
    this.#memory.row = this.#instance.allocate(nRow * this.#width * 4);
    this.#capacity = nRow;
  }

  #call() {
    if (!this.#memory.stream || !this.#instance.call) throw new Error('the stream is closed; make a new one');
    return this.#instance.call;
  }

  #rows(n) {
    return this.#isFeature ? new Float32Array(n * this.#width) : new Uint32Array(n * this.#width);
  }

  /** Where a call writes: addresses of ids and of features, one of them 0. */
  get #idAt() {
    return this.#isFeature ? 0 : this.#memory.row;
  }

  get #featureAt() {
    return this.#isFeature ? this.#memory.row : 0;
  }

  /** Copies what a call wrote to rows, from index `at` of it on, and returns how many values that are. */
  #take(nRow, rows, at) {
    const memory = this.#isFeature ? this.#instance.f32 : this.#instance.u32;
    const n = nRow * this.#width;
    const first = this.#memory.row / 4;
    for (let i = 0; i < n; i++) rows[at + i] = memory[first + i];
    return n;
  }

  /** Number of values that a push of n samples returns now. */
  count(n) {
    return this.#call().push_units(this.#memory.stream, n) * this.#width;
  }

  /** Like push, of the first n samples, but writes into rows, whose length is at least count(n), and returns how many
   *  values that are. For real time: it allocates nothing. */
  pushInto(samples, rows, n = samples?.length) {
    const call = this.#call();
    const instance = this.#instance;
    const { stream, x } = this.#memory;
    if (n > samplesOf(samples).length) throw new RangeError(`there are not ${n} samples`);
    if (rows.length < this.count(n)) throw new RangeError('the output is too short; count(n) tells its length');
    let nValue = 0;
    for (let at = 0; at < n; at += CHUNK) {
      const nNow = Math.min(CHUNK, n - at);
      this.#reserve(call.push_units(stream, nNow));
      instance.view();
      for (let i = 0; i < nNow; i++) instance.f32[x / 4 + i] = samples[at + i];
      nValue += this.#take(call.push(stream, x, nNow, this.#idAt, this.#featureAt, this.#capacity), rows, nValue);
      if (call.status()) instance.check(rows.slice(0, nValue));
    }
    return nValue;
  }

  /** Takes samples, of any number, and returns the rows that they complete. */
  push(samples) {
    const rows = this.#rows(this.count(samplesOf(samples).length) / this.#width);
    this.pushInto(samples, rows, samples.length);
    return rows;
  }

  /** Calls finish or gap, which write the rows that still wait. */
  #end(end) {
    const call = this.#call();
    this.#reserve(call.finish_units(this.#memory.stream));
    const nRow = end(call, this.#memory.stream);
    const rows = this.#rows(nRow);
    this.#instance.view();
    this.#take(nRow, rows, 0);
    this.#instance.check(rows);
    return rows;
  }

  /** Ends the signal and returns its last rows. Then only reset and close are left. */
  finish() {
    return this.#end((call, stream) => call.finish(stream, this.#idAt, this.#featureAt, this.#capacity));
  }

  /** Tells that nLost samples are missing here, and returns the rows of what came before. Later rows keep their
   *  time. */
  gap(nLost) {
    if (!Number.isSafeInteger(nLost) || nLost < 0) throw new RangeError('nLost must be a whole number, 0 or more');
    return this.#end((call, stream) => call.gap(stream, nLost, this.#idAt, this.#featureAt, this.#capacity));
  }

  /** Back to the beginning, for another signal. */
  reset() {
    this.#call().reset(this.#memory.stream);
  }

  /** The number of the next row. Row i stands for the samples from i*hopSamples on. */
  get position() {
    return this.#call().position(this.#memory.stream);
  }

  /** How many samples were NaN or infinite; they counted as 0. */
  get badSamples() {
    return this.#call().bad_samples(this.#memory.stream);
  }

  /** Frees its memory; more than once is allowed. */
  close() {
    forgotten.unregister(this);
    freeStream(this.#instance, this.#memory);
  }
}

function freeStream(instance, memory) {
  if (instance.call && memory.stream) {
    instance.call.stream_free(memory.stream);
    instance.call.release(memory.x);
    instance.call.release(memory.row);
  }
  memory.stream = memory.x = memory.row = 0;
}

/** A model: a function from samples to units. */
export class Model {
  #instance;
  #model;
  #info;

  /** Without waiting, from a compiled module and the bytes of a model; Voq.load fetches both. */
  constructor(module, bytes, { cpu = 'auto' } = {}) {
    if (!(cpu in CPUS)) throw new RangeError(`cpu "${cpu}" is not one of ${Object.keys(CPUS).join(', ')}`);
    const instance = (this.#instance = new Instance(module));
    const file = ArrayBuffer.isView(bytes)
      ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : new Uint8Array(bytes);
    const address = instance.allocate(file.length);
    instance.u8.set(file, address);
    this.#model = instance.call.model_new(address, file.length, CPUS[cpu]);
    instance.call.release(address);
    instance.check();
    this.#info = Object.freeze(this.#describe());
  }

  #describe() {
    const { call } = this.#instance;
    const info = { version: this.#instance.text(call.version()) };
    NUMBERS.forEach((name, i) => { info[name] = call.model_number(this.#model, i); });
    TEXTS.forEach((name, i) => { info[name] = this.#instance.text(call.model_text(this.#model, i)); });
    info.wholeSignal = info.wholeSignal !== 0;
    return info;
  }

  #call() {
    if (!this.#instance.call) throw new Error('the model is closed; load it again');
    return this.#instance.call;
  }

  /** What the model is; fixed. */
  get info() {
    return this.#info;
  }

  /** The most likely label of a unit, a phone for example; "" where the model has none. */
  label(id) {
    return this.#instance.text(this.#call().model_label(this.#model, id));
  }

  /** Makes a stream. block: frames that are computed together; 1 for live audio, 64 for files. Same units. */
  stream({ block = 1 } = {}) {
    this.#call();
    return new Stream(this.#instance, this.#model, this.#info.nCodebook, false, block);
  }

  /** Makes a stream whose rows are the vectors that enter the codebook, of info.dim values each. */
  featureStream({ block = 1 } = {}) {
    this.#call();
    return new Stream(this.#instance, this.#model, this.#info.dim, true, block);
  }

  /** The codewords, [nCodebook][nCode][dim]. */
  codewords() {
    const { nCodebook, nCode, dim } = this.#info;
    const first = this.#call().model_codewords(this.#model) / 4;
    this.#instance.view();
    return this.#instance.f32.slice(first, first + nCodebook * nCode * dim);
  }

  /** The units of a whole signal. */
  encode(samples) {
    this.#call();
    samplesOf(samples);
    if (this.#info.wholeSignal || !this.#info.rateHz) return this.#encodeAtOnce(samples);
    const stream = this.stream({ block: 64 });
    try {
      return joined(stream.push(samples), stream.finish());
    } finally {
      stream.close();
    }
  }

  #encodeAtOnce(samples) {
    const instance = this.#instance;
    const { call } = instance;
    const capacity = call.encode_units(this.#model, samples.length);
    const x = instance.allocate(samples.length * 4);
    let id = 0;
    try {
      id = instance.allocate(capacity * this.#info.nCodebook * 4);
      instance.f32.set(samples, x / 4);
      const nUnit = call.encode(this.#model, x, samples.length, id, capacity);
      instance.view();
      const ids = instance.u32.slice(id / 4, id / 4 + nUnit * this.#info.nCodebook);
      instance.check(ids);
      return ids;
    } finally {
      call.release(x);
      call.release(id);
    }
  }

  /** Gives the memory of the model and of its streams back; more than once is allowed. */
  close() {
    this.#instance.call = this.#instance.u8 = this.#instance.u32 = this.#instance.f32 = null;
  }
}

function joined(a, b) {
  const ids = new Uint32Array(a.length + b.length);
  ids.set(a);
  ids.set(b, a.length);
  return ids;
}

/** Bytes as they are; what an address leads to. */
async function bytesOf(source) {
  if (isA('ArrayBuffer', source) || ArrayBuffer.isView(source)) return source;
  const reply = await fetch(source).catch((error) => {
    throw new Error(`${source}: ${error.message}; check the address. In Node, read the file and pass its bytes`);
  });
  if (!reply.ok) throw new Error(`${source}: HTTP status ${reply.status}; check the address`);
  return reply.arrayBuffer();
}

export class Voq {
  /** Compiles the module from its address or bytes, once for any number of models and worklets. */
  static async compile(wasm) {
    return isA('WebAssembly.Module', wasm) ? wasm : WebAssembly.compile(await bytesOf(wasm));
  }

  /** Opens a model. wasm: address or bytes of voq.wasm, or what compile returned; model: address or bytes. */
  static async load(wasm, model, options) {
    const [module, bytes] = await Promise.all([Voq.compile(wasm), bytesOf(model)]);
    return new Model(module, bytes, options);
  }
}
