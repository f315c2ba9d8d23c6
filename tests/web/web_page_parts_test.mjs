// SPDX-License-Identifier: MIT
// If this fails, colours of the microphone page mislead, or a long or broken take is saved wrongly. Needs no browser.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { check, claims, same } from './tap.mjs';
import { Model, PACKAGE, module, shipped, speech } from './recordings.mjs';

const part = (name) => import(pathToFileURL(join(PACKAGE, `page-${name}.js`)));
const { firstComponent, places, unitColours, unitRgb, energyColours } = await part('palette');
const { Recording, analyse } = await part('take');
const { gapList, gslm, nameOf, wav } = await part('files');
const logMel = new Model(module, readFileSync(join(PACKAGE, 'log-mel.voq')));

function the_first_component_is_the_direction_in_which_vectors_differ_most() {
  const x = Float32Array.from({ length: 300 }, (_, i) => {
    const t = Math.floor(i / 3) - 50;
    return [2 * t + 7, -t, 3 * Math.sin(9 * t)][i % 3];
  });
  const projection = firstComponent(x, 100, 3);
  for (let i = 1; i < 100; i++) check(projection[i] > projection[i - 1], `vector ${i} is out of order`);
  check(Math.abs(projection[99] - projection[0] - 99 * Math.sqrt(5)) < 2, `from ${projection[0]} to ${projection[99]}`);
  same(firstComponent(new Float32Array(6).fill(3), 2, 3), [0, 0], 'equal vectors');
}

// What a long or a middle cone receives, up to a factor: without the other kind, colours are told apart by it alone.
const cones = ([r, g, b]) => {
  const [R, G, B] = [r, g, b].map((value) => (value / 255) ** 2.2);
  return [0.4122 * R + 0.5363 * G + 0.0514 * B, 0.2119 * R + 0.6807 * G + 0.1074 * B];
};

function the_order_of_unit_colours_is_seen_by_every_kind_of_eye() {
  let before = [0, 0];
  for (let i = 0; i <= 40; i++) {
    const now = cones(unitRgb(i / 40));
    check(now.every((value, cone) => value > before[cone]), `place ${i / 40} is not lighter than the one before`);
    before = now;
  }
}

/** The mean distance of places between codes and what `pick` makes of them. */
function meanDistance(place, pick) {
  return place.reduce((sum, value, id) => sum + Math.abs(value - place[pick(id)]), 0) / place.length;
}

function similar_codewords_have_similar_colours() {
  for (const name of ['lda-100', 'mfcc-500']) {
    const model = new Model(module, shipped(name));
    const { nCode, dim } = model.info;
    const x = model.codewords();
    const nearest = (id) => {
      let [best, least] = [0, Infinity];
      for (let other = 0; other < nCode; other++) {
        let sum = other === id ? Infinity : 0;
        for (let d = 0; d < dim; d++) sum += (x[id * dim + d] - x[other * dim + d]) ** 2;
        if (sum < least) [best, least] = [other, sum];
      }
      return best;
    };
    const place = places(model.info, x);
    const [near, far] = [meanDistance(place, nearest), meanDistance(place, (id) => (id * 37 + 11) % nCode)];
    console.log(`# ${name}: ${near.toFixed(3)} to the nearest codeword, ${far.toFixed(3)} to any`);
    check(near < far / 2, `${name}: ${near} and ${far}`);
    same(new Set(unitColours(model).map(({ fill }) => fill)).size > 60, true, 'too few colours');
  }
}

const luminance = ([r, g, b]) => [r, g, b].map((value) => (value / 255) ** 2.2)
  .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0.05);

function ids_are_readable_on_their_colours() {
  for (const { fill, ink } of unitColours(new Model(module, shipped('lda-500')))) {
    const ground = luminance(fill.match(/\d+/g).map(Number));
    const ratio = ink === '#fff' ? 1.05 / ground : ground / 0.05;
    check(ratio >= 4.5, `${ink} on ${fill}: ${ratio}`);
  }
}

function loud_sound_is_ink_on_paper() {
  const hex = (colour) => Buffer.from(Uint32Array.of(colour).buffer).toString('hex');
  for (const [paper, ink] of [['fcfcfa', '1c2126'], ['14171a', 'e8eaec']]) {
    const colours = [...energyColours(20, 180, `#${paper}`, `#${ink}`)].map(hex);
    same([0, 20, 180, 255].map((i) => colours[i]), [paper, paper, ink, ink].map((colour) => `${colour}ff`));
    check(new Set(colours).size > 100, 'there are no shades');
  }
}

/** A take of the speech with a gap of 4000 samples before its 16000th. */
function takeWithGap(capacity) {
  const take = new Recording('take', 16000, capacity, logMel);
  take.add(speech.subarray(0, 16000));
  check(take.addGap(4000, 'muted'), 'there is no room for the gap');
  take.add(speech.subarray(16000));
  return take;
}

function what_is_missing_is_silent_and_keeps_its_time() {
  const take = takeWithGap(60000);
  same([take.nSample, take.length, gapList(take)], [speech.length, speech.length + 4000, '16000\t4000\tmuted\n']);
  const x = take.stretch(15000, 21000);
  same(x.subarray(0, 1000), speech.subarray(15000, 16000));
  check(x.subarray(1000, 5000).every((value) => value === 0), 'the gap is not silent');
  same(x.subarray(5000), speech.subarray(16000, 17000));
  const columns = (first, end) => take.columns.subarray(first * take.nMel, end * take.nMel);
  check(columns(100, 125).every((byte) => byte === 0), 'the gap has a spectrogram');
  check(columns(126, 150).every((byte) => byte > 0), 'there is no spectrogram after the gap');
}

function units_after_a_gap_are_those_of_the_stream() {
  const model = new Model(module, shipped('lda-100'));
  const stream = model.stream();
  const expected = [...stream.push(speech.subarray(0, 16000)), ...stream.gap(4000),
    ...stream.push(speech.subarray(16000)), ...stream.finish()];
  const work = analyse(takeWithGap(60000), model);
  let step = work.next();
  while (!step.done) step = work.next();
  same(gslm('a', step.value), `a|${expected.join(' ')}\n`);
  same(step.value.gaps, [{ first: 100, next: 125, lost: 4000, why: 'muted' }]);
}

function a_take_that_is_full_takes_no_more() {
  const take = takeWithGap(22000);
  same([take.length, take.nSample], [22000, 18000]);
  take.add(speech);
  same([take.length, take.addGap(1, 'device')], [22000, false]);
}

async function the_sound_is_float32() {
  const blob = wav({ samples: Float32Array.of(0.5, -1, 9), nSample: 2, rateHz: 16000 });
  const file = Buffer.from(await blob.arrayBuffer());
  same([file.length, file.readUInt32LE(4), file.readUInt16LE(20), file.readUInt32LE(24)], [66, 58, 3, 16000]);
  same([file.readFloatLE(58), file.readFloatLE(62)], [0.5, -1]);
}

function names_of_files_fit_every_format() {
  same(['a b|c.wav', 'dir/x.tar.gz', '.hidden', 'plain', '  '].map(nameOf),
    ['a_b_c', 'dir_x.tar', '.hidden', 'plain', '_']);
}

await claims(the_first_component_is_the_direction_in_which_vectors_differ_most,
  the_order_of_unit_colours_is_seen_by_every_kind_of_eye, similar_codewords_have_similar_colours,
  ids_are_readable_on_their_colours, loud_sound_is_ink_on_paper,
  what_is_missing_is_silent_and_keeps_its_time, units_after_a_gap_are_those_of_the_stream,
  a_take_that_is_full_takes_no_more, the_sound_is_float32, names_of_files_fit_every_format);
