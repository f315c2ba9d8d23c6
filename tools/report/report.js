// SPDX-License-Identifier: MIT
// What the page answers to pointer and keys. Without a script everything is still drawn.
'use strict';

const data = JSON.parse(document.getElementById('units').textContent);
const tip = document.getElementById('tip');
const MOST_SHARES = 5;
let kept = false; // the tip stays until the next click

const element = (name, text, ...children) => {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
};

const drawn = (name, attributes) => {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

// ---- what is known of a unit

const columnOf = data.models.map(({ columns }) => new Map(columns.map((column, i) => [column[0], i])));
const nameOf = (model, unit) => model.names[unit] ?? String(unit);
const percent = (share) => `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;
const when = ({ seconds, frame }, n) => (seconds ? `${(n * frame).toFixed(2)} s` : `vector ${n * frame}`);

/** [phone, share] of a column of the map, the largest first. */
function phonesOf(column) {
  const found = [];
  let total = 0;
  for (let i = 2; i < column.length; i += 2) total += column[i + 1];
  for (let i = 2; i < column.length; i += 2) found.push([column[i], column[i + 1] / total]);
  return found.sort((a, b) => b[1] - a[1]);
}

function shareLine(row, share, isHere) {
  const bar = element('i');
  bar.style.width = `${100 * share}%`;
  const line = element('span', '', element('b', data.phones[row] || '(empty)'), bar, element('em', percent(share)));
  line.className = isHere ? 'share here' : 'share';
  return line;
}

function examplesOf(model, i) {
  const found = [];
  for (let k = 0; k < model.examples[i].length; k += 3) {
    const [utterance, first, n] = model.examples[i].slice(k, k + 3);
    const name = data.utterances[utterance];
    const text = `${name}, ${when(model, first)}, ${n} ${n === 1 ? 'frame' : 'frames'}`;
    if (!document.getElementById(`u-${name}`)) {
      found.push(element('span', text));
      continue;
    }
    const link = element('a', text);
    link.href = `#u-${encodeURIComponent(name)}`;
    found.push(element('span', '', link));
  }
  return found;
}

/** The lines of a tip about a unit; row is the phone that is pointed at, or undefined. */
function about(m, unit, row) {
  const model = data.models[m];
  const i = columnOf[m].get(unit);
  if (i === undefined) return [element('span', `unit ${nameOf(model, unit)}`)];
  const column = model.columns[i];
  const phones = phonesOf(column);
  const use = ` ${percent(column[1] / model.frames)} of the frames`;
  const lines = [element('div', '', element('b', `unit ${nameOf(model, unit)}`), use)];
  const most = phones.slice(0, MOST_SHARES);
  const here = phones.find(([phone]) => phone === row);
  if (row !== undefined && !most.includes(here)) most.push(here ?? [row, 0]);
  lines.push(...most.map(([phone, share]) => shareLine(phone, share, phone === row)));
  return lines;
}

// ---- the tip

function showTip(x, y, lines) {
  tip.replaceChildren(...lines);
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const left = x + 16 + width > innerWidth - 8 ? x - 16 - width : x + 16;
  const top = y + 16 + height > innerHeight - 8 ? y - 16 - height : y + 16;
  tip.style.left = `${Math.max(8, left)}px`;
  tip.style.top = `${Math.max(8, top)}px`;
}

function keep(on) {
  kept = on;
  tip.classList.toggle('kept', on);
  if (!on) tip.hidden = true;
}

addEventListener('keydown', (event) => { if (event.key === 'Escape') keep(false); });
addEventListener('click', (event) => { if (kept && !tip.contains(event.target)) keep(false); }, true);
addEventListener('scroll', () => { if (!kept) tip.hidden = true; }, { passive: true });

// ---- phones and units

function mark(map, i) {
  const bar = map.querySelector('.column') ?? map.appendChild(drawn('rect', { class: 'column', y: 0, width: 1 }));
  bar.setAttribute('height', map.viewBox.baseVal.height);
  bar.setAttribute('x', i);
}

for (const map of document.querySelectorAll('.map')) {
  const m = Number(map.dataset.model);
  const model = data.models[m];
  const labels = map.closest('.heat').querySelectorAll('.phones li');
  let at = 0;
  const show = (i, row, x, y) => {
    at = Math.min(model.columns.length - 1, Math.max(0, i));
    mark(map, at);
    labels.forEach((label, k) => label.classList.toggle('here', k === row));
    showTip(x, y, [...about(m, model.columns[at][0], row), ...examplesOf(model, at)]);
  };
  const pointed = (event) => {
    const box = map.getBoundingClientRect();
    const i = Math.floor(((event.clientX - box.left) / box.width) * model.columns.length);
    const row = Math.floor(((event.clientY - box.top) / box.height) * data.phones.length);
    show(i, Math.min(data.phones.length - 1, Math.max(0, row)), event.clientX, event.clientY);
  };
  const leave = () => {
    if (kept) return;
    tip.hidden = true;
    map.querySelector('.column')?.remove();
    labels.forEach((label) => label.classList.remove('here'));
  };
  map.addEventListener('pointermove', (event) => { if (!kept) pointed(event); });
  map.addEventListener('pointerleave', leave);
  map.addEventListener('blur', leave);
  map.addEventListener('click', (event) => { pointed(event); keep(true); });
  map.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (!step) return;
    event.preventDefault();
    const box = map.getBoundingClientRect();
    const i = Math.min(model.columns.length - 1, Math.max(0, at + step));
    show(i, undefined, box.left + ((i + 0.5) / model.columns.length) * box.width, Math.max(0, box.top));
  });
}

// ---- the codebook

for (const scatter of document.querySelectorAll('.scatter')) {
  scatter.addEventListener('pointermove', (event) => {
    if (kept) return;
    const unit = event.target.dataset.u;
    if (unit === undefined) tip.hidden = true;
    else showTip(event.clientX, event.clientY, about(Number(scatter.dataset.model), Number(unit)));
  });
  scatter.addEventListener('pointerleave', () => { if (!kept) tip.hidden = true; });
}

// ---- utterances

/** The runs of each model: [unit or null, first frame, frames]. */
function runsOf(article) {
  return article.dataset.runs.split('|').map((text) => {
    let first = 0;
    return text.split(' ').filter(Boolean).map((run) => {
      const [unit, n] = run.split(':');
      first += Number(n);
      return [unit === '-' ? null : Number(unit), first - Number(n), Number(n)];
    });
  });
}

const timeAt = (stretch, event) => {
  const box = stretch.getBoundingClientRect();
  const width = stretch.viewBox.baseVal.width;
  const x = ((event.clientX - box.left) / box.width) * width;
  const { from, span, left } = stretch.dataset;
  return Number(from) + ((x - left) / (width - left)) * span;
};

function lineAt(stretch, name, time) {
  const { from, span, left } = stretch.dataset;
  const { width, height } = stretch.viewBox.baseVal;
  const x = Number(left) + ((time - from) / span) * (width - left);
  const line = stretch.querySelector(`.${name}`) ?? stretch.appendChild(drawn('line', { class: name, y1: 0 }));
  line.setAttribute('x1', x);
  line.setAttribute('x2', x);
  line.setAttribute('y2', height - 17);
}

for (const article of document.querySelectorAll('.utterance')) {
  const audio = article.querySelector('audio');
  const stretches = [...article.querySelectorAll('.stretch')];
  const runs = runsOf(article);
  const runAt = (m, frame) => runs[m].find(([, first, n]) => frame >= first && frame < first + n);
  if (audio) article.classList.add('sounding');
  for (const stretch of stretches) {
    stretch.addEventListener('pointermove', (event) => {
      const time = timeAt(stretch, event);
      if (kept || time < stretch.dataset.from) return;
      const lines = data.models.flatMap((model, m) => {
        const run = runAt(m, time / model.frame);
        if (!run || run[0] === null) return [];
        const length = `${run[2]} ${run[2] === 1 ? 'frame' : 'frames'} from ${when(model, run[1])}`;
        const name = data.models.length > 1 ? `${model.name}, ` : '';
        return [...about(m, run[0]), element('span', name + length)];
      });
      stretch.querySelector('.cursor')?.remove();
      if (lines.length) {
        lineAt(stretch, 'cursor', time);
        showTip(event.clientX, event.clientY, lines);
      } else {
        tip.hidden = true;
      }
    });
    stretch.addEventListener('pointerleave', () => {
      stretch.querySelector('.cursor')?.remove();
      if (!kept) tip.hidden = true;
    });
    stretch.addEventListener('click', (event) => {
      const time = timeAt(stretch, event);
      if (!audio || time < stretch.dataset.from) return;
      audio.currentTime = Math.min(time, audio.duration || time);
      audio.play();
    });
  }
  const follow = () => {
    for (const stretch of stretches) {
      const ends = Number(stretch.dataset.from) + Number(stretch.dataset.span);
      const time = audio.currentTime;
      if (time >= stretch.dataset.from && time < ends && !audio.ended) lineAt(stretch, 'playhead', time);
      else stretch.querySelector('.playhead')?.remove();
    }
    if (!audio.paused) requestAnimationFrame(follow);
  };
  for (const what of ['play', 'seeked', 'ended']) audio?.addEventListener(what, follow);
}
