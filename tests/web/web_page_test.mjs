// SPDX-License-Identifier: MIT
// If this fails, somebody cannot use the microphone page: without a mouse, without eyes, on a phone, without a
// microphone; or sound may leave it.

import { readFileSync } from 'node:fs';
import { check, same } from './tap.mjs';
import { speech } from './recordings.mjs';
import {
  attribute, claimsInBrowser, click, close, drop, hasEnded, hear, isLive, open, SPEECH, text, WATCH,
} from './page_in_browser.mjs';

const drawn = (page) => page.run('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');

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
  const begins = (i) => sound.slice(0, 500).every((value, j) => Math.abs(value - speech[i + j]) < 1e-4);
  const at = speech.findIndex((_, i) => begins(i));
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
    await drawn(page);
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
  await page.run(`(async () => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => violations.push(event.effectiveDirective));
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
  })()`);
  for (const refused of ['frame-src', 'img-src', 'form-action']) await page.until(`violations.includes("${refused}")`);
  await page.until('violations.filter((name) => name === "connect-src").length >= 4');
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
  await drawn(page);
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
    await drawn(page);
  }
  check((await coloursOf(page)) > 200, 'the picture is lost by hiding');
  await page.send('Emulation.setDeviceMetricsOverride',
    { width: 500, height: 700, deviceScaleFactor: 3, mobile: false });
  check((await coloursOf(page)) > 200, 'the picture is lost by resizing');
  await close(page);
}

await claimsInBrowser(everything_is_done_by_keyboard, a_stretch_is_selected_by_mouse_and_played,
  a_finger_scrolls_and_two_zoom, everything_has_a_name_for_screen_readers,
  a_microphone_that_is_refused_or_missing_is_one_plain_sentence, sound_cannot_leave_the_page,
  the_page_fits_a_phone_and_is_readable_in_light_and_dark,
  the_picture_is_there_again_after_the_window_was_hidden_or_resized);
