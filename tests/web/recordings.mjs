// SPDX-License-Identifier: MIT
// What the tests of tools/web share: the files that Meson names, a recording, hashes of units.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** PACKAGE: the folder with voq.js and voq.wasm; ROOT: the source; MODELS: the folder with models for tests. */
export const [PACKAGE, ROOT, MODELS] = process.argv.slice(2);
export const { Voq, Model, Stream, VoqError } = await import(pathToFileURL(join(PACKAGE, 'voq.js')));
export const wasm = readFileSync(join(PACKAGE, 'voq.wasm'));
export const module = await WebAssembly.compile(wasm);
export const hasSimd = new Model(module, readFileSync(join(MODELS, 'plain.voq'))).info.cpu === 'wasm';

/** The bytes of a model that is shipped, or of one that make_model makes. */
export const shipped = (name) => readFileSync(join(ROOT, 'models', `${name}.voq`));
export const made = (name) => readFileSync(join(MODELS, `${name}.voq`));

/** Name, hash and FNV-1a of the units of each shipped model, as tests/bits has them. */
export const golden = [...readFileSync(join(ROOT, 'tests/bits/shipped_models_test.c'), 'utf8')
  .matchAll(/\{"([\w-]+)", "(\w{16})", 0x(\w+)\}/g)].map(([, name, hash, units]) => ({ name, hash, units }));

function speechOf(path) {
  const file = readFileSync(path).subarray(44);
  return Float32Array.from({ length: file.length / 2 }, (_, i) => file.readInt16LE(2 * i) / 32768);
}
export const speech = speechOf(join(ROOT, 'tests/data/5652-19215-0032-pcm.wav'));

export function fnv(ids) {
  let hash = 14695981039346656037n;
  for (const byte of new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 1099511628211n);
  return hash.toString(16).padStart(16, '0');
}

/** The units of x in pushes of n samples. */
export function inPushes(stream, x, n) {
  const ids = [];
  for (let at = 0; at < x.length; at += n) ids.push(...stream.push(x.subarray(at, at + n)));
  ids.push(...stream.finish());
  return Uint32Array.from(ids);
}
