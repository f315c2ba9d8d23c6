// SPDX-License-Identifier: MIT
// If this fails, the module does not load in a page, keeps memory, or an error tells a user nothing.

import { setTimeout } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { check, claims, failure, same } from './tap.mjs';
import { Model, Voq, VoqError, hasSimd, made, module, shipped, speech, wasm } from './recordings.mjs';

function the_module_imports_nothing() {
  same(WebAssembly.Module.imports(module), []);
}

function the_module_is_smaller_than_150_kB() {
  console.log(`# voq.wasm: ${wasm.length} bytes`);
  check(wasm.length < 150000, `${wasm.length} bytes`);
}

async function a_model_comes_from_bytes_of_every_kind() {
  const bytes = shipped('lda-100');
  const copy = new Uint8Array(bytes);
  const inside = new Uint8Array(bytes.length + 7);
  inside.set(bytes, 7);
  for (const source of [bytes, copy, copy.buffer, new DataView(copy.buffer), inside.subarray(7)])
    for (const code of [wasm, module])
      same((await Voq.load(code, source)).info.name, 'lda-100');
}

async function an_address_is_fetched_and_what_is_not_there_is_named() {
  const fetched = globalThis.fetch;
  globalThis.fetch = async (address) => (String(address).endsWith('voq.wasm') ? new Response(wasm)
    : String(address).endsWith('lda-100.voq') ? new Response(shipped('lda-100')) : new Response('', { status: 404 }));
  try {
    same((await Voq.load('voq.wasm', new URL('http://localhost/lda-100.voq'))).info.name, 'lda-100');
    same((await failure(() => Voq.load('voq.wasm', 'none.voq'))).message,
      'none.voq: HTTP status 404; check the address');
    globalThis.fetch = fetched;
    const local = (await failure(() => Voq.load('file:///voq.wasm', shipped('lda-100')))).message;
    check(local.startsWith('file:///voq.wasm: ') && local.endsWith('read the file and pass its bytes'), local);
  } finally {
    globalThis.fetch = fetched;
  }
}

async function errors_have_the_sentence_of_the_library() {
  const cut = shipped('lda-100').subarray(0, 5000);
  const damaged = Uint8Array.from(shipped('lda-100'));
  damaged[9000] ^= 1;
  for (const [bytes, status, text] of [[new Uint8Array(0), 4, /magic bytes|not a voq/], [wasm, 4, /not a voq model/],
    [cut, 6, /truncated|size|bytes/], [damaged, 6, /checksum|damaged/]]) {
    const error = await failure(() => new Model(module, bytes));
    check(error instanceof VoqError && error.name === 'VoqError', error);
    same(error.status, status, error.message);
    check(text.test(error.message), error.message);
  }
}

async function what_a_model_cannot_do_is_refused() {
  const whole = await failure(() => new Model(module, made('whole')).stream());
  same([whole.status, whole.message], [9, 'not possible with this model']);
  const vectors = await failure(() => new Model(module, made('vectors')).encode(speech));
  same(vectors.status, 9);
  check(vectors.message.includes('the model takes vectors, not audio'), vectors.message);
  const block = await failure(() => new Model(module, made('plain')).stream({ block: 5000 }));
  same(block.status, 1);
}

async function arrays_of_another_realm_are_taken() {
  const other = (code) => runInNewContext(code, { module, bytes: [...shipped('lda-100')] });
  const model = await Voq.load(module, other('new Uint8Array(bytes).buffer'));
  same(model.encode(other('new Float32Array(1600)')), model.encode(new Float32Array(1600)));
}

async function wrong_arguments_are_refused() {
  const model = new Model(module, made('plain'));
  const stream = model.stream();
  for (const x of [[0, 0], new Float64Array(4), new Int16Array(4), undefined]) {
    check((await failure(() => stream.push(x))) instanceof TypeError, 'push took it');
    check((await failure(() => model.encode(x))) instanceof TypeError, 'encode took it');
  }
  for (const n of [-1, 0.5, NaN, Infinity, '3'])
    check((await failure(() => stream.gap(n))) instanceof RangeError, `gap took ${n}`);
  check((await failure(() => stream.pushInto(speech, new Uint32Array(3)))) instanceof RangeError, 'too short');
  check((await failure(() => stream.pushInto(speech, new Uint32Array(999), speech.length + 1))) instanceof RangeError,
    'more samples than there are');
  same(stream.position, 0);
  check((await failure(() => new Model(module, made('plain'), { cpu: 'avx2' }))) instanceof RangeError, 'avx2');
  if (!hasSimd) same((await failure(() => new Model(module, made('plain'), { cpu: 'wasm' }))).status, 10);
}

async function what_is_closed_says_so() {
  const model = new Model(module, made('plain'));
  const [stream, other] = [model.stream(), model.stream()];
  stream.close();
  stream.close();
  same((await failure(() => stream.push(speech))).message, 'the stream is closed; make a new one');
  other.push(speech);
  model.close();
  model.close();
  for (const f of [() => model.stream(), () => model.encode(speech), () => model.label(0)])
    same((await failure(f)).message, 'the model is closed; load it again');
  same((await failure(() => other.finish())).message, 'the stream is closed; make a new one');
  other.close();
  same(model.info.nCode, new Model(module, made('plain')).info.nCode, 'what was known of a closed model');
}

/** Collects garbage and lets finalizers run. */
async function collect() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await setTimeout(0);
  }
}

/** Runs work and returns the memories of the modules that it instantiates. */
function memoriesOf(work) {
  const { Instance } = WebAssembly;
  const memories = [];
  WebAssembly.Instance = function (...parts) {
    const instance = new Instance(...parts);
    memories.push(new WeakRef(instance.exports.memory));
    return instance;
  };
  try {
    work();
  } finally {
    WebAssembly.Instance = Instance;
  }
  return memories;
}

/** How large the module's memory is after 300 streams, of which use keeps none. */
async function sizeAfterStreams(use) {
  let model;
  const [memory] = memoriesOf(() => { model = new Model(module, shipped('lda-100')); });
  for (let i = 0; i < 300; i++) {
    use(model.stream());
    if (i % 20 === 19) await collect();
  }
  model.encode(speech);
  return memory.deref().buffer.byteLength;
}

async function streams_that_nobody_refers_to_give_their_memory_back() {
  const one = await sizeAfterStreams((stream) => stream.close());
  const forgotten = await sizeAfterStreams((stream) => stream.push(speech.subarray(0, 400)));
  check(forgotten < one + 2e6, `${forgotten} bytes, ${one} with streams that were closed`);
}

async function models_that_nobody_refers_to_give_their_memory_back() {
  const memories = memoriesOf(() => {
    for (let i = 0; i < 20; i++) new Model(module, made('plain')).encode(speech);
  });
  await collect();
  same(memories.length, 20);
  check(memories.filter((memory) => memory.deref()).length <= 2, 'memories are still there');
}

async function a_closed_model_gives_its_memory_back_while_it_is_referred_to() {
  const models = [];
  const memories = memoriesOf(() => {
    for (let i = 0; i < 20; i++) models.push(new Model(module, made('plain')));
  });
  models.forEach((model) => model.close());
  await collect();
  check(memories.filter((memory) => memory.deref()).length <= 2, 'memories are still there');
  same(models.length, 20);
}

function a_unit_has_the_label_of_its_model() {
  const model = new Model(module, made('encoder'));
  same([0, 1, 3, 999].map((id) => model.label(id)), ['', 'AH', 'sil', '']);
  same(new Model(module, made('plain')).label(0), '');
}

await claims(the_module_imports_nothing, the_module_is_smaller_than_150_kB, a_model_comes_from_bytes_of_every_kind,
  an_address_is_fetched_and_what_is_not_there_is_named, errors_have_the_sentence_of_the_library,
  what_a_model_cannot_do_is_refused, arrays_of_another_realm_are_taken, wrong_arguments_are_refused,
  what_is_closed_says_so, streams_that_nobody_refers_to_give_their_memory_back,
  models_that_nobody_refers_to_give_their_memory_back, a_closed_model_gives_its_memory_back_while_it_is_referred_to,
  a_unit_has_the_label_of_its_model);
