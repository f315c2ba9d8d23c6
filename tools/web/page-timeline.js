// SPDX-License-Identifier: MIT
// The axis of time that people move along: it follows the sound, is zoomed, has a cursor and a selected stretch, by
// mouse, touch and keyboard. For screen readers it is a slider whose text is the unit at the cursor.

import { Drawing } from './page-drawing.js';

const PIXELS_PER_SECOND = 190; // at the start
const CLOSEST = 0.12; // seconds of a view
const HOLD_MS = 350; // a finger that rests this long selects; one that moves before scrolls
const CLICK = 4; // pixels

export class Timeline {
  recording = null;
  units = null;
  colours = [];
  playhead = null;
  follows = true;
  cursor = null; // seconds
  selection = null; // [from, to] in seconds
  from = 0;
  span = 6;
  #element;
  #drawing;
  #told; // the functions moved, play
  #isDue = false;
  #pointers = new Map();
  #drag = null; // { mode: 'select' | 'scroll' | 'pinch', at, from, span, hold }

  constructor(element, told) {
    this.#element = element;
    this.#told = told;
    this.#drawing = new Drawing(element.querySelector('canvas'));
    new ResizeObserver(() => this.#resize()).observe(element);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.#drawing.restyle();
      this.redraw();
    });
    element.addEventListener('keydown', (event) => this.#press(event));
    element.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    for (const type of ['pointerdown', 'pointermove', 'pointerup', 'pointercancel'])
      element.addEventListener(type, (event) => this.#point(event));
    this.#drawing.resize();
    this.span = this.#drawing.width / PIXELS_PER_SECOND;
    this.redraw();
  }

  #resize() {
    const before = this.#drawing.width;
    this.#drawing.resize();
    if (before) this.span *= this.#drawing.width / before;
    this.#draw();
  }

  /** Another take, or other units of the same one. */
  show(recording, units, colours) {
    if (recording !== this.recording) {
      [this.from, this.cursor, this.selection, this.playhead, this.follows] = [0, null, null, null, true];
      this.span = this.#drawing.width / PIXELS_PER_SECOND;
    }
    [this.recording, this.units, this.colours] = [recording, units, colours];
    this.redraw();
  }

  /** Draws with the next frame of the screen. */
  redraw() {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#draw();
    });
  }

  #draw() {
    if (this.follows) this.from = Math.max(0, this.end - this.span);
    this.#drawing.draw(this);
    this.#describe();
  }

  get end() {
    return this.recording?.seconds ?? 0;
  }

  /** The run that the cursor is on, from and to in seconds; null without a cursor. */
  get atCursor() {
    if (this.cursor === null || !this.units?.n) return null;
    const i = Math.min(Math.floor(this.cursor / this.units.unitSeconds + 1e-9), this.units.n - 1);
    const { first, end } = this.units.runAt(i);
    const id = this.units.textOf(i);
    const label = id && this.units.width === 1 ? this.units.label(Number(id)) : '';
    return { id, label, from: first * this.units.unitSeconds, to: end * this.units.unitSeconds };
  }

  /** What is played: the selection, or from the cursor on. */
  get stretch() {
    return this.selection ?? [this.cursor ?? 0, this.end];
  }

  #describe() {
    const here = this.atCursor;
    const e = this.#element;
    e.setAttribute('aria-valuemax', this.end.toFixed(2));
    e.setAttribute('aria-valuenow', (this.cursor ?? this.end).toFixed(2));
    e.setAttribute('aria-valuetext', !here ? `${this.end.toFixed(1)} seconds`
      : `${here.from.toFixed(2)} seconds, ${here.id ? `unit ${here.id} ${here.label}` : 'missing'}, ` +
        `${(here.to - here.from).toFixed(2)} seconds long`);
    this.#told.moved();
  }

  /** Around the seconds `at`, which stay where they are; without them, to the cursor. */
  zoom(factor, at = null) {
    const most = Math.max(this.end, this.#drawing.width / PIXELS_PER_SECOND);
    const span = Math.min(most, Math.max(CLOSEST, this.span * factor));
    const share = at === null ? 0.5 : (at - this.from) / this.span;
    if (at === null && this.follows && this.cursor === null) this.#look(this.end - span, span);
    else this.#look((at ?? this.cursor ?? this.from + this.span / 2) - share * span, span);
  }

  /** The whole take. */
  fit() {
    this.#look(0, Math.max(CLOSEST, this.end));
  }

  #look(from, span = this.span) {
    this.span = span;
    this.from = Math.max(0, Math.min(from, this.end - span));
    this.follows = this.from + span >= this.end - 1e-6;
    this.redraw();
  }

  scrollTo(seconds) {
    if (seconds < this.from || seconds > this.from + this.span) this.#look(seconds - this.span * 0.1);
  }

  #moveTo(seconds, selects) {
    const anchor = this.#anchor(selects);
    this.cursor = Math.min(Math.max(0, seconds), this.end);
    this.selection = selects && anchor !== this.cursor
      ? [Math.min(anchor, this.cursor), Math.max(anchor, this.cursor)] : null;
    if (this.cursor < this.from) this.#look(this.cursor - this.span * 0.1);
    else if (this.cursor > this.from + this.span) this.#look(this.cursor - this.span * 0.9);
    this.redraw();
  }

  /** The end of the selection that stays where it is. */
  #anchor(selects) {
    if (!selects || !this.selection) return this.cursor ?? this.from;
    const [a, b] = this.selection;
    return this.cursor === a ? b : a;
  }

  /** To the beginning of the next run, or of this or the last one. */
  #step(direction, selects) {
    const here = this.atCursor;
    if (!here) return this.#moveTo(direction > 0 ? this.from : this.from + this.span, selects);
    if (direction > 0) return this.#moveTo(here.to, selects);
    if (this.cursor > here.from + 1e-6) return this.#moveTo(here.from, selects);
    const { unitSeconds } = this.units;
    const before = this.units.runAt(Math.max(0, Math.round(here.from / unitSeconds) - 1));
    return this.#moveTo(before.first * unitSeconds, selects);
  }

  #press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = {
      ArrowRight: () => this.#step(1, event.shiftKey),
      ArrowLeft: () => this.#step(-1, event.shiftKey),
      PageDown: () => this.#moveTo((this.cursor ?? this.from) + this.span, event.shiftKey),
      PageUp: () => this.#moveTo((this.cursor ?? this.from) - this.span, event.shiftKey),
      Home: () => this.#moveTo(0, event.shiftKey),
      End: () => this.#moveTo(this.end, event.shiftKey),
      '+': () => this.zoom(0.7),
      '=': () => this.zoom(0.7),
      '-': () => this.zoom(1 / 0.7),
      0: () => this.fit(),
      ' ': () => this.#told.play(),
      Enter: () => this.#told.play(),
      Escape: () => { this.selection = null; },
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
    this.redraw();
  }

  #wheel(event) {
    const across = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX;
    if (event.ctrlKey) this.zoom(Math.exp(event.deltaY * 0.008), this.#secondsAt(event));
    else if (Math.abs(across) > Math.abs(event.deltaY) || event.shiftKey)
      this.#look(this.from + (across / this.#drawing.width) * this.span);
    else return;
    event.preventDefault();
  }

  #secondsAt({ clientX }) {
    const { left, width } = this.#element.getBoundingClientRect();
    return this.from + ((clientX - left) / width) * this.span;
  }

  #point(event) {
    const points = this.#pointers;
    if (event.type === 'pointerdown') {
      this.#element.setPointerCapture(event.pointerId);
      points.set(event.pointerId, event);
      this.#begin(event);
    } else if (points.has(event.pointerId)) {
      points.set(event.pointerId, event);
      if (event.type === 'pointermove') this.#move(event);
      else this.#letGo(event);
    }
  }

  #begin(event) {
    clearTimeout(this.#drag?.hold);
    const [a, b] = [...this.#pointers.values()];
    const at = this.#secondsAt(event);
    this.#drag = { mode: event.pointerType === 'touch' ? 'wait' : 'select', at, x: event.clientX, from: this.from,
      span: this.span };
    if (b) Object.assign(this.#drag, { mode: 'pinch', width: Math.abs(a.clientX - b.clientX) || 1 });
    const drag = this.#drag;
    if (drag.mode === 'wait') drag.hold = setTimeout(() => { drag.mode = 'select'; }, HOLD_MS);
  }

  #move(event) {
    const drag = this.#drag;
    if (!drag) return;
    const moved = event.clientX - drag.x;
    if (drag.mode === 'wait' && Math.abs(moved) > CLICK) {
      clearTimeout(drag.hold);
      drag.mode = 'scroll';
    }
    if (drag.mode === 'scroll') this.#look(drag.from - (moved / this.#drawing.width) * drag.span);
    if (drag.mode === 'pinch') {
      const [a, b] = [...this.#pointers.values()];
      this.zoom(drag.width / (Math.abs(a.clientX - b.clientX) || 1) / (this.span / drag.span), drag.at);
    }
    if (drag.mode === 'select' && (drag.isLong ||= Math.abs(moved) > CLICK)) {
      const to = Math.min(Math.max(0, this.#secondsAt(event)), this.end);
      this.selection = [Math.min(drag.at, to), Math.max(drag.at, to)];
      this.cursor = this.selection[0];
      this.redraw();
    }
  }

  #letGo(event) {
    const drag = this.#drag;
    this.#pointers.delete(event.pointerId);
    clearTimeout(drag?.hold);
    this.#drag = null;
    if (event.type === 'pointercancel' || !drag || drag.isLong) return;
    if (drag.mode === 'select' || drag.mode === 'wait') this.#moveTo(drag.at, event.shiftKey);
  }
}
