// SPDX-License-Identifier: MIT
// Files that the page saves, with the bytes that the command writes: `voq encode` of the WAV, with its list of gaps
// beside it, finds the same units.

import { NO_UNIT } from './page-take.js';

const FLOAT = 3; // format of a WAV file

/** Float32, one channel. */
export function wav({ samples, nSample, rateHz }) {
  const header = new DataView(new ArrayBuffer(58));
  const text = (at, letters) => [...letters].forEach((letter, i) => header.setUint8(at + i, letter.charCodeAt(0)));
  const u16 = (at, ...values) => values.forEach((value, i) => header.setUint16(at + 2 * i, value, true));
  const u32 = (at, ...values) => values.forEach((value, i) => header.setUint32(at + 4 * i, value, true));
  text(0, 'RIFF');
  u32(4, 50 + 4 * nSample);
  text(8, 'WAVEfmt ');
  u32(16, 18);
  u16(20, FLOAT, 1);
  u32(24, rateHz, 4 * rateHz);
  u16(32, 4, 32, 0);
  text(38, 'fact');
  u32(42, 4, nSample);
  text(50, 'data');
  u32(54, 4 * nSample);
  return new Blob([header, samples.subarray(0, nSample)], { type: 'audio/wav' });
}

/** Where a recording lost samples, as `voq live --record` lists it. */
export function gapList({ gaps }) {
  return gaps.map(({ sample, lost, why }) => `${sample}\t${lost}\t${why}\n`).join('');
}

/** The time of unit i, rounded to microseconds. */
function time(units, i) {
  const { hopSamples, rateHz } = units.info;
  const sample = i * hopSamples;
  const rest = sample % rateHz;
  const us = Math.floor((rest * 1000000 + Math.floor(rateHz / 2)) / rateHz);
  return `${Math.floor(sample / rateHz) + Math.floor(us / 1000000)}.${String(us % 1000000).padStart(6, '0')}`;
}

export function gslm(name, { ids, n, width }) {
  const first = [];
  for (let i = 0; i < n; i++) if (ids[i * width] !== NO_UNIT) first.push(ids[i * width]);
  return `${name}|${first.join(' ')}\n`;
}

export function jsonl(name, units) {
  const { ids, n, width, info } = units;
  const facts = { voq: 1, k: info.nCode, hop: info.hopSamples, rate: info.rateHz };
  if (width > 1) facts.cb = width;
  const lines = [JSON.stringify({ ...facts, model: info.hash, utt: name })];
  const gapAt = new Map(units.gaps.map((gap) => [gap.first, gap]));
  for (let i = 0; i < n; i++) {
    const gap = gapAt.get(i);
    const unit = ids.subarray(i * width, (i + 1) * width).join(',');
    if (gap) lines.push(`{"i":${i},"gap":${gap.next - i},"t":${time(units, i)},"why":"${gap.why}","lost":${gap.lost}}`);
    if (ids[i * width] !== NO_UNIT)
      lines.push(`{"i":${i},"t":${time(units, i)},"unit":${width > 1 ? `[${unit}]` : unit}}`);
  }
  return [...lines, `{"end":${n},"t":${time(units, n)}}\n`].join('\n');
}

/** The runs of one codebook, those that are missing included: { first, end, text }. */
function intervals({ ids, n, width, gaps }, codebook) {
  const runs = [];
  const starts = new Set(gaps.map(({ first }) => first));
  const idOf = (i) => ids[i * width + codebook];
  for (let i = 0; i < n; i++)
    if (i === 0 || idOf(i) !== idOf(i - 1) || starts.has(i))
      runs.push({ first: i, end: i + 1, text: idOf(i) === NO_UNIT ? '' : String(idOf(i)) });
    else runs.at(-1).end++;
  return runs;
}

export function textGrid(name, units) {
  const short = (i) => time(units, i).replace(/\.?0+$/, '');
  const bounds = (indent, first, end) => [`${indent}xmin = ${short(first)}`, `${indent}xmax = ${short(end)}`];
  const lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', '', ...bounds('', 0, units.n),
    'tiers? <exists>', `size = ${units.width}`, 'item []:'];
  for (let codebook = 0; codebook < units.width; codebook++) {
    const runs = intervals(units, codebook);
    lines.push(`    item [${codebook + 1}]:`, '        class = "IntervalTier"',
      `        name = "units${units.width > 1 ? codebook + 1 : ''}"`, ...bounds('        ', 0, units.n),
      `        intervals: size = ${runs.length}`);
    runs.forEach(({ first, end, text }, i) => lines.push(`        intervals [${i + 1}]:`,
      ...bounds('            ', first, end), `            text = "${text}"`));
  }
  return lines.join('\n') + '\n';
}

/** A name that every format takes: of a file, without its suffix. */
export function nameOf(file) {
  return file.replace(/(.)\.[^.]*$/, '$1').replace(/[|\s/\\:"]+/g, '_') || 'audio';
}

/** Offers a file to the user. */
export function save(name, content) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
