// SPDX-License-Identifier: MIT
// If this fails, somebody who opens the microphone page sees other units than the command finds in the same sound, or
// cannot use the page.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Skip, check, claims, same } from './tap.mjs';
import { MODELS, PACKAGE, ROOT, golden, speech } from './recordings.mjs';
import { Browser, until } from './browser.mjs';

const COMMAND = join(ROOT, 'build/tools/voq');
const SPEECH = join(ROOT, 'tests/data/5652-19215-0032-pcm.wav');
const FORMATS = { gslm: 'gslm', jsonl: 'jsonl', TextGrid: 'textgrid' };

// Keeps what the page opens, and a context asleep while `asleep`.
const WATCH = `
  window.contexts = [];
  window.tracks = [];
  window.AudioContext = class extends AudioContext {
    constructor(options) {
      super(options);
      contexts.push(this);
    }
    resume() { return window.asleep ? Promise.resolve() : super.resume(); }
  };
  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (wanted) => {
    const media = await open(wanted);
    tracks.push(...media.getTracks());
    return media;
  };`;

const hasBrowser = spawnSync('chromium', ['--version']).error === undefined;
let browser = null;
let server = null;
let address = '';

/** The server that the page's README names, and a browser. */
async function begin() {
  server = spawn('python3', ['-u', '-m', 'http.server', '0', '--bind', '127.0.0.1', '-d', PACKAGE],
    { stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  server.stdout.on('data', (text) => { said += text; });
  const [, port] = await until(() => said.match(/port (\d+) /), 'the server');
  address = `http://127.0.0.1:${port}/`;
  browser = await Browser.launch('chromium', SPEECH);
}

async function open(options) {
  if (!hasBrowser) throw new Skip('chromium is not installed');
  if (!browser) await begin();
  const page = await browser.open(address, { script: WATCH, ...options });
  await page.until('!document.getElementById("start").disabled');
  return page;
}

const click = (page, id) => page.run(`document.getElementById("${id}").click()`);
const text = (page, id) => page.run(`document.getElementById("${id}").textContent`);
const attribute = (page, name) => page.run(`document.getElementById("timeline").getAttribute("aria-${name}")`);
const isLive = (page) => page.until('document.getElementById("pause").textContent === "Pause"' +
  '&& !document.getElementById("pause").disabled');
const hasEnded = (page) => page.until('!document.querySelector("[data-save]").disabled');

/** Waits until the take is so many seconds longer. */
async function hear(page, seconds) {
  const before = Number(await attribute(page, 'valuemax'));
  await page.until(`Number(document.getElementById("timeline").ariaValueMax) > ${before + seconds}`);
}

/** Saves a file by its button and returns its path. */
async function saved(page, kind, nFile = 1) {
  const before = browser.saved.length;
  await page.run(`document.querySelector('[data-save="${kind}"]').click()`);
  await until(() => browser.saved.length === before + nFile, `a ${kind} file`);
  return browser.saved[before];
}

/** What the command writes for a file. */
function commandOf(file, format, model = join(ROOT, 'models/lda-100.voq')) {
  if (!existsSync(COMMAND)) throw new Skip(`${COMMAND} is not built`);
  return execFileSync(COMMAND, ['encode', '--quiet', '-m', model, '-f', format, file], { encoding: 'utf8' });
}

/** Every format of the take that is there has the bytes of the command for the sound of the take. */
async function sameAsTheCommand(page, { nGap = 0, model, formats = FORMATS } = {}) {
  const sound = await saved(page, 'wav', nGap ? 2 : 1);
  if (nGap) check(existsSync(`${sound}.gaps`), 'the list of gaps is not saved');
  for (const [suffix, format] of Object.entries(formats))
    same(readFileSync(await saved(page, suffix), 'utf8'), commandOf(sound, format, model), suffix);
  return sound;
}

/** The gaps in the records of a take: [why, frames]. */
async function gapsOf(page) {
  const records = readFileSync(await saved(page, 'jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  return records.filter(({ gap }) => gap !== undefined).map(({ why, gap }) => [why, gap]);
}

async function drop(page, name, bytes) {
  await page.run(`{
    const bytes = Uint8Array.from(atob("${Buffer.from(bytes).toString('base64')}"), (c) => c.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], ${JSON.stringify(name)}));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }`);
}

async function close(page) {
  same(page.problems, [], 'what the console of the page reports');
  await page.close();
}

async function units_are_those_of_the_command_for_the_sound_that_was_recorded() {
  const page = await open();
  await click(page, 'start');
  await isLive(page);
  await hear(page, 1.5);
  await click(page, 'pause');
  await page.until('document.getElementById("status").textContent === "Paused"');
  await click(page, 'pause');
  await isLive(page);
  await hear(page, 1.5);
  check(/^\d+$/.test(await text(page, 'units')) && /^\d+ ms$/.test(await text(page, 'latency')), 'no figures');
  same(await text(page, 'ahead'), '57.5 ms');
  await click(page, 'start');
  await hasEnded(page);
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
  const page = await open({ script: refusing });
  await click(page, 'start');
  await isLive(page);
  await page.until('/ Hz are resampled/.test(document.getElementById("status").textContent)');
  await hear(page, 1.5);
  await click(page, 'start');
  await hasEnded(page);
  await sameAsTheCommand(page, { nGap: (await gapsOf(page)).length, formats: { gslm: 'gslm' } });
  await close(page);
}

async function time_in_which_the_browser_stood_still_is_a_gap() {
  const page = await open();
  await click(page, 'start');
  await isLive(page);
  await hear(page, 1);
  await page.run('asleep = true; contexts[0].suspend().then(() => new Promise((awake) => setTimeout(awake, 700)))');
  await page.run('asleep = false; contexts[0].resume()');
  await hear(page, 1.5);
  await click(page, 'start');
  await hasEnded(page);
  const gaps = await gapsOf(page);
  const frames = gaps.reduce((sum, [why, n]) => sum + (why === 'suspended' ? n : 0), 0); // it may come in two parts
  check(frames >= 60, `the gaps are ${JSON.stringify(gaps)}`);
  await sameAsTheCommand(page, { nGap: gaps.length });
  await close(page);
}

async function a_muted_microphone_and_one_that_has_gone_are_gaps() {
  const page = await open();
  await click(page, 'start');
  await isLive(page);
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
  await click(page, 'start');
  await hasEnded(page);
  const gaps = await gapsOf(page);
  for (const wanted of ['muted', 'ended'])
    check(gaps.some(([why, frames]) => why === wanted && frames >= 20), `the gaps are ${JSON.stringify(gaps)}`);
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

async function another_model_analyses_the_same_take() {
  const page = await open();
  const names = await page.run('[...document.getElementById("model").options].map(({ text }) => text.split(":")[0])');
  same(names.sort(), golden.map(({ name }) => name).sort(), 'models of the page');
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
    await sameAsTheCommand(page, { model: join(MODELS, `${name}.voq`), formats: { jsonl: 'jsonl', TextGrid: 'textgrid' } });
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

async function everything_is_done_by_keyboard() {
  const page = await open();
  const stops = [];
  for (let i = 0; i < 12; i++) {
    await page.press('Tab');
    stops.push(await page.run('document.activeElement.id || document.activeElement.tagName'));
  }
  same(stops.slice(0, 5), ['start', 'open', 'model', 'microphone', 'timeline']);
  await page.run('document.getElementById("start").focus()');
  await page.press(' ');
  await isLive(page);
  await hear(page, 1);
  await page.press(' ');
  await hasEnded(page);
  await page.run('document.getElementById("timeline").focus()');
  await page.press('Home');
  const texts = [];
  for (let i = 0; i < 5; i++) {
    await page.until(`document.getElementById("timeline").ariaValueText !== "${texts.at(-1)}"`);
    texts.push(await attribute(page, 'valuetext'));
    await page.press('ArrowRight', i > 2 ? 8 : 0);
  }
  const runs = texts.slice(1).map((line) => Number(line.match(/^(\d+\.\d\d) seconds, (?:unit \d+|missing)/)[1]));
  check(runs.every((at, i) => i === 0 || at > runs[i - 1]), `the cursor is at ${runs}`);
  await page.until('/ s selected/.test(document.getElementById("here").textContent)');
  await page.press('End');
  await page.press('Home', 8);
  await page.press(' ');
  same(await text(page, 'play'), 'Stop playing');
  await page.press(' ');
  await page.until('document.getElementById("play").textContent === "Play"');
  await page.press('Escape');
  await page.until('!/selected/.test(document.getElementById("here").textContent)');
  await close(page);
}

/** The place of a share of the timeline's width, in its middle, and what a pointer does there. */
async function placeOn(page, share) {
  return page.run(`(() => {
    const { left, top, width, height } = document.getElementById("timeline").getBoundingClientRect();
    return { x: Math.round(left + ${share} * width), y: Math.round(top + height / 2) };
  })()`);
}

async function a_stretch_is_selected_by_mouse_and_played() {
  const page = await open({ script: `${WATCH}
    window.played = [];
    const start = AudioBufferSourceNode.prototype.start;
    AudioBufferSourceNode.prototype.start = function () {
      played.push([...this.buffer.getChannelData(0)]);
      start.call(this);
    };` });
  await drop(page, 'speech.wav', readFileSync(SPEECH));
  await hasEnded(page);
  for (const [type, share] of [['mousePressed', 0.2], ['mouseMoved', 0.3], ['mouseMoved', 0.6], ['mouseReleased', 0.6]])
    await page.send('Input.dispatchMouseEvent', { type, ...await placeOn(page, share), button: 'left', buttons: 1,
      clickCount: 1 });
  await page.until('/ s selected/.test(document.getElementById("here").textContent)');
  const seconds = Number((await text(page, 'here')).match(/(\d+\.\d+) s selected/)[1]);
  await click(page, 'play');
  const [sound] = await page.run('played');
  check(Math.abs(sound.length / 16000 - seconds) < 0.02, `${sound.length} samples, ${seconds} seconds selected`);
  const at = speech.findIndex((_, i) => sound.slice(0, 500).every((value, j) => Math.abs(value - speech[i + j]) < 1e-4));
  check(Math.abs(at / speech.length - 0.2) < 0.01, `the stretch begins at sample ${at}`);
  await page.until('document.getElementById("play").textContent === "Play"');
  await close(page);
}

async function touch(page, type, ...points) {
  await page.send('Input.dispatchTouchEvent', { type, touchPoints: points });
}

async function a_finger_scrolls_and_two_zoom() {
  const page = await open({ width: 390, height: 844 });
  const long = Buffer.concat([readFileSync(SPEECH), ...Array(3).fill(readFileSync(SPEECH).subarray(44))]);
  long.writeUInt32LE(long.length - 8, 4);
  long.writeUInt32LE(long.length - 44, 40);
  await drop(page, 'long.wav', long);
  await hasEnded(page);
  const tap = async (share) => {
    await touch(page, 'touchStart', await placeOn(page, share));
    await touch(page, 'touchEnd');
    await page.run('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
    return Number(await attribute(page, 'valuenow'));
  };
  const before = [await tap(0.1), await tap(0.9)];
  await touch(page, 'touchStart', await placeOn(page, 0.8));
  for (const share of [0.7, 0.6, 0.5, 0.4]) await touch(page, 'touchMove', await placeOn(page, share));
  await touch(page, 'touchEnd');
  const scrolled = [await tap(0.1), await tap(0.9)];
  check(scrolled[0] > before[0] + 0.2 && scrolled[1] > before[1] + 0.2, `from ${before} to ${scrolled}`);
  await touch(page, 'touchStart', { id: 0, ...await placeOn(page, 0.45) });
  await touch(page, 'touchStart', { id: 0, ...await placeOn(page, 0.45) }, { id: 1, ...await placeOn(page, 0.55) });
  for (const apart of [0.1, 0.2, 0.3])
    await touch(page, 'touchMove', { id: 0, ...await placeOn(page, 0.45 - apart) },
      { id: 1, ...await placeOn(page, 0.55 + apart) });
  await touch(page, 'touchEnd');
  const zoomed = [await tap(0.1), await tap(0.9)];
  check(zoomed[1] - zoomed[0] < (before[1] - before[0]) / 3, `from ${scrolled} to ${zoomed}`);
  await close(page);
}

async function everything_has_a_name_for_screen_readers() {
  const page = await open();
  const { nodes } = await page.send('Accessibility.getFullAXTree');
  const controls = nodes.filter(({ role }) => ['button', 'combobox', 'slider', 'status'].includes(role?.value));
  check(controls.length >= 14, `${controls.length} controls`);
  for (const { role, name } of controls)
    check(role.value === 'status' || name?.value, `a ${role.value} has no name`);
  same(controls.find(({ role }) => role.value === 'slider').description.value.slice(0, 15), 'On the timeline');
  await close(page);
}

async function a_microphone_that_is_refused_or_missing_is_one_plain_sentence() {
  for (const [name, sentence] of [
    ['NotAllowedError', 'The browser does not let this page use the microphone; allow it in the address bar, or open ' +
      'a file.'],
    ['NotFoundError', 'There is no microphone; connect one, or open a file.'],
  ]) {
    const page = await open({ script: `navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException("text of the browser", "${name}"));` });
    await click(page, 'start');
    await page.until('document.getElementById("status").className === "bad"');
    same(await text(page, 'status'), sentence);
    check(await page.run('!document.getElementById("start").disabled'), 'it cannot be tried again');
    await close(page);
  }
}

async function sound_cannot_leave_the_page() {
  const page = await open();
  const refused = await page.run(`(async () => {
    const violations = [];
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => violations.push(effectiveDirective));
    await fetch("models.json").catch(() => {});
    await fetch("https://127.0.0.2/").catch(() => {});
    navigator.sendBeacon("sound", "sound");
    try { new WebSocket("ws://127.0.0.1/"); } catch {}
    document.body.append(Object.assign(new Image(), { src: "sound.png" }));
    const frame = Object.assign(document.createElement("iframe"), { src: "https://127.0.0.2/" });
    document.body.append(frame);
    const form = Object.assign(document.createElement("form"), { action: "sound", method: "post" });
    document.body.append(form);
    form.submit();
    await new Promise((later) => setTimeout(later, 300));
    return violations;
  })()`);
  same([...new Set(refused)].sort(), ['connect-src', 'form-action', 'frame-src', 'img-src']);
  check(refused.filter((name) => name === 'connect-src').length >= 4, `only ${refused} were refused`);
  await page.close();
}

async function the_page_fits_a_phone_and_is_readable_in_light_and_dark() {
  for (const dark of [false, true]) {
    const page = await open({ width: 390, height: 844, dark });
    same(await page.run('document.documentElement.scrollWidth'), 390, 'width of the page');
    const ratios = await page.run(`(() => {
      const style = getComputedStyle(document.body);
      const light = (name) => {
        const rgb = style.getPropertyValue("--" + name).trim().replace(/^#(.)(.)(.)$/, "#$1$1$2$2$3$3");
        const [r, g, b] = [1, 3, 5].map((at) => (parseInt(rgb.slice(at, at + 2), 16) / 255) ** 2.2);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
      return [["ink", "ground"], ["soft", "ground"], ["soft", "paper"], ["bad", "ground"], ["on-accent", "accent"]]
        .map(([a, b]) => ratio(a, b));
    })()`);
    check(ratios.every((ratio) => ratio > 4.5), `contrasts are ${ratios}`);
    await close(page);
  }
}

/** How many colours the picture has. */
async function coloursOf(page) {
  await page.run('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
  return page.run(`(() => {
    const { width, height } = document.querySelector("canvas");
    const { data } = document.querySelector("canvas").getContext("2d").getImageData(0, 0, width, height);
    return new Set(new Uint32Array(data.buffer)).size;
  })()`);
}

async function the_picture_is_there_again_after_the_window_was_hidden_or_resized() {
  const page = await open();
  await drop(page, 'speech.wav', readFileSync(SPEECH));
  await hasEnded(page);
  check((await coloursOf(page)) > 200, 'there is no spectrogram');
  for (const display of ['none', 'block']) {
    await page.run(`document.body.style.display = "${display}"`);
    await coloursOf(page);
  }
  check((await coloursOf(page)) > 200, 'the picture is lost by hiding');
  await page.send('Emulation.setDeviceMetricsOverride', { width: 500, height: 700, deviceScaleFactor: 3, mobile: false });
  check((await coloursOf(page)) > 200, 'the picture is lost by resizing');
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
  const page = await open();
  await click(page, 'start');
  await isLive(page);
  const before = await leastMemoryOf(page, 4);
  await hear(page, 6);
  const grown = (await leastMemoryOf(page, 4)) - before;
  console.log(`# ${(before / 1e6).toFixed(1)} MB, and ${grown} bytes more after 10 seconds`);
  check(grown < 300000, `${grown} bytes more after 10 seconds, whose sound has 640000`);
  await close(page);
}

try {
  await claims(units_are_those_of_the_command_for_the_sound_that_was_recorded,
    a_browser_that_keeps_its_rate_is_resampled_and_the_units_are_those_of_the_saved_sound,
    time_in_which_the_browser_stood_still_is_a_gap, a_muted_microphone_and_one_that_has_gone_are_gaps,
    a_file_that_is_dropped_has_the_units_of_the_command, another_model_analyses_the_same_take, a_model_that_needs_the_whole_signal_takes_files_only,
    everything_is_done_by_keyboard, a_stretch_is_selected_by_mouse_and_played, a_finger_scrolls_and_two_zoom,
    everything_has_a_name_for_screen_readers,
    a_microphone_that_is_refused_or_missing_is_one_plain_sentence, sound_cannot_leave_the_page,
    the_page_fits_a_phone_and_is_readable_in_light_and_dark,
    the_picture_is_there_again_after_the_window_was_hidden_or_resized, listening_needs_no_more_memory_after_a_while);
} finally {
  await browser?.close();
  server?.kill();
}
