import { maxDepth } from '../pixels/depth.ts';
import { type BeamCurves, type MaterialClass, materialClasses, ratioOf } from './curves.ts';

/** Photons that an element counts of a pulse in air: a cargo scanner of today, not any one of them. */
const photons = { high: 60_000, low: 30_000 };
/** Noise of the electronics, share of full transmission. */
const electronics = 2 / 60_000;
/**
 * What scatter adds and no calibration takes off for sure, share of full transmission. It does not average, and makes
 * whatever is dense look heavy: simulated water behind walls is half a class too heavy at 3 % and two at 0.7 %.
 */
const veil = 5e-4;
/** What is left of the pulses' unsteadiness: alike along a line, so that only columns average it. */
const jitter = 0.002;
/** Pixels that one region of the material map averages, and columns among them. */
const region = { pixels: 200, columns: 14 };
/** So many standard deviations between two classes make a sure colour. */
const sureSigmas = 4;

/** Standard deviation of the ratio of a region at a depth. */
export function ratioSigma(ratio: number, depth: number): number {
  const d = Math.max(depth, 1e-3);
  const single = (count: number, t: number) =>
    Math.hypot(1 / Math.sqrt(count * t), electronics / t) / Math.sqrt(region.pixels);
  const of = (count: number, t: number) =>
    Math.hypot(single(count, t), jitter / Math.sqrt(region.columns), veil / t);
  const high = of(photons.high, Math.exp(-d));
  const low = of(photons.low, Math.exp(-d * ratio));
  return Math.hypot(low, ratio * high) / d;
}

const clamp = (value: number) => Math.min(1, Math.max(0, value));

/** How far a class stands from another at a depth, from 0 (not to be told) to 1 (sure). */
function apart(beam: BeamCurves, a: MaterialClass, b: MaterialClass, depth: number): number {
  const [left, right] = [ratioOf(beam, a, depth), ratioOf(beam, b, depth)];
  return clamp(Math.abs(left - right) / (sureSigmas * ratioSigma(left, depth)));
}

/**
 * How surely a class can be told at each of `count` depths up to `maxDepth`, 0..1. Thin lead has the ratio of
 * organic matter, then of minerals, then of steel: up to the depth where the lead curve has passed a class that
 * class is never sure, and heavy itself is not before it has left steel behind. Very dense parts end in noise.
 */
export function confidenceOf(beam: BeamCurves, name: MaterialClass, count: number): Float32Array {
  const sure = new Float32Array(count);
  const rival = name === 'heavy' ? 'metal' : 'heavy';
  const below = materialClasses[materialClasses.indexOf(name) - 1] ?? 'inorganic';
  // From dense to thin: where lead has crossed the class, that thickness and all that is thinner are ambiguous.
  for (let i = count - 1; i >= 0; i--) {
    const depth = ((i + 0.5) / count) * maxDepth;
    const upper = name === 'heavy' ? 'metal' : name;
    if (ratioOf(beam, upper, depth) <= ratioOf(beam, 'heavy', depth)) break;
    sure[i] = Math.min(apart(beam, name, rival, depth), apart(beam, name, below, depth));
  }
  return sure;
}
