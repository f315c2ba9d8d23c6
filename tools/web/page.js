// SPDX-License-Identifier: MIT
// The microphone page: its models, its states, its buttons.

import { Model, Voq } from './voq.js';
import { gapList, gslm, jsonl, nameOf, save, textGrid, wav } from './page-files.js';
import { Microphone, microphones, sentenceOf } from './page-microphone.js';
import { unitColours } from './page-palette.js';
import { Player } from './page-player.js';
import { Recording, Units, analyse } from './page-take.js';
import { Timeline } from './page-timeline.js';
import { Figures } from './page-figures.js';

const LONGEST = 600; // seconds of a take from a microphone
const SLICE_MS = 30; // of work between two looks at the screen
const PIECE = 160000; // samples

const $ = (id) => document.getElementById(id);
const models = []; // { model, bytes, colours }
let chosen = null; // of models
let wasm = null;
let logMel = null;
let phase = 'loading'; // idle, busy, live, paused, done
let recording = null;
let units = null;
let microphone = null;

const player = new Player({
  at: (seconds) => {
    timeline.playhead = seconds;
    timeline.scrollTo(seconds);
    timeline.redraw();
  },
  ended: () => {
    timeline.playhead = null;
    timeline.redraw();
    $('play').textContent = 'Play';
  },
});
const timeline = new Timeline($('timeline'), { moved: describeCursor, play });
const figures = new Figures((id, text) => { $(id).textContent = text; });

function say(text, isBad = false) {
  $('status').textContent = text;
  $('status').classList.toggle('bad', isBad);
}

/** While it is busy, what is focused stays enabled, or a keyboard would lose its place; it does nothing. */
function enter(next) {
  phase = next;
  const isOn = next === 'live' || next === 'paused';
  $('start').textContent = isOn ? 'Stop' : 'Start';
  $('start').dataset.does = isOn ? 'stop' : 'start';
  $('pause').disabled = !isOn;
  $('pause').textContent = next === 'paused' ? 'Resume' : 'Pause';
  $('open').disabled = $('model').disabled = isOn;
  $('model').value = models.indexOf(chosen);
  $('start').disabled = $('microphone').disabled = false;
  $('play').disabled = !recording || next === 'live' || next === 'busy';
  for (const button of document.querySelectorAll('[data-save]')) button.disabled = next !== 'done';
  $('empty').hidden = Boolean(recording) || next === 'busy';
}

function describeCursor() {
  const here = timeline.atCursor;
  const [a, b] = timeline.selection ?? [];
  const part = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  const parts = [];
  if (here?.id) parts.push(part('b', `Unit ${here.id}${here.label ? ` (${here.label})` : ''}`));
  else if (here) parts.push(part('b', 'Missing'));
  if (here) parts.push(part('span', `  ${here.from.toFixed(2)} to ${here.to.toFixed(2)} s`));
  if (timeline.selection) parts.push(part('span', `  ·  ${(b - a).toFixed(2)} s selected`));
  $('here').replaceChildren(...parts);
  figures.drawn(microphone);
}

function show() {
  timeline.show(recording, units, chosen.colours);
}

// ---- loading -------------------------------------------------------------------------------------

async function get(address) {
  const reply = await fetch(address);
  if (!reply.ok) throw new Error(`${address}: HTTP status ${reply.status}; serve the whole folder of the page`);
  return reply;
}

function addModel(bytes) {
  const model = new Model(wasm, bytes);
  const { name, nCode, nCodebook, hopSamples, rateHz } = model.info;
  if (!rateHz || !nCodebook) throw new Error(`${name} makes no units of sound; choose another model`);
  const codes = nCodebook > 1 ? `${nCodebook} × ${nCode}` : nCode;
  models.push({ model, bytes, colours: unitColours(model) });
  const text = `${name}: ${codes} units, ${Number(((1000 * hopSamples) / rateHz).toFixed(1))} ms`;
  $('model').add(new Option(text, models.length - 1));
}

/** From now on the page cannot send anything to anybody. */
function forbidConnections() {
  const policy = document.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content = "connect-src 'none'";
  document.head.append(policy);
}

async function load() {
  const names = await (await get('models.json')).json();
  wasm = await Voq.compile('voq.wasm');
  logMel = await Voq.load(wasm, 'log-mel.voq');
  for (const bytes of await Promise.all(names.map(async (name) => (await get(name)).arrayBuffer()))) addModel(bytes);
  forbidConnections();
  choose(models[0]);
  enter('idle');
  say('');
  await listMicrophones();
}

function choose(model) {
  chosen = model;
  const { lookAheadSamples, rateHz, wholeSignal } = chosen.model.info;
  figures.lookAhead = wholeSignal ? Infinity : lookAheadSamples / rateHz;
}

async function listMicrophones() {
  const list = navigator.mediaDevices ? await microphones() : [];
  const { value } = $('microphone');
  const options = list.map(({ label, deviceId }, i) => new Option(label || `Microphone ${i + 1}`, deviceId));
  $('microphone').replaceChildren(...(options.length ? options : [new Option('Default', '')]));
  if (list.some(({ deviceId }) => deviceId === value)) $('microphone').value = value;
}

// ---- a take from the microphone -------------------------------------------------------------------

/** The name of a take is its time. */
function stamp() {
  const now = new Date();
  return `voq-${new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 19).replace(/[T:]/g, '-')}`;
}

async function start() {
  const { model, bytes } = chosen;
  const { name, rateHz, wholeSignal } = model.info;
  if (wholeSignal) return say(`${name} needs the whole signal at once; open a file, or choose another model.`, true);
  player.stop();
  const before = phase;
  const capacity = LONGEST * rateHz;
  const take = { recording: new Recording(stamp(), rateHz, capacity, logMel), units: new Units(model, capacity),
    isSilent: false, note: '', problem: '' };
  const opened = new Microphone(hearing(take));
  enter('busy');
  say('Opening the microphone…');
  try {
    await opened.open($('microphone').value, { wasm, bytes, rateHz });
    if (take.problem) throw new Error(take.problem);
  } catch (error) {
    opened.close();
    enter(before);
    return say(sentenceOf(error), true);
  }
  ({ recording, units } = take);
  microphone = opened;
  figures.begin(units);
  show();
  enter('live');
  return listMicrophones();
}

/** What a microphone tells a take. */
function hearing(take) {
  return {
    ready: ({ rateHz, resampled }) => {
      take.note = resampled ? `Listening. The browser's ${rateHz} Hz are resampled.` : 'Listening';
      if (!take.isSilent) say(take.note);
    },
    audio: ({ samples }) => {
      take.recording.add(samples);
      if (take.recording.length >= take.recording.capacity) endFull(take);
      timeline.redraw();
    },
    units: ({ first, time, units: ids }) => {
      take.units.add(first, ids);
      figures.heard(time + (ids.length / take.units.width) * take.units.unitSeconds);
      timeline.redraw();
    },
    gap: ({ samples, next, why }) => {
      if (!take.recording.addGap(samples, why)) return endFull(take);
      take.units.addGap(next, samples, why);
      take.isSilent = false;
      return say(take.note);
    },
    silent: (why) => {
      take.isSilent = true;
      say(why === 'muted' ? 'The microphone is muted: what is said now is missing.'
        : 'The microphone has gone: what is said now is missing. Choose a microphone to go on, or stop.', true);
    },
    finished: ({ badSamples }) => endTake(take, badSamples ? `${badSamples} samples were no numbers.` : ''),
    error: ({ message }) => {
      take.problem = message;
      endTake(take, message);
    },
  };
}

function endTake(take, problem) {
  if (microphone === null) return;
  microphone.close();
  microphone = null;
  take.recording.finish();
  figures.end(take.units, take.recording.seconds);
  enter('done');
  say(problem || `${take.recording.seconds.toFixed(1)} seconds of sound.`, Boolean(problem));
  timeline.redraw();
}

/** The last sound did not fit, so what the model made of it does not count. */
async function endFull(take) {
  if (microphone === null) return;
  endTake(take, '');
  await analyseTake();
  say(`The take is full: ${LONGEST / 60} minutes. Start makes a new one.`);
}

async function pause() {
  if (phase === 'paused') {
    player.stop();
    await microphone.resume();
    enter('live');
    return say('Listening');
  }
  await microphone.pause();
  recording.pauses.push(recording.length);
  enter('paused');
  return say('Paused');
}

async function changeMicrophone() {
  if (!microphone) return;
  try {
    await microphone.replace($('microphone').value);
    say('Listening');
  } catch (error) {
    say(sentenceOf(error), true);
  }
}

// ---- a file ---------------------------------------------------------------------------------------

/** Lets the screen catch up, where work has taken a while. */
async function breathe(since) {
  if (performance.now() - since.begin < SLICE_MS) return;
  await new Promise((resolve) => setTimeout(resolve));
  since.begin = performance.now();
}

async function analyseTake() {
  const work = analyse(recording, chosen.model);
  const since = { begin: performance.now() };
  for (let step = work.next(); ; step = work.next()) {
    if (step.done) units = step.value;
    if (step.done) break;
    say(`Analysing: ${Math.round(100 * step.value)} %`);
    await breathe(since);
  }
  figures.end(units, recording.seconds);
  show();
}

/** One channel, at the rate of the model. */
async function decode(file, rateHz) {
  const audio = await new OfflineAudioContext(1, 1, rateHz).decodeAudioData(await file.arrayBuffer());
  const mono = audio.getChannelData(0).slice();
  for (let c = 1; c < audio.numberOfChannels; c++) audio.getChannelData(c).forEach((x, i) => { mono[i] += x; });
  return audio.numberOfChannels > 1 ? mono.map((x) => x / audio.numberOfChannels) : mono;
}

async function record(name, samples, rateHz) {
  const made = new Recording(name, rateHz, samples.length, logMel);
  const since = { begin: performance.now() };
  for (let at = 0; at < samples.length; at += PIECE) {
    made.add(samples.subarray(at, at + PIECE));
    await breathe(since);
  }
  made.finish();
  return made;
}

async function openFile(file) {
  if (phase === 'live' || phase === 'paused') return say('Stop the take first, then open the file.', true);
  if (phase === 'busy' || phase === 'loading') return undefined;
  const before = phase;
  player.stop();
  enter('busy');
  say(`Reading ${file.name}…`);
  try {
    await (file.name.endsWith('.voq') ? openModel(file) : openSound(file));
  } catch (error) {
    enter(before);
    return say(`${file.name}: ${error.name === 'EncodingError'
      ? 'the browser cannot decode this file; try WAV, FLAC, Ogg or MP3' : error.message}`, true);
  }
  return undefined;
}

async function openModel(file) {
  addModel(await file.arrayBuffer());
  enter(recording ? 'done' : 'idle');
  await changeModel(models.at(-1));
}

async function openSound(file) {
  const { rateHz } = chosen.model.info;
  const samples = await decode(file, rateHz);
  const begin = performance.now();
  recording = await record(nameOf(file.name), samples, rateHz);
  units = null;
  await analyseTake();
  timeline.follows = false;
  if (recording.seconds < 2 * timeline.span) timeline.fit();
  enter('done');
  say(`${file.name}: ${recording.seconds.toFixed(1)} seconds of sound, analysed in ` +
    `${((performance.now() - begin) / 1000).toFixed(2)} seconds.`);
}

/** The take, if there is one, is analysed by another model. */
async function changeModel(model) {
  if (phase !== 'busy') choose(model);
  enter(phase);
  if (phase !== 'done') return undefined;
  const { name, rateHz, wholeSignal } = model.model.info;
  if (rateHz !== recording.rateHz) return say(`${name} hears ${rateHz} Hz: open the file again, or start.`, true);
  if (wholeSignal && recording.gaps.length)
    return say(`${name} needs the whole signal, but this take has gaps.`, true);
  player.stop();
  enter('busy');
  await analyseTake();
  enter('done');
  return say(`The units are those of ${name}.`);
}

// ---- what people do -------------------------------------------------------------------------------

function play() {
  if ($('play').disabled) return;
  if (player.plays) {
    player.stop();
    return;
  }
  $('play').textContent = 'Stop playing';
  player.play(recording, ...timeline.stretch);
}

const FILES = {
  gslm: () => gslm(recording.name, units),
  jsonl: () => jsonl(recording.name, units),
  TextGrid: () => textGrid(recording.name, units),
  wav: () => wav(recording),
};

function download(kind) {
  save(`${recording.name}.${kind}`, FILES[kind]());
  if (kind === 'wav' && recording.gaps.length) save(`${recording.name}.wav.gaps`, gapList(recording));
}

$('start').onclick = () => {
  if (microphone) microphone.finish();
  else if (phase !== 'busy') start();
};
$('pause').onclick = pause;
$('open').onclick = () => $('file').click();
$('file').onchange = () => {
  if ($('file').files.length) openFile($('file').files[0]);
  $('file').value = '';
};
$('model').onchange = () => changeModel(models[$('model').value]);
$('microphone').onchange = changeMicrophone;
$('play').onclick = play;
$('out').onclick = () => timeline.zoom(1 / 0.6);
$('in').onclick = () => timeline.zoom(0.6);
$('fit').onclick = () => timeline.fit();
for (const button of document.querySelectorAll('[data-save]')) button.onclick = () => download(button.dataset.save);
navigator.mediaDevices?.addEventListener('devicechange', listMicrophones);
for (const type of ['dragover', 'dragleave', 'drop'])
  document.addEventListener(type, (event) => {
    event.preventDefault();
    document.querySelector('.take').classList.toggle('over', type === 'dragover');
    if (type === 'drop' && event.dataTransfer.files.length) openFile(event.dataTransfer.files[0]);
  });

load().catch((error) => say(error.message, true));
