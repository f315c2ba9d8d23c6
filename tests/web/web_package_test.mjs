// SPDX-License-Identifier: MIT
// If this fails, `npm install voq` gives something that does not run, or its README shows what does not work.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Skip, check, claims, same } from './tap.mjs';
import { PACKAGE, ROOT, golden } from './recordings.mjs';
import { contextAt } from './fake_audio.mjs';

const README = readFileSync(join(ROOT, 'tools/web/README.md'), 'utf8');
/** The code in the README: of '', for Node, or of ' page'. */
const blocks = (kind) =>
  [...README.matchAll(new RegExp(`^\`\`\`js${kind}\\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => code);

const scratch = mkdtempSync(join(tmpdir(), 'voq-web-'));
process.on('exit', () => rmSync(scratch, { recursive: true }));

/** npm without network, in an empty folder; what it prints. */
function npm(...options) {
  const env = { ...process.env, npm_config_cache: join(scratch, 'cache'), npm_config_offline: 'true',
    npm_config_update_notifier: 'false', npm_config_audit: 'false', npm_config_fund: 'false' };
  try {
    return execFileSync('npm', options, { cwd: scratch, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    if (error.code === 'ENOENT') throw new Skip('npm is not installed');
    throw error;
  }
}

const run = (file) => execFileSync(process.execPath, [join(scratch, file)], { cwd: scratch, encoding: 'utf8' });

function the_package_holds_what_it_exports_and_its_licenses() {
  const [{ name, version, files }] = JSON.parse(npm('pack', '--json', PACKAGE));
  same(name, 'voq');
  check(readFileSync(join(ROOT, 'meson.build'), 'utf8').includes(`version: '${version}'`), version);
  const paths = files.map(({ path }) => path);
  same(paths.sort(), ['BSD-3-Clause', 'LICENSE', 'NOTICE', 'README.md', 'lda-100.md', 'lda-100.voq', 'package.json',
    'voq-resampler.js', 'voq-worklet.js', 'voq.d.ts', 'voq.js', 'voq.wasm'].sort());
  const exported = Object.values(JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')).exports);
  for (const path of exported.flatMap((target) => (typeof target === 'string' ? target : Object.values(target))))
    check(paths.includes(path.slice(2)), `${path} is exported, but not packed`);
}

function installed_in_an_empty_folder_the_lines_for_node_run() {
  npm('init', '--yes');
  npm('install', join(scratch, readdirSync(scratch).find((name) => name.endsWith('.tgz'))));
  const [code, ...others] = blocks('');
  same(others.length, 0);
  writeFileSync(join(scratch, 'example.mjs'), code);
  same(run('example.mjs'), 'lda-100 16000 160\n100 units\n');
  // A program of CommonJS gets the same by import().
  writeFileSync(join(scratch, 'example.cjs'), `import('voq').then(({ Voq }) => console.log(typeof Voq.load));`);
  same(run('example.cjs'), 'function\n');
  const { hash } = golden.find(({ name }) => name === 'lda-100');
  writeFileSync(join(scratch, 'hash.mjs'), code.replace('model.info.name', 'model.info.hash'));
  check(run('hash.mjs').startsWith(hash), 'another model is in the package');
}

/** What a page has: addresses relative to it, a microphone, Web Audio. */
function pageIn(folder, context) {
  const nodes = [];
  const page = {
    fetch: async (address) => new Response(readFileSync(join(folder, String(address)))),
    AudioContext: class {
      audioWorklet = { addModule: async (path) => check(statSync(join(folder, path)).isFile(), path) };
      createMediaStreamSource = () => ({ connect: (node) => check(nodes.includes(node), 'no node') });
    },
    AudioWorkletNode: class {
      constructor(_, name, { processorOptions }) {
        this.port = { postMessage: (data) => this.node.request(data) };
        this.queue = [];
        this.node = context.node(name, processorOptions, (data) => this.queue.push({ data }));
        nodes.push(this);
      }
    },
    mediaDevices: { getUserMedia: async () => ({}) },
  };
  return { page, nodes };
}

/** Runs a block of the page, from a folder as a server has it, then `use`, and returns what they print. */
async function printedBy(block, name, folder, page, use = () => {}) {
  const said = [];
  const names = ['fetch', 'AudioContext', 'AudioWorkletNode', 'console'];
  const kept = names.map((global) => globalThis[global]);
  names.slice(0, 3).forEach((global) => { globalThis[global] = page[global]; });
  const say = (...words) => said.push(words.join(' '));
  globalThis.console = { log: say, error: say };
  Object.defineProperty(globalThis, 'navigator', { value: page, configurable: true });
  writeFileSync(join(folder, name), block);
  try {
    await import(pathToFileURL(join(folder, name)));
    use();
  } finally {
    names.forEach((global, i) => { globalThis[global] = kept[i]; });
  }
  return said;
}

async function the_lines_for_a_page_run() {
  const folder = join(scratch, 'served');
  cpSync(PACKAGE, folder, { recursive: true, filter: (path) => !path.endsWith('.p') });
  const context = await contextAt(48000, join(folder, 'voq-worklet.js'));
  const { page, nodes } = pageIn(folder, context);
  const [load, microphone, ...others] = blocks(' page');
  same(others.length, 0);
  same(await printedBy(load, 'load.mjs', folder, page), ['a unit every 10 ms']);
  const printed = await printedBy(microphone, 'microphone.mjs', folder, page, () => {
    const [node] = nodes;
    context.render(node.node, [new Float32Array(48000)]);
    node.port.postMessage({ type: 'finish' });
    same([...new Set(node.queue.map(({ data }) => data.type))], ['ready', 'units', 'finished']);
    node.queue.forEach((message) => node.port.onmessage(message));
  });
  same(printed.flatMap((line) => line.match(/^\d\.\d\d((?: \d+)+)$/)[1].trim().split(' ')).length, 100);
}

function every_message_and_call_of_the_readme_is_in_the_types() {
  const types = readFileSync(join(PACKAGE, 'voq.d.ts'), 'utf8');
  const calls = [...README.matchAll(/^\| `(?:await )?(?:Voq|model|stream)\.(\w+)/gm)].map(([, call]) => call);
  const messages = [...README.matchAll(/^\| `\{ type: ('\w+')/gm)].map(([, type]) => type);
  check(calls.length >= 13 && messages.length === 6, `${calls} ${messages}`);
  for (const call of calls) check(new RegExp(`\\b${call}\\(|\\b${call}:`).test(types), call);
  for (const type of messages) check(types.includes(`type: ${type}`), type);
}

await claims(the_package_holds_what_it_exports_and_its_licenses,
  installed_in_an_empty_folder_the_lines_for_node_run, the_lines_for_a_page_run,
  every_message_and_call_of_the_readme_is_in_the_types);
