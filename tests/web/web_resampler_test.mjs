// SPDX-License-Identifier: MIT
// If this fails, a microphone that a browser keeps at 44.1 or 48 kHz gives distorted or shifted audio.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { check, claims, same } from './tap.mjs';
import { PACKAGE } from './recordings.mjs';

const { Resampler } = await import(pathToFileURL(join(PACKAGE, 'voq-resampler.js')));
const RATES = [8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000];
const MOST = 128;

const sine = (hz, rateHz, n) => Float32Array.from({ length: n }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rateHz));

/** x at another rate, in pushes of the sizes in turn. */
function resampled(x, from, to, sizes = [MOST]) {
  const resampler = new Resampler(from, to, MOST);
  const room = new Float32Array(resampler.most(resampler.half + MOST));
  const y = [];
  for (let at = 0, i = 0; at < x.length; i++) {
    const piece = x.subarray(at, at + sizes[i % sizes.length]);
    y.push(...room.subarray(0, resampler.push(piece, piece.length, room)));
    at += piece.length;
  }
  y.push(...room.subarray(0, resampler.finish(room)));
  return y;
}

/** The largest |y - z|, without the ends. */
function difference(y, z, ends = 200) {
  let largest = 0;
  for (let i = ends; i < y.length - ends; i++) largest = Math.max(largest, Math.abs(y[i] - z[i]));
  return largest;
}

function a_tone_keeps_its_phase_and_level() {
  for (const from of RATES)
    for (const hz of [100, 1000, 3000]) {
      const y = resampled(sine(hz, from, from / 2), from, 16000);
      const error = difference(y, sine(hz, 16000, 8000));
      check(error < 1e-3, `${hz} Hz from ${from}: ${error}`);
    }
}

function what_a_model_cannot_hear_does_not_come_back_lower() {
  for (const hz of [8700, 10000, 15000, 20000]) {
    const y = resampled(sine(hz, 48000, 24000), 48000, 16000);
    const level = difference(y, new Float32Array(8000));
    check(level < 1e-3, `${hz} Hz: ${level}`);
  }
}

function every_second_has_as_many_samples_as_the_rate() {
  for (const from of RATES)
    for (const n of [0, 1, 127, 128, 129, 5000, from])
      same(resampled(new Float32Array(n), from, 16000).length, Math.ceil((n * 16000) / from), `${n} from ${from}`);
}

function samples_do_not_depend_on_the_size_of_pushes() {
  const x = sine(440, 44100, 5000);
  const expected = resampled(x, 44100, 16000);
  for (const sizes of [[1], [7], [128, 1, 50]]) same(resampled(x, 44100, 16000, sizes), expected, `pushes of ${sizes}`);
}

function what_is_missing_moves_what_comes_after_it() {
  for (const from of RATES)
    for (const nMissing of [1, 128, 1000]) {
      const resampler = new Resampler(from, 16000, MOST);
      const room = new Float32Array(resampler.most(resampler.half + MOST));
      const x = sine(500, from, 128 * 40 + nMissing);
      let n = 0;
      for (let i = 0; i < 20; i++) n += resampler.push(x.subarray(128 * i), 128, room);
      n += resampler.skip(nMissing);
      same(n, Math.ceil(((2560 + nMissing) * 16000) / from), `${nMissing} from ${from}: the next sample`);
      const y = [];
      for (let i = 20; i < 40; i++)
        y.push(...room.subarray(0, resampler.push(x.subarray(128 * i + nMissing), 128, room)));
      const ends = Math.ceil((40 * 16000) / Math.min(from, 16000));
      const error = difference(y, sine(500, 16000, n + y.length).subarray(n), ends);
      check(error < 1e-3, `${nMissing} from ${from}: ${error}`);
    }
}

await claims(a_tone_keeps_its_phase_and_level, what_a_model_cannot_hear_does_not_come_back_lower,
  every_second_has_as_many_samples_as_the_rate, samples_do_not_depend_on_the_size_of_pushes,
  what_is_missing_moves_what_comes_after_it);
