// SPDX-License-Identifier: MIT
// The page of voq report in Chromium: what people see, point at and print.

import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Skip, check, claims, same } from '../web/tap.mjs';
import { Browser } from '../web/browser.mjs';

const [VOQ, SOURCE] = process.argv.slice(2).map((path) => resolve(path));
const SPEECH = join(SOURCE, 'tests/data/5652-19215-0032-pcm.wav');
const NAMES = ['4406-16882-0036', '5652-19215-0010'];
const folder = mkdtempSync(join(tmpdir(), 'voq-report-'));
// The palette of the microphone page, under a name that is a module in every Node.
copyFileSync(join(SOURCE, 'tools/web/page-palette.js'), join(folder, 'palette.mjs'));
const { places, unitRgb } = await import(pathToFileURL(join(folder, 'palette.mjs')));
const hasBrowser = spawnSync('chromium', ['--version']).error === undefined;
let browser = null;

const voq = (...words) => execFileSync(VOQ, words, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });

/** Two recordings with phones in c, without in d, and a page about each. */
function prepare() {
  const phones = readFileSync(join(SOURCE, 'tests/data/phones.ctm'), 'utf8').split('\n');
  for (const to of ['c', 'd']) mkdirSync(join(folder, to));
  for (const name of NAMES)
    for (const to of ['c', 'd'])
      copyFileSync(join(SOURCE, `tests/data/${name}.flac`), join(folder, to, `${name}.flac`));
  writeFileSync(join(folder, 'c/phones.ctm'),
    phones.filter((line) => NAMES.includes(line.split(' ')[0])).map((line) => `${line}\n`).join(''));
  writeFileSync(join(folder, 'log'), '{"epoch": 1, "loss": 3}\n{"epoch": 2, "loss": 2}\n');
  voq('report', 'mfcc-100', 'lda-100', 'c', '-q', '--audio', '--bootstrap', '20', '--log', 'log', '-o', 'c.html');
  voq('report', 'mfcc-100', 'd', '-q', '-n', '1', '-o', 'd.html');
}

/** The page in a browser, with the addresses that it asked for in page.asked. */
async function open(options) {
  if (!hasBrowser) throw new Skip('chromium is not installed');
  browser ??= await Browser.launch('chromium', SPEECH);
  const page = await browser.open('about:blank', options);
  const hear = page.hear.bind(page);
  page.asked = [];
  page.hear = (method, params) => {
    if (method === 'Network.requestWillBeSent') page.asked.push(params.request.url);
    hear(method, params);
  };
  await page.send('Page.navigate', { url: `file://${folder}/c.html` });
  await page.until('document.readyState === "complete" && document.getElementById("tip")');
  return page;
}

const tip = (page) => page.run('document.getElementById("tip").hidden ? "" : document.getElementById("tip").innerText');

/** Until what was scrolled is drawn and told. */
const drawn = (page) => page.run('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');

/** Moves the pointer to a part of an element's width and height. */
async function point(page, selector, right, down) {
  await page.run(`document.querySelector('${selector}').scrollIntoView({ block: 'center' })`);
  await drawn(page);
  const { x, y } = await page.run(`(() => {
    const element = document.querySelector('${selector}');
    const box = element.getBoundingClientRect();
    return { x: box.left + ${right} * box.width, y: box.top + ${down} * box.height };
  })()`);
  await page.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x, y });
  return { x, y, button: 'left', clickCount: 1 };
}

async function click(page, selector, right, down) {
  const at = await point(page, selector, right, down);
  for (const type of ['mousePressed', 'mouseReleased']) await page.send('Input.dispatchMouseEvent', { type, ...at });
}

async function a_page_loads_nothing_and_has_no_errors() {
  for (const dark of [false, true]) {
    const page = await open({ dark });
    same(page.problems, [], 'errors in the console');
    same(page.asked.filter((url) => !url.startsWith('data:') && url !== `file://${folder}/c.html`), [], 'addresses');
    await page.close();
  }
}

async function pointing_at_the_map_shows_the_phones_of_the_unit() {
  const page = await open();
  await point(page, '.map', 0.5, 0.5);
  const { unit, phone, share } = await page.run(`(() => {
    const { phones, models: [{ columns }] } = JSON.parse(document.getElementById('units').textContent);
    const [unit, , ...cells] = columns[Math.floor(columns.length / 2)];
    let most = 0;
    let total = 0;
    for (let i = 1; i < cells.length; i += 2) {
      total += cells[i];
      if (cells[i] > cells[most + 1]) most = i - 1;
    }
    return { unit, phone: phones[cells[most]], share: cells[most + 1] / total };
  })()`);
  const said = (await tip(page)).split('\n');
  check(said[0].startsWith(`unit ${unit} `), `${said[0]} is not about unit ${unit}`);
  same(said[1], phone, 'the commonest phone');
  check(Math.abs(parseFloat(said[2]) - 100 * share) < 0.6, `${said[2]} is not ${share}`);
  check(said.some((line) => / s, \d+ frames?$/.test(line)), `${said} names no place where the unit is heard`);
  await page.close();
}

async function the_map_answers_to_keys_and_keeps_what_is_clicked() {
  const page = await open();
  await page.run('document.querySelector(".map").focus()');
  await drawn(page);
  await page.press('End');
  const last = await tip(page);
  await page.press('ArrowLeft');
  check(last && (await tip(page)).split('\n')[0] !== last.split('\n')[0], 'the arrow does not move');
  await click(page, '.map', 0.3, 0.2);
  const kept = await tip(page);
  await point(page, '.map', 0.9, 0.9);
  same(await tip(page), kept, 'the tip that was clicked');
  await page.press('Escape');
  same(await tip(page), '', 'the tip after Escape');
  await page.close();
}

async function pointing_at_a_run_shows_its_unit_in_every_model() {
  const page = await open();
  await point(page, '.stretch', 0.5, 0.7);
  const said = await tip(page);
  check(said.includes('mfcc-100, ') && said.includes('lda-100, '), `${said} does not name both models`);
  await point(page, 'h1', 0.5, 0.5);
  same(await tip(page), '', 'the tip of nothing');
  await point(page, '.scatter circle', 0.5, 0.5);
  check((await tip(page)).startsWith('unit '), 'a codeword says nothing');
  await page.close();
}

async function a_click_plays_from_there() {
  const page = await open();
  await page.until('document.querySelector("audio").readyState >= 1');
  await click(page, '.stretch', 0.5, 0.5);
  await page.until('document.querySelector("audio").currentTime > 1.5');
  check(await page.run('document.querySelector("audio").currentTime < 4'), 'played from elsewhere');
  await page.close();
}

async function a_phone_shows_the_page_without_scrolling_sideways() {
  const page = await open({ width: 390, height: 844 });
  same(await page.run('document.documentElement.scrollWidth'), 390, 'the width of the page');
  await page.close();
}

async function paper_is_light_and_has_no_controls() {
  const page = await open({ dark: true });
  await page.send('Emulation.setEmulatedMedia',
    { media: 'print', features: [{ name: 'prefers-color-scheme', value: 'dark' }] });
  const ink = await page.run('getComputedStyle(document.querySelector("h1")).color');
  check(ink.match(/\d+/g).every((part) => part < 60), `ink on paper is ${ink}`);
  same(await page.run('getComputedStyle(document.querySelector("audio")).display'), 'none', 'the player');
  const { data } = await page.send('Page.printToPDF', { printBackground: true });
  check(Buffer.from(data, 'base64').subarray(0, 5).toString() === '%PDF-', 'no PDF');
  await page.close();
}

async function without_phones_units_have_the_colours_of_the_microphone_page() {
  voq('convert', join(SOURCE, 'models/mfcc-100.voq'), '-o', 'codes.npy');
  const bytes = readFileSync(join(folder, 'codes.npy'));
  const start = 10 + bytes.readUInt16LE(8);
  const codewords = new Float32Array(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length));
  const place = places({ nCode: 100, dim: codewords.length / 100 }, codewords);
  const text = readFileSync(join(folder, 'd.html'), 'utf8');
  const circles = [...text.matchAll(/<circle data-u="(\d+)"[^>]* fill="(#\w+)"/g)];
  check(circles.length > 20, `only ${circles.length} units`);
  for (const [, unit, fill] of circles) {
    const expected = unitRgb(place[unit]).map((part) => part.toString(16).padStart(2, '0')).join('');
    same(fill, `#${expected}`, `the colour of unit ${unit}`);
  }
}

prepare();
await claims(a_page_loads_nothing_and_has_no_errors, pointing_at_the_map_shows_the_phones_of_the_unit,
  the_map_answers_to_keys_and_keeps_what_is_clicked, pointing_at_a_run_shows_its_unit_in_every_model,
  a_click_plays_from_there, a_phone_shows_the_page_without_scrolling_sideways, paper_is_light_and_has_no_controls,
  without_phones_units_have_the_colours_of_the_microphone_page);
await browser?.close();
rmSync(folder, { recursive: true, force: true });
