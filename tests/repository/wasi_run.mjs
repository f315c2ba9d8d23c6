// SPDX-License-Identifier: MIT
// node wasi_run.mjs PROGRAM.wasm FOLDER ARGUMENT...: runs a program that sees the files of FOLDER.
import { WASI } from 'node:wasi';
import { readFile } from 'node:fs/promises';

const [program, folder, ...args] = process.argv.slice(2);
const wasi = new WASI({ version: 'preview1', args: [program, ...args], preopens: { '.': folder }, returnOnExit: true });
const module = await WebAssembly.compile(await readFile(program));
process.exitCode = wasi.start(await WebAssembly.instantiate(module, { wasi_snapshot_preview1: wasi.wasiImport }));
