// SPDX-License-Identifier: MIT
// Chromium without a window, driven over its DevTools protocol through a pipe: no package is needed but the browser.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const WAIT_MS = 60000; // for what must happen; a busy machine is slow
const FLAGS = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking',
  '--disable-dev-shm-usage', '--no-first-run', '--mute-audio', '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required', '--remote-debugging-pipe'];

export const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Waits until test() is something true and returns it. */
export async function until(test, what) {
  for (const end = Date.now() + WAIT_MS; Date.now() < end; await pause(40)) {
    const value = await test();
    if (value) return value;
  }
  throw new Error(`waited in vain for ${what}`);
}

/** A running browser, whose microphone hears a WAV file again and again. */
export class Browser {
  static async launch(program, wav) {
    const folder = mkdtempSync(join(tmpdir(), 'voq-browser-'));
    const browser = new Browser();
    browser.downloads = join(folder, 'downloads');
    const flags = [`--user-data-dir=${join(folder, 'profile')}`, `--use-file-for-fake-audio-capture=${wav}`];
    browser.process = spawn(program, [...FLAGS, ...flags, 'about:blank'],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    browser.ended = new Promise((resolve) => { browser.process.on('exit', resolve); });
    browser.folder = folder;
    browser.listen();
    await browser.send('Browser.setDownloadBehavior',
      { behavior: 'allow', downloadPath: browser.downloads, eventsEnabled: true });
    return browser;
  }

  saved = []; // paths of files, in the order in which they were complete
  nCall = 0;
  names = new Map(); // of files that are being saved
  calls = new Map();
  pages = new Map();

  listen() {
    const [, , , input, output] = this.process.stdio;
    this.input = input;
    let text = '';
    output.setEncoding('utf8');
    output.on('data', (more) => {
      const messages = (text + more).split('\0');
      text = messages.pop();
      messages.forEach((message) => this.hear(JSON.parse(message)));
    });
  }

  hear({ id, sessionId, method, params, result, error }) {
    if (method) this.pages.get(sessionId)?.hear(method, params);
    if (method === 'Browser.downloadWillBegin') this.names.set(params.guid, params.suggestedFilename);
    if (method === 'Browser.downloadProgress' && params.state === 'completed')
      this.saved.push(join(this.downloads, this.names.get(params.guid)));
    if (!this.calls.has(id)) return;
    const { resolve, reject, name } = this.calls.get(id);
    this.calls.delete(id);
    if (error) reject(new Error(`${name}: ${error.message}`));
    else resolve(result);
  }

  send(name, params = {}, sessionId = undefined) {
    const id = ++this.nCall;
    this.input.write(`${JSON.stringify({ id, method: name, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.calls.set(id, { resolve, reject, name }));
  }

  /** A page at an address; script runs in it before its own. */
  async open(url, { width = 1280, height = 900, dark = false, script = '' } = {}) {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const page = new Page(this, sessionId, targetId);
    this.pages.set(sessionId, page);
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await page.send(`${domain}.enable`);
    await page.send('Emulation.setDeviceMetricsOverride',
      { width, height, deviceScaleFactor: width < 600 ? 2 : 1, mobile: width < 600 });
    await page.send('Emulation.setEmulatedMedia',
      { features: [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }] });
    if (script) await page.send('Page.addScriptToEvaluateOnNewDocument', { source: script });
    await page.send('Page.navigate', { url });
    await until(() => page.run('document.readyState === "complete"'), url);
    return page;
  }

  async close() {
    await this.send('Browser.close').catch(() => {});
    await this.ended;
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export class Page {
  problems = []; // errors that the page did not expect, in its console

  constructor(browser, sessionId, targetId) {
    Object.assign(this, { browser, sessionId, targetId });
  }

  send(name, params) {
    return this.browser.send(name, params, this.sessionId);
  }

  hear(method, params) {
    if (method === 'Runtime.exceptionThrown')
      this.problems.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    if (method === 'Log.entryAdded' && params.entry.level === 'error') this.problems.push(params.entry.text);
  }

  /** The value of an expression in the page, which may be a promise. */
  async run(expression) {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate',
      { expression, awaitPromise: true, returnByValue: true, userGesture: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  async until(expression) {
    return until(() => this.run(expression), expression);
  }

  /** A key with its modifiers: 8 is Shift. */
  async press(key, modifiers = 0) {
    const codes = { ' ': 32, Enter: 13, Tab: 9, ArrowLeft: 37, ArrowRight: 39, Escape: 27, Home: 36, End: 35 };
    const text = { ' ': ' ', Enter: '\r' }[key] ?? (key.length === 1 ? key : undefined);
    const event = { key, code: key === ' ' ? 'Space' : key, text, modifiers, windowsVirtualKeyCode: codes[key] };
    await this.send('Input.dispatchKeyEvent', { type: text ? 'keyDown' : 'rawKeyDown', ...event });
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event, text: undefined });
  }

  async screenshot(options = {}) {
    const { data } = await this.send('Page.captureScreenshot', { format: 'png', ...options });
    return Buffer.from(data, 'base64');
  }

  async close() {
    await this.browser.send('Target.closeTarget', { targetId: this.targetId });
    this.browser.pages.delete(this.sessionId);
  }
}
