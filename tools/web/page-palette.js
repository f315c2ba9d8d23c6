// SPDX-License-Identifier: MIT
// Colours: units by the first principal component of their codewords, energies by lightness. Lightness rises with the
// component and hue goes from blue to yellow, so that the order is seen with any kind of colour vision.

const ITERATIONS = 200;
const DARKEST = 0.4; // of units, in OKLab; both are readable on white and on black
const LIGHTEST = 0.86;
const BLACK_INK = 0.535; // from this lightness on black is read more easily than white

/** sRGB within 0 and 255 of lightness, chroma and hue in OKLab. */
export function rgb(lightness, chroma, hue) {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s].map((linear) => {
    const value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
    return Math.round(255 * Math.min(1, Math.max(0, value)));
  });
}

/** The colour of a place within 0 and 1 on the palette of units. */
export function unitRgb(place) {
  return rgb(DARKEST + (LIGHTEST - DARKEST) * place, 0.13 + 0.03 * Math.sin(Math.PI * place), 282 - 200 * place);
}

/** The first principal component of n vectors x[n][dim]: the projection of each. */
export function firstComponent(x, n, dim) {
  const mean = new Float64Array(dim);
  for (let i = 0; i < n * dim; i++) mean[i % dim] += x[i] / n;
  const centred = Float64Array.from({ length: n * dim }, (_, i) => x[i] - mean[i % dim]);
  let axis = Float64Array.from({ length: dim }, (_, d) => 1 / (d + 1));
  let projection = new Float64Array(n);
  for (let round = 0; round < ITERATIONS; round++) {
    projection = projections(centred, axis);
    axis = direction(centred, projection, dim);
  }
  return projection;
}

function projections(x, axis) {
  const dim = axis.length;
  return Float64Array.from({ length: x.length / dim }, (_, i) => {
    let sum = 0;
    for (let d = 0; d < dim; d++) sum += x[i * dim + d] * axis[d];
    return sum;
  });
}

/** The sum of vectors by weight, of length 1, its largest value above 0. */
function direction(x, weight, dim) {
  const sum = new Float64Array(dim);
  for (let i = 0; i < x.length; i++) sum[i % dim] += x[i] * weight[Math.floor(i / dim)];
  const largest = sum.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  const scale = Math.sign(largest) / (Math.hypot(...sum) || 1);
  return sum.map((value) => value * scale);
}

/** Where each code of the first codebook stands in the order of the first component, within 0 and 1. */
export function places({ nCode, dim }, codewords) {
  const projection = firstComponent(codewords, nCode, dim);
  const order = Array.from(projection.keys()).sort((i, j) => projection[i] - projection[j] || i - j);
  const place = new Float32Array(nCode);
  order.forEach((id, rank) => { place[id] = nCode > 1 ? rank / (nCode - 1) : 0; });
  return place;
}

/** For each code of the first codebook its colour, and that of a text on it. */
export function unitColours(model) {
  return Array.from(places(model.info, model.codewords()), (place) => ({
    fill: `rgb(${unitRgb(place).join(' ')})`,
    ink: DARKEST + (LIGHTEST - DARKEST) * place > BLACK_INK ? '#000' : '#fff',
  }));
}

/** The colours of 256 bytes of energy, as an ImageData has them: bytes up to `quiet` are paper, those from `loud` on
 *  are ink; both are "#rrggbb". */
export function energyColours(quiet, loud, paper, ink) {
  const channels = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  const [from, to] = [channels(paper), channels(ink)];
  const bytes = new Uint8ClampedArray(256 * 4);
  for (let i = 0; i < 256; i++) {
    const share = Math.min(1, Math.max(0, (i - quiet) / (loud - quiet))) ** 1.15;
    bytes.set([...from.map((value, c) => value + (to[c] - value) * share), 255], i * 4);
  }
  return new Uint32Array(bytes.buffer);
}
