// SPDX-License-Identifier: MIT
// What the tests of the microphone page share: a server, Chromium, and what people do on the page.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Skip, check, claims, same } from './tap.mjs';
import { PACKAGE, ROOT } from './recordings.mjs';
import { Browser, until } from './browser.mjs';

const COMMAND = join(ROOT, 'build/tools/voq');
export const SPEECH = join(ROOT, 'tests/data/5652-19215-0032-pcm.wav');
const FORMATS = { gslm: 'gslm', jsonl: 'jsonl', TextGrid: 'textgrid' };

// Keeps what the page opens, and a context asleep while `asleep`.
export const WATCH = `
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

export async function open(options) {
  if (!hasBrowser) throw new Skip('chromium is not installed');
  if (!browser) await begin();
  const page = await browser.open(address, { script: WATCH, ...options });
  await page.until('!document.getElementById("start").disabled');
  return page;
}

export const click = (page, id) => page.run(`document.getElementById("${id}").click()`);
export const text = (page, id) => page.run(`document.getElementById("${id}").textContent`);
export const attribute = (page, name) => page.run(`document.getElementById("timeline").getAttribute("aria-${name}")`);
export const isLive = (page) => page.until('document.getElementById("pause").textContent === "Pause"' +
  '&& !document.getElementById("pause").disabled');
export const hasEnded = (page) => page.until('!document.querySelector("[data-save]").disabled');

/** Waits until the take is so many seconds longer. */
export async function hear(page, seconds) {
  const before = Number(await attribute(page, 'valuemax'));
  await page.until(`Number(document.getElementById("timeline").ariaValueMax) > ${before + seconds}`);
}

/** Saves a file by its button and returns its path. */
export async function saved(page, kind, nFile = 1) {
  const before = browser.saved.length;
  await page.run(`document.querySelector('[data-save="${kind}"]').click()`);
  await until(() => browser.saved.length === before + nFile, `a ${kind} file`);
  return browser.saved[before];
}

/** What the command writes for a file. */
export function commandOf(file, format, model = join(ROOT, 'models/phone-256.voq')) {
  if (!existsSync(COMMAND)) throw new Skip(`${COMMAND} is not built`);
  return execFileSync(COMMAND, ['encode', '--quiet', '-m', model, '-f', format, file], { encoding: 'utf8' });
}

/** Every format of the take that is there has the bytes of the command for the sound of the take. */
export async function sameAsTheCommand(page, { nGap = 0, model, formats = FORMATS } = {}) {
  const sound = await saved(page, 'wav', nGap ? 2 : 1);
  if (nGap) check(existsSync(`${sound}.gaps`), 'the list of gaps is not saved');
  for (const [suffix, format] of Object.entries(formats))
    same(readFileSync(await saved(page, suffix), 'utf8'), commandOf(sound, format, model), suffix);
  return sound;
}

/** The gaps in the records of a take: [why, frames]. */
export async function gapsOf(page) {
  const records = readFileSync(await saved(page, 'jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  return records.filter(({ gap }) => gap !== undefined).map(({ why, gap }) => [why, gap]);
}

export async function drop(page, name, bytes) {
  await page.run(`{
    const bytes = Uint8Array.from(atob("${Buffer.from(bytes).toString('base64')}"), (c) => c.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], ${JSON.stringify(name)}));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }`);
}

export async function close(page) {
  same(page.problems, [], 'what the console of the page reports');
  await page.close();
}

/** Runs claims, then ends the browser and the server. */
export async function claimsInBrowser(...list) {
  try {
    await claims(...list);
  } finally {
    await browser?.close();
    server?.kill();
  }
}
