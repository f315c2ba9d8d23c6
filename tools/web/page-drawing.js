// SPDX-License-Identifier: MIT
// Draws a stretch of a take: spectrogram, units as coloured runs, an axis of time.

import { energyColours } from './page-palette.js';
import { NO_UNIT } from './page-take.js';

const LANE = 46; // CSS pixels, of the units
const AXIS = 26;
const SPACE = 8; // between spectrogram and units
const TICK = 84; // pixels between two labels of the axis, at least
const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300];
const QUIET = 0.25; // of all energies, as background
const LOUD = 0.998;
const LEAST_RANGE = 60; // bytes of energy, so that silence stays dark

/** Seconds as people read them, to the precision of step. */
export function clock(seconds, step = 1) {
  const digits = step >= 1 ? 0 : step >= 0.1 ? 1 : 2;
  const rounded = Number(seconds.toFixed(digits));
  if (rounded < 60) return `${rounded.toFixed(digits)}${digits ? '' : ' s'}`;
  const rest = (rounded % 60).toFixed(digits);
  return `${Math.floor(rounded / 60)}:${rest.padStart(digits ? digits + 3 : 2, '0')}`;
}

const WORDS = { muted: 'muted', ended: 'no microphone', suspended: 'suspended', device: 'lost' };

export class Drawing {
  #canvas;
  #context;
  #image = document.createElement('canvas');
  #hatch;
  #style = {};
  width = 0;
  height = 0;

  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d');
    this.restyle();
  }

  /** Reads the colours of the page, which follow its scheme. */
  restyle() {
    const style = getComputedStyle(this.#canvas);
    for (const name of ['ink', 'soft', 'line', 'paper', 'accent', 'font'])
      this.#style[name] = style.getPropertyValue(`--${name}`).trim();
    this.#hatch = null;
  }

  /** The size of the page's element in device pixels; while it is hidden, that of before. */
  resize() {
    const { width, height } = this.#canvas.getBoundingClientRect();
    if (!width || !height) return;
    const scale = window.devicePixelRatio || 1;
    [this.width, this.height] = [width, height];
    this.#canvas.width = Math.round(width * scale);
    this.#canvas.height = Math.round(height * scale);
    this.#context.setTransform(this.#canvas.width / width, 0, 0, this.#canvas.height / height, 0, 0);
  }

  /** view: { recording, units, colours, from, span, cursor, selection, playhead }. */
  draw(view) {
    const c = this.#context;
    c.fillStyle = this.#style.paper;
    c.fillRect(0, 0, this.width, this.height);
    const x = (seconds) => ((seconds - view.from) / view.span) * this.width;
    const bottom = this.height - LANE - AXIS - SPACE;
    if (view.recording) {
      this.#drawSpectrogram(view, bottom);
      this.#drawGaps(view, x, bottom);
    }
    if (view.units) this.#drawRuns(view, x, bottom + SPACE);
    this.#drawAxis(view, x);
    this.#drawMarks(view, x, bottom);
  }

  #drawSpectrogram({ recording, from, span }, height) {
    const perSecond = recording.rateHz / recording.columnSamples;
    const most = Math.ceil(this.width * (window.devicePixelRatio || 1));
    const nColumn = Math.ceil(span * perSecond) + 1;
    const step = Math.max(1, nColumn / most);
    const first = Math.floor((from * perSecond) / step) * step; // the same columns wherever the view begins
    const n = Math.ceil(nColumn / step) + 1;
    const image = this.#columnImage(recording, first, n, step);
    const x = ((first / perSecond - from) / span) * this.width;
    const c = this.#context;
    c.save();
    c.imageSmoothingEnabled = true;
    c.imageSmoothingQuality = 'high';
    c.drawImage(image, 0, 0, n, recording.nMel, x, 0, (n * step * this.width) / (span * perSecond), height);
    c.restore();
  }

  /** n columns from `first` on, every step-th one, low frequencies at the bottom. */
  #columnImage(recording, first, n, step) {
    const { nMel, columns, nColumn } = recording;
    const quiet = recording.quantile(QUIET);
    const loud = Math.max(recording.quantile(LOUD), quiet + LEAST_RANGE);
    const colours = energyColours(quiet, loud, this.#style.paper, this.#style.ink);
    if (this.#image.width !== n || this.#image.height !== nMel) [this.#image.width, this.#image.height] = [n, nMel];
    const context = this.#image.getContext('2d', { willReadFrequently: true });
    const image = context.createImageData(n, nMel);
    const pixels = new Uint32Array(image.data.buffer);
    for (let i = 0; i < n; i++) {
      const column = Math.floor(first + i * step);
      if (column < 0 || column >= nColumn || !columns[column * nMel]) continue;
      for (let m = 0; m < nMel; m++) pixels[(nMel - 1 - m) * n + i] = colours[columns[column * nMel + m]];
    }
    context.putImageData(image, 0, 0);
    return this.#image;
  }

  /** Missing audio: hatched, with its length and cause where there is room. */
  #drawGaps({ recording, from, span }, x, height) {
    const c = this.#context;
    let lost = 0;
    for (const gap of recording.gaps) {
      const a = (gap.sample + lost) / recording.rateHz;
      lost += gap.lost;
      const b = (gap.sample + lost) / recording.rateHz;
      if (b < from || a > from + span) continue;
      const width = Math.max(1, x(b) - x(a));
      c.fillStyle = this.#hatch ??= this.#makeHatch();
      c.fillRect(x(a), 0, width, height);
      const text = `${(b - a).toFixed(2)} s ${WORDS[gap.why]}`;
      this.#font(12);
      if (c.measureText(text).width + 16 > width) continue;
      this.#plate(text, x(a) + width / 2, height / 2);
    }
    c.strokeStyle = this.#style.soft;
    c.setLineDash([3, 3]);
    for (const sample of recording.pauses) this.#line(x(sample / recording.rateHz), 0, height + SPACE + LANE);
    c.setLineDash([]);
  }

  #makeHatch() {
    const tile = document.createElement('canvas');
    [tile.width, tile.height] = [8, 8];
    const c = tile.getContext('2d');
    c.strokeStyle = this.#style.soft;
    c.globalAlpha = 0.45;
    for (const shift of [-8, 0, 8]) {
      c.moveTo(shift - 1, 9);
      c.lineTo(shift + 9, -1);
    }
    c.stroke();
    return this.#context.createPattern(tile, 'repeat');
  }

  #font(size, weight = 400) {
    this.#context.font = `${weight} ${size}px ${this.#style.font}`;
  }

  /** A text on its own background, centred. */
  #plate(text, x, y) {
    const c = this.#context;
    const width = c.measureText(text).width + 12;
    c.fillStyle = this.#style.paper;
    c.fillRect(x - width / 2, y - 10, width, 20);
    c.fillStyle = this.#style.ink;
    c.textAlign = 'center';
    c.textBaseline = 'middle';
    c.fillText(text, x, y);
  }

  #drawRuns(view, x, top) {
    const { units, from, span } = view;
    const { unitSeconds } = units;
    const c = this.#context;
    const end = Math.min(units.n, Math.ceil((from + span) / unitSeconds));
    const step = Math.max(1, Math.floor(span / unitSeconds / this.width));
    c.textAlign = 'center';
    c.textBaseline = 'middle';
    for (let i = Math.max(0, Math.floor(from / unitSeconds / step) * step); i < end;) {
      const run = units.runAt(i);
      i = Math.ceil(Math.max(run.end, i + step) / step) * step;
      if (units.ids[run.first * units.width] === NO_UNIT) continue;
      this.#drawRun(view, x(run.first * unitSeconds), x(run.end * unitSeconds), top, run.first);
    }
  }

  #drawRun({ units, colours }, left, right, top, first) {
    const c = this.#context;
    const width = right - left;
    const { fill, ink } = colours[units.ids[first * units.width]];
    c.fillStyle = fill;
    c.fillRect(left, top, Math.max(width - (width > 4 ? 1 : 0), 0.5), LANE);
    const id = units.textOf(first);
    this.#font(12, 600);
    if (width < 14 || c.measureText(id).width + 5 > width) return;
    const label = units.width === 1 ? units.label(units.ids[first]) : '';
    const x = Math.min(Math.max((left + right) / 2, Math.min(18, right - width / 2)), this.width);
    c.fillStyle = ink;
    c.fillText(id, x, top + (label ? LANE * 0.34 : LANE / 2));
    this.#font(11);
    if (label && c.measureText(label).width + 4 <= width) c.fillText(label, x, top + LANE * 0.7);
  }

  #drawAxis({ from, span }, x) {
    const c = this.#context;
    const step = STEPS.find((s) => (s / span) * this.width >= TICK) ?? STEPS.at(-1);
    const top = this.height - AXIS;
    this.#font(11.5);
    c.textBaseline = 'top';
    c.textAlign = 'left';
    for (let i = Math.ceil(Math.max(0, from) / step - 1e-9); i * step <= from + span; i++) {
      c.strokeStyle = this.#style.line;
      this.#line(x(i * step), top + 3, top + 9);
      c.fillStyle = this.#style.soft;
      if (x(i * step) < this.width - 34) c.fillText(clock(i * step, step), x(i * step) + 4, top + 8);
    }
  }

  #line(x, top, bottom) {
    const c = this.#context;
    c.beginPath();
    c.moveTo(Math.round(x) + 0.5, top);
    c.lineTo(Math.round(x) + 0.5, bottom);
    c.stroke();
  }

  #drawMarks({ selection, cursor, playhead }, x, bottom) {
    const c = this.#context;
    const height = bottom + SPACE + LANE;
    if (selection) {
      const [a, b] = selection.map(x);
      c.fillStyle = this.#style.accent;
      c.globalAlpha = 0.16;
      c.fillRect(a, 0, b - a, height);
      c.globalAlpha = 1;
      c.strokeStyle = this.#style.accent;
      c.lineWidth = 1;
      this.#line(a, 0, height);
      this.#line(b, 0, height);
    }
    if (cursor !== null) {
      c.strokeStyle = this.#style.ink;
      this.#line(x(cursor), 0, height + 4);
    }
    if (playhead !== null) {
      c.strokeStyle = this.#style.accent;
      c.lineWidth = 2;
      this.#line(x(playhead), 0, height + 4);
      c.lineWidth = 1;
    }
  }
}
