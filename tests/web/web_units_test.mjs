// SPDX-License-Identifier: MIT
// If this fails, a page gets other units than the command, or loses its stream.

import { check, claims, failure, same } from './tap.mjs';
import { Model, VoqError, fnv, golden, hasSimd, inPushes, made, module, shipped, speech } from './recordings.mjs';

const kernels = hasSimd ? ['auto', 'wasm', 'scalar'] : ['auto', 'scalar'];

function shipped_models_give_their_golden_units() {
  check(golden.length >= 4, `${golden.length} models in tests/bits`);
  for (const { name, hash, units } of golden)
    for (const cpu of kernels) {
      const model = new Model(module, shipped(name), { cpu });
      same([model.info.name, model.info.hash], [name, hash]);
      same(fnv(model.encode(speech)), units, `${name}, ${cpu}: hash of the units`);
      model.close();
    }
}

// The hash is that of the units of the command.
function a_learned_encoder_gives_its_golden_units() {
  for (const [name, units] of [['encoder', '99b4e5d0075dd9a6'], ['encoder-10ms', '3f9a0bf1325f9213']])
    for (const cpu of kernels) {
      const model = new Model(module, made(name), { cpu });
      same(fnv(model.encode(speech)), units, `${name}, ${cpu}: hash of the units`);
      same(fnv(inPushes(model.stream(), speech, 128)), units, `${name}, ${cpu}: hash in pushes`);
      check(model.info.nParameter > 0, 'no parameters');
    }
}

function units_do_not_depend_on_the_size_of_pushes() {
  const model = new Model(module, shipped('lda-100'));
  const whole = model.encode(speech);
  for (const n of [1, 7, 128, 160, 4095, 4096, 4097, 10000, speech.length])
    for (const block of n > 1 ? [1, 64] : [64])
      same(inPushes(model.stream({ block }), n > 1 ? speech : speech.subarray(0, 9000), n),
        n > 1 ? whole : model.encode(speech.subarray(0, 9000)), `pushes of ${n}, block ${block}`);
}

function streams_of_one_model_do_not_disturb_each_other() {
  const model = new Model(module, shipped('mfcc-100'));
  const expected = model.encode(speech);
  const streams = [model.stream(), model.stream(), model.stream({ block: 64 })];
  const ids = streams.map(() => []);
  for (let at = 0; at < speech.length; at += 1000)
    streams.forEach((stream, i) => ids[i].push(...stream.push(speech.subarray(at, at + 1000))));
  streams.forEach((stream, i) => same([...ids[i], ...stream.finish()], expected));
}

/** The codewords that are nearest to the vectors of features. */
function nearest(features, codewords, dim) {
  return Array.from({ length: features.length / dim }, (_, t) => {
    let [best, least] = [0, Infinity];
    for (let id = 0; id * dim < codewords.length; id++) {
      let sum = 0;
      for (let d = 0; d < dim; d++) sum += (features[t * dim + d] - codewords[id * dim + d]) ** 2;
      if (sum < least) [best, least] = [id, sum];
    }
    return best;
  });
}

function the_codeword_nearest_to_a_feature_is_the_unit() {
  const model = new Model(module, shipped('lda-100'));
  const stream = model.featureStream({ block: 64 });
  check(stream.push(new Float32Array(0)) instanceof Float32Array, 'features are not floats');
  stream.reset();
  const features = [];
  for (let at = 0; at < speech.length; at += 5000) features.push(...stream.push(speech.subarray(at, at + 5000)));
  features.push(...stream.finish());
  same(model.codewords().length, 100 * 30);
  same(nearest(features, model.codewords(), 30), model.encode(speech));
  same(new Model(module, made('two')).codewords().length, 2 * 20 * 39, 'numbers of two codebooks');
}

function several_codebooks_give_as_many_ids_per_unit() {
  const model = new Model(module, made('two'));
  same(model.info.nCodebook, 2);
  const ids = model.encode(speech);
  same(ids.length, 2 * Math.floor((speech.length + 80) / 160));
  same(inPushes(model.stream(), speech, 999), ids);
}

function a_model_that_needs_the_whole_signal_encodes_it() {
  const model = new Model(module, made('whole'));
  check(model.info.wholeSignal, 'it streams');
  const ids = model.encode(speech);
  same(ids, new Model(module, made('whole'), { cpu: 'scalar' }).encode(speech));
  same(ids.length, Math.floor((speech.length + model.info.hopSamples / 2) / model.info.hopSamples));
}

function a_gap_keeps_the_time_of_later_units() {
  const model = new Model(module, shipped('mfcc-100'));
  const stream = model.stream();
  const before = stream.push(speech.subarray(0, 8000)).length + stream.gap(1600).length;
  same(before, 50);
  same(stream.position, 60);
  const after = [...stream.push(speech.subarray(9600)), ...stream.finish()];
  const whole = model.encode(speech);
  same(60 + after.length, whole.length);
  same(stream.position, whole.length);
  check(after.slice(40).filter((id, i) => id === whole[100 + i]).length > 100, 'later units are at another time');
}

async function after_the_end_a_stream_is_reset_or_refuses() {
  const model = new Model(module, shipped('mfcc-100'));
  const stream = model.stream();
  const first = inPushes(stream, speech, 5000);
  for (const f of [() => stream.push(speech), () => stream.finish(), () => stream.gap(3)]) {
    const error = await failure(f);
    check(error instanceof VoqError && error.status === 12, error);
  }
  stream.reset();
  same(stream.position, 0);
  same(inPushes(stream, speech, 5000), first);
}

function no_samples_are_no_units() {
  const model = new Model(module, shipped('mfcc-100'));
  same(model.encode(new Float32Array(0)), []);
  same(model.stream().push(new Float32Array(0)), []);
  same(model.encode(new Float32Array(79)), []);
}

function samples_that_are_not_finite_count_as_zero_and_are_counted() {
  const model = new Model(module, shipped('mfcc-100'));
  const stream = model.stream();
  stream.push(Float32Array.from([0, NaN, Infinity, 0.5, -Infinity]));
  same(stream.badSamples, 3);
}

await claims(shipped_models_give_their_golden_units, a_learned_encoder_gives_its_golden_units,
  units_do_not_depend_on_the_size_of_pushes, streams_of_one_model_do_not_disturb_each_other,
  the_codeword_nearest_to_a_feature_is_the_unit, several_codebooks_give_as_many_ids_per_unit,
  a_model_that_needs_the_whole_signal_encodes_it,
  a_gap_keeps_the_time_of_later_units, after_the_end_a_stream_is_reset_or_refuses, no_samples_are_no_units,
  samples_that_are_not_finite_count_as_zero_and_are_counted);
