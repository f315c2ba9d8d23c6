// SPDX-License-Identifier: MIT
// If this fails, an editor offers what is not there, or marks what is there as an error.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, claims, same } from './tap.mjs';
import { PACKAGE, ROOT, Model, Stream, Voq, VoqError, golden, module, shipped } from './recordings.mjs';

const TYPES = readFileSync(join(PACKAGE, 'voq.d.ts'), 'utf8').replace(/\/\*\*.*?\*\//gs, '');

/** The names of the members of a class or an interface in voq.d.ts, sorted. */
function declared(kind, name) {
  const body = TYPES.match(new RegExp(`export ${kind} ${name}\\b[^{]*\\{(.*?)\\n\\}`, 's'))[1];
  return [...body.matchAll(/^ {2}(?:static |readonly )*(\w+)\??[(:]/gm)].map(([, member]) => member).sort();
}

const namesOf = (object) => Object.getOwnPropertyNames(object).sort();
const without = (names, ...others) => names.filter((name) => !others.includes(name));

function classes_have_the_members_that_their_types_name() {
  for (const type of [Model, Stream])
    same(without(declared('class', type.name), 'constructor', 'info'),
      without(namesOf(type.prototype), 'constructor', 'info'), type.name);
  check(declared('class', 'Model').includes('info'), 'info');
  same(declared('class', 'Voq'), without(namesOf(Voq), 'length', 'name', 'prototype'));
  same(without(declared('class', 'VoqError'), 'constructor'),
    without(Object.keys(new VoqError('text', 1)).sort(), 'name'));
}

function info_has_the_fields_that_its_type_names() {
  same(declared('interface', 'Info'), Object.keys(new Model(module, shipped('lda-100')).info).sort());
}

function numbers_of_cpus_and_statuses_are_those_of_the_header() {
  const header = readFileSync(join(ROOT, 'include/voq.h'), 'utf8');
  const script = readFileSync(join(PACKAGE, 'voq.js'), 'utf8');
  const number = (name) => Number(header.match(new RegExp(`${name} = (\\d+)`))[1]);
  const cpus = { auto: number('VOQ_CPU_AUTO'), scalar: number('VOQ_CPU_SCALAR'), wasm: number('VOQ_CPU_WASM') };
  for (const [name, cpu] of Object.entries(cpus)) check(script.includes(`${name}: ${cpu}`), `${name} is not ${cpu}`);
  check(script.includes(`STATUS_MEMORY = ${number('VOQ_ERROR_MEMORY')};`), 'the status of memory');
}

// The module numbers its fields; in the wrong order each would have the value of another.
function fields_of_info_have_their_own_values() {
  const { version, provenance, ...info } = new Model(module, shipped('lda-100'), { cpu: 'scalar' }).info;
  same(info, { rateHz: 16000, hopSamples: 160, windowSamples: 400, lookAheadSamples: 920, dim: 30, nCodebook: 1,
    nCode: 100, wholeSignal: false, nParameter: 0, name: 'lda-100',
    hash: golden.find(({ name }) => name === 'lda-100').hash, cpu: 'scalar' });
  check(provenance.includes('\nseed=1\n'), provenance);
  check(readFileSync(join(ROOT, 'meson.build'), 'utf8').includes(`version: '${version}'`), version);
}

await claims(classes_have_the_members_that_their_types_name, info_has_the_fields_that_its_type_names,
  numbers_of_cpus_and_statuses_are_those_of_the_header, fields_of_info_have_their_own_values);
