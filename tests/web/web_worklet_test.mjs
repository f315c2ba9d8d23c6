// SPDX-License-Identifier: MIT
// If this fails, a page with a microphone gets other units than the recording has, or at another time.

import { join } from 'node:path';
import { check, claims, same } from './tap.mjs';
import { Model, PACKAGE, Voq, made, module, shipped, speech, wasm } from './recordings.mjs';
import { contextAt } from './fake_audio.mjs';

const WORKLET = join(PACKAGE, 'voq-worklet.js');
const quanta = speech.subarray(0, speech.length - (speech.length % 128));
const bytes = Uint8Array.from(shipped('lda-100')).buffer;
const expected = new Model(module, bytes).encode(quanta);

/** A node in a context at rateHz, and the messages that it posts. */
async function nodeAt(rateHz, options = { wasm: module, model: bytes }) {
  const context = await contextAt(rateHz, WORKLET);
  const messages = [];
  return { context, messages, node: context.node('voq', options, (message) => messages.push(message)) };
}

const ofType = (messages, type) => messages.filter((message) => message.type === type);
const idsOf = (messages) => ofType(messages, 'units').flatMap(({ units }) => [...units]);

async function quanta_become_the_units_of_the_recording() {
  for (const code of [module, Uint8Array.from(wasm).buffer]) {
    const { context, messages, node } = await nodeAt(16000, { wasm: code, model: bytes });
    check(context.render(node, [quanta]), 'it stopped');
    node.request({ type: 'finish' });
    same(idsOf(messages), expected);
    same(messages[0], { type: 'ready', info: new Model(module, bytes).info, rateHz: 16000, resampled: false });
    same(messages.at(-1), { type: 'finished', nUnit: expected.length, badSamples: 0 });
    check(!context.render(node, [quanta]), 'it goes on after the end');
    same(idsOf(messages).length, expected.length);
  }
}

async function every_message_has_the_time_of_its_first_unit() {
  const { context, messages, node } = await nodeAt(16000);
  context.render(node, null, 1280); // before the first source
  context.render(node, [quanta]);
  let next = 0;
  for (const { first, time, units } of ofType(messages, 'units')) {
    same(first, next);
    check(Math.abs(time - (0.08 + first * 0.01)) < 1e-9, `unit ${first} is at ${time}`);
    next += units.length;
  }
  check(next > expected.length - 10, `${next} units`);
}

async function channels_are_mixed_to_their_mean() {
  const { context, messages, node } = await nodeAt(16000);
  const loud = quanta.map((x) => 1.5 * x);
  const soft = quanta.map((x, i) => 2 * x - loud[i]);
  context.render(node, [loud, soft]);
  node.request({ type: 'finish' });
  const nSame = idsOf(messages).filter((id, i) => id === expected[i]).length; // sums of floats are rounded
  check(nSame > 0.98 * expected.length, `${nSame} of ${expected.length} units`);
}

async function time_without_a_source_is_a_gap() {
  const { context, messages, node } = await nodeAt(16000);
  context.render(node, [quanta.subarray(0, 12800)]);
  context.render(node, null, 1280);
  context.render(node, [quanta.subarray(14080)]);
  node.request({ type: 'finish' });
  const [gap] = ofType(messages, 'gap');
  same(gap, { type: 'gap', samples: 1280, next: 88, time: 0.88, why: 'device' });
  const later = ofType(messages, 'units').filter(({ first }) => first >= 88);
  same(later[0].first, 88);
  same(messages.at(-1).nUnit, expected.length);
}

async function a_moment_of_zeros_before_the_source_is_there_does_not_count() {
  for (const rateHz of [16000, 48000]) {
    const { context, messages, node } = await nodeAt(rateHz);
    context.render(node, [new Float32Array(256)]);
    context.render(node, null, 1280);
    const x = rateHz === 16000 ? quanta : tone(rateHz, 1).subarray(0, 47872);
    context.render(node, [x]);
    node.request({ type: 'finish' });
    same(ofType(messages, 'gap'), []);
    check(Math.abs(ofType(messages, 'units')[0].time - 1536 / rateHz) < 1e-9, 'the time of the first unit');
    if (rateHz === 16000) same(idsOf(messages), expected);
    same(messages.at(-1).nUnit, Math.floor((x.length * 16000) / rateHz / 160 + 0.5));
  }
}

async function frames_that_the_browser_skipped_are_a_gap() {
  const { context, messages, node } = await nodeAt(16000);
  context.render(node, [quanta.subarray(0, 1280)]);
  globalThis.currentFrame += 1600;
  context.render(node, [quanta.subarray(0, 1280)]);
  same(ofType(messages, 'gap'), [{ type: 'gap', samples: 1600, next: 18, time: 0.18, why: 'device' }]);
}

async function a_gap_that_the_page_reports_is_kept() {
  const { context, messages, node } = await nodeAt(16000);
  node.request({ type: 'gap', frames: 500 }); // before the first sample nothing can be missing
  context.render(node, [quanta.subarray(0, 1280)]);
  node.request({ type: 'gap', frames: 800, why: 'suspended' });
  context.render(node, [quanta.subarray(0, 1280)]);
  node.request({ type: 'gap', frames: 0, why: 'muted' });
  context.render(node, null, 1280);
  context.render(node, [quanta.subarray(0, 1280)]);
  node.request({ type: 'gap', frames: 160 });
  context.render(node, [quanta.subarray(0, 1280)]);
  same(ofType(messages, 'gap').map(({ samples, next, why }) => [samples, next, why]),
    [[800, 13, 'suspended'], [1280, 29, 'muted'], [160, 38, 'device']]);
}

/** A tone that rises from 300 Hz by 800 Hz per second. */
function tone(rateHz, seconds) {
  const at = (t) => 0.3 * Math.sin(2 * Math.PI * (300 + 400 * t) * t);
  return Float32Array.from({ length: rateHz * seconds }, (_, i) => at(i / rateHz));
}

async function another_rate_is_resampled_and_said() {
  const reference = new Model(module, bytes).encode(tone(16000, 2));
  for (const rateHz of [48000, 44100, 96000]) {
    const { context, messages, node } = await nodeAt(rateHz);
    same([messages[0].rateHz, messages[0].resampled], [rateHz, true]);
    const x = tone(rateHz, 2);
    context.render(node, [x.subarray(0, x.length - (x.length % 128))]);
    node.request({ type: 'finish' });
    const ids = idsOf(messages);
    check(Math.abs(ids.length - 200) <= 1, `${rateHz}: ${ids.length} units`);
    const equal = ids.filter((id, i) => id === reference[i]).length;
    check(equal > 180, `${rateHz}: ${equal} of ${ids.length} units`);
  }
}

async function a_gap_at_another_rate_keeps_the_time() {
  const { context, messages, node } = await nodeAt(48000);
  const x = tone(48000, 1).subarray(0, 47872);
  context.render(node, [x]);
  context.render(node, null, 12800);
  context.render(node, [x]);
  const [gap] = ofType(messages, 'gap');
  const after = Math.ceil((47872 + 12800) / 3 / 160);
  same([gap.next, gap.time.toFixed(9)], [after, (after / 100).toFixed(9)]);
}

// A page that keeps what the model heard can save it, and the command then finds the same units.
async function the_samples_that_enter_the_model_are_posted_where_asked() {
  for (const rateHz of [16000, 48000]) {
    const { context, messages, node } = await nodeAt(rateHz, { wasm: module, model: bytes, audio: true });
    const x = tone(rateHz, 1).subarray(0, rateHz - (rateHz % 128));
    context.render(node, [x]);
    context.render(node, null, 1280);
    context.render(node, [x]);
    node.request({ type: 'finish' });
    const stream = new Model(module, bytes).stream();
    const ids = [];
    for (const message of messages) {
      if (message.type === 'audio') ids.push(...stream.push(message.samples));
      if (message.type === 'gap') ids.push(...stream.gap(message.samples));
    }
    same([...ids, ...stream.finish()], idsOf(messages));
  }
  const { context, messages, node } = await nodeAt(16000);
  context.render(node, [quanta]);
  same(ofType(messages, 'audio'), []);
}

async function a_failure_is_posted_with_its_sentence() {
  for (const [options, text, status] of [
    [{ wasm: module, model: new ArrayBuffer(9) }, /not a voq model|magic/, 4],
    [{ wasm: module, model: Uint8Array.from(made('whole')).buffer }, /not possible with this model/, 9],
    [{ wasm: new ArrayBuffer(3), model: bytes }, /./, 0],
  ]) {
    const { context, messages, node } = await nodeAt(16000, options);
    same([messages.length, messages[0].type, messages[0].status], [1, 'error', status]);
    check(text.test(messages[0].message), messages[0].message);
    check(!context.render(node, [quanta]), 'it goes on');
  }
  const { messages, node } = await nodeAt(16000);
  node.request({ type: 'pause' });
  same(messages[1].message, 'unknown message "pause"; the messages are gap and finish');
}

// 128 samples are 8 ms; garbage of every call would in the end be collected in the audio thread.
async function process_allocates_nothing_but_its_messages() {
  const context = await contextAt(48000, WORKLET);
  let nMessage = 0;
  const node = context.node('voq', { wasm: module, model: bytes }, () => { nMessage++; });
  const x = tone(48000, 1).subarray(0, 128);
  const inputs = [[x]];
  const run = (n) => {
    for (let i = 0; i < n; i++) {
      node.processor.process(inputs);
      globalThis.currentFrame += 128;
    }
  };
  run(60000);
  globalThis.gc();
  nMessage = 0;
  const before = process.memoryUsage().heapUsed;
  run(6000);
  const perMessage = (process.memoryUsage().heapUsed - before) / nMessage;
  console.log(`# ${nMessage} messages in 6000 calls, ${perMessage.toFixed(0)} bytes each`);
  check(perMessage < 1000, `${perMessage} bytes per message`);
}

await claims(quanta_become_the_units_of_the_recording, every_message_has_the_time_of_its_first_unit,
  channels_are_mixed_to_their_mean, time_without_a_source_is_a_gap,
  a_moment_of_zeros_before_the_source_is_there_does_not_count, frames_that_the_browser_skipped_are_a_gap,
  a_gap_that_the_page_reports_is_kept, another_rate_is_resampled_and_said, a_gap_at_another_rate_keeps_the_time,
  the_samples_that_enter_the_model_are_posted_where_asked, a_failure_is_posted_with_its_sentence,
  process_allocates_nothing_but_its_messages);
