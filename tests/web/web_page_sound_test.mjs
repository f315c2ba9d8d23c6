// SPDX-License-Identifier: MIT
// If this fails, the microphone page shows or saves other units than the command finds in the same sound, or keeps the
// sound forever.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { check, same } from './tap.mjs';
import { MODELS, ROOT } from './recordings.mjs';
import {
  claimsInBrowser, click, close, commandOf, drop, gapsOf, hasEnded, hear, isLive, open, sameAsTheCommand, saved,
  SPEECH, text, WATCH,
} from './page_in_browser.mjs';

/** A page that listens to its microphone. */
async function listening(options) {
  const page = await open(options);
  await click(page, 'start');
  await isLive(page);
  return page;
}

async function stop(page) {
  await click(page, 'start');
  await hasEnded(page);
}

async function units_are_those_of_the_command_for_the_sound_that_was_recorded() {
  const page = await listening();
  await hear(page, 1.5);
  await click(page, 'pause');
  await page.until('document.getElementById("status").textContent === "Paused"');
  await click(page, 'pause');
  await isLive(page);
  await hear(page, 1.5);
  check(/^\d+$/.test(await text(page, 'units')) && /^\d+ ms$/.test(await text(page, 'latency')), 'no figures');
  same(await text(page, 'ahead'), '77.5 ms');
  await stop(page);
  const sound = readFileSync(await sameAsTheCommand(page, { nGap: (await gapsOf(page)).length }));
  check(sound.length > 3 * 64000 && sound.subarray(58).some((byte) => byte !== 0), 'there is no sound');
  await close(page);
}

async function a_browser_that_keeps_its_rate_is_resampled_and_the_units_are_those_of_the_saved_sound() {
  const refusing = `${WATCH}
    const connect = AudioContext.prototype.createMediaStreamSource;
    AudioContext.prototype.createMediaStreamSource = function (media) {
      if (this.sampleRate === 16000) throw new DOMException("other rates", "NotSupportedError");
      return connect.call(this, media);
    };`;
  const page = await listening({ script: refusing });
  await page.until('/ Hz are resampled/.test(document.getElementById("status").textContent)');
  await hear(page, 1.5);
  await stop(page);
  await sameAsTheCommand(page, { nGap: (await gapsOf(page)).length, formats: { gslm: 'gslm' } });
  await close(page);
}

async function time_in_which_the_browser_stood_still_is_a_gap() {
  const page = await listening();
  await hear(page, 1);
  await page.run('asleep = true; contexts[0].suspend().then(() => new Promise((awake) => setTimeout(awake, 700)))');
  await page.run('asleep = false; contexts[0].resume()');
  await hear(page, 1.5);
  await stop(page);
  const gaps = await gapsOf(page);
  const frames = gaps.reduce((sum, [why, n]) => sum + (why === 'suspended' ? n : 0), 0); // it may come in two parts
  check(frames >= 60, `the gaps are ${JSON.stringify(gaps)}`);
  await sameAsTheCommand(page, { nGap: gaps.length });
  await close(page);
}

async function a_muted_microphone_and_one_that_has_gone_are_gaps() {
  const page = await listening();
  await hear(page, 0.5);
  await page.run('tracks[0].dispatchEvent(new Event("mute"))');
  same(await text(page, 'status'), 'The microphone is muted: what is said now is missing.');
  await page.run('new Promise((later) => setTimeout(later, 300))');
  await page.run('tracks[0].dispatchEvent(new Event("unmute"))');
  await hear(page, 0.5);
  await page.run('tracks[0].stop(); tracks[0].dispatchEvent(new Event("ended"))');
  check((await text(page, 'status')).startsWith('The microphone has gone'), await text(page, 'status'));
  await page.run('new Promise((later) => setTimeout(later, 300))');
  await page.run('document.getElementById("microphone").dispatchEvent(new Event("change"))');
  await hear(page, 0.8);
  await stop(page);
  const gaps = await gapsOf(page);
  for (const wanted of ['muted', 'ended'])
    check(gaps.some(([why, frames]) => why === wanted && frames >= 5), `the gaps are ${JSON.stringify(gaps)}`);
  await sameAsTheCommand(page, { nGap: gaps.length });
  await close(page);
}

async function a_file_that_is_dropped_has_the_units_of_the_command() {
  const page = await open();
  await drop(page, '5652-19215-0032-pcm.wav', readFileSync(SPEECH));
  await hasEnded(page);
  check(/^5652-19215-0032-pcm.wav: \d/.test(await text(page, 'status')), await text(page, 'status'));
  await sameAsTheCommand(page);
  // The browser decodes a positive sample to x/32767, the command to x/32768.
  const ids = (line) => line.split('|')[1].trim().split(' ');
  const [got, expected] = [readFileSync(await saved(page, 'gslm'), 'utf8'), commandOf(SPEECH, 'gslm')].map(ids);
  const nSame = got.filter((id, i) => id === expected[i]).length;
  check(got.length === expected.length && nSame > 0.97 * got.length, `${nSame} of ${got.length} units`);
  await drop(page, 'notes.txt', 'no sound');
  await page.until('/the browser cannot decode/.test(document.getElementById("status").textContent)');
  check(!(await page.run('document.querySelector("[data-save]").disabled')), 'the take before is lost');
  await close(page);
}

const shippedNames = readdirSync(join(ROOT, 'models')).filter((name) => name.endsWith('.voq'))
  .map((name) => name.slice(0, -4)).sort();

async function another_model_analyses_the_same_take() {
  const page = await open();
  const names = await page.run('[...document.getElementById("model").options].map(({ text }) => text.split(":")[0])');
  same(names.sort(), shippedNames, 'models of the page');
  await drop(page, 'speech.wav', readFileSync(SPEECH));
  await hasEnded(page);
  const i = await page.run('[...document.getElementById("model").options].findIndex((o) => /^mfcc-500/.test(o.text))');
  await page.run(`{ const model = document.getElementById("model");
    model.value = ${i}; model.dispatchEvent(new Event("change")); }`);
  await page.until('document.getElementById("status").textContent === "The units are those of mfcc-500."');
  await sameAsTheCommand(page, { model: join(ROOT, 'models/mfcc-500.voq') });
  for (const name of ['two', 'encoder']) {
    await drop(page, `${name}.voq`, readFileSync(join(MODELS, `${name}.voq`)));
    names.push(name);
    await page.until(`document.getElementById("model").options.length === ${names.length} &&
      / those of /.test(document.getElementById("status").textContent)`);
    const formats = { jsonl: 'jsonl', TextGrid: 'textgrid' };
    await sameAsTheCommand(page, { model: join(MODELS, `${name}.voq`), formats });
  }
  await close(page);
}

async function a_model_that_needs_the_whole_signal_takes_files_only() {
  const page = await open();
  await drop(page, 'speech.wav', readFileSync(SPEECH));
  await hasEnded(page);
  await drop(page, 'whole.voq', readFileSync(join(MODELS, 'whole.voq')));
  await page.until('/ hears 22050 Hz: open the file again/.test(document.getElementById("status").textContent)');
  await drop(page, 'speech.wav', readFileSync(SPEECH));
  await page.until('/^speech.wav: /.test(document.getElementById("status").textContent)');
  await sameAsTheCommand(page, { model: join(MODELS, 'whole.voq') });
  await click(page, 'start');
  await page.until('/ needs the whole signal at once/.test(document.getElementById("status").textContent)');
  await close(page);
}

/** Bytes that the page uses, without garbage. */
async function memoryOf(page) {
  await page.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize } = await page.send('Runtime.getHeapUsage');
  return usedSize + backingStorageSize;
}

/** The least that the page uses in some seconds, in which what is collected late may come and go. */
async function leastMemoryOf(page, seconds) {
  const bytes = [];
  for (let i = 0; i < seconds; i++) {
    await hear(page, 1);
    bytes.push(await memoryOf(page));
  }
  return Math.min(...bytes);
}

async function listening_needs_no_more_memory_after_a_while() {
  const page = await listening();
  let before = await leastMemoryOf(page, 4);
  let grown = Infinity; // in ten seconds; the browser itself may need more once, sound that stays needs it every time
  for (let i = 0; i < 4 && grown > 300000; i++) {
    await hear(page, 6);
    const now = await leastMemoryOf(page, 4);
    grown = now - before;
    before = now;
    console.log(`# ${(now / 1e6).toFixed(1)} MB, ${grown} bytes more than 10 seconds ago`);
  }
  check(grown <= 300000, `${grown} bytes more every 10 seconds, whose sound has 640000`);
  await close(page);
}

await claimsInBrowser(units_are_those_of_the_command_for_the_sound_that_was_recorded,
  a_browser_that_keeps_its_rate_is_resampled_and_the_units_are_those_of_the_saved_sound,
  time_in_which_the_browser_stood_still_is_a_gap, a_muted_microphone_and_one_that_has_gone_are_gaps,
  a_file_that_is_dropped_has_the_units_of_the_command, another_model_analyses_the_same_take,
  a_model_that_needs_the_whole_signal_takes_files_only, listening_needs_no_more_memory_after_a_while);
