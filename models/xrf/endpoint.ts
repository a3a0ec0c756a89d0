import { energyAt, type Response } from './response.ts';

/** Width of the windows that are compared, keV. */
const windowKeV = 0.6;
/** Share of the counts above the end by which pile-up may miss them, window by window. */
const missed = 0.35;
/** More pile-up than this share of all counts is none. */
const mostPileUp = 0.06;

/**
 * Up to where a spectrum has photons of its own, keV: above, what it has is what two photons at once make, or next to
 * nothing. That is the energy which excited the sample, or the end of its continuum.
 */
export function endpointKeV(counts: Float64Array, pileUp: Float64Array, response: Response): number {
  const width = Math.max(4, Math.round(windowKeV / response.gainKeV));
  const windows = Array.from({ length: Math.floor(counts.length / width) }, (_, w) => {
    const sum = (of: Float64Array) =>
      of.subarray(w * width, (w + 1) * width).reduce((all, value) => all + value, 0);
    return { own: sum(counts), shape: sum(pileUp) };
  });
  const total = counts.reduce((sum, count) => sum + count, 0);
  for (let first = 1; first < windows.length; first++) {
    const above = windows.slice(first);
    const own = above.reduce((sum, window) => sum + window.own, 0);
    const shape = above.reduce((sum, window) => sum + window.shape, 0);
    const nothing = own < 1e-5 * total + 50;
    const scale = shape > 0 ? own / shape : 0;
    const off = above.reduce((sum, window) => sum + Math.abs(window.own - scale * window.shape), 0);
    const noise = above.reduce((sum, window) => sum + Math.sqrt(window.own), 0);
    if (nothing || (scale < mostPileUp * total && off < missed * own + noise))
      return energyAt(response, first * width);
  }
  return energyAt(response, counts.length - 1);
}

/** The highest-energy peak below the end, keV: where the smoothed counts are largest near it. */
export function topPeakKeV(counts: Float64Array, endKeV: number, response: Response): number {
  const near = (energy: number) => Math.round((energy - response.offsetKeV) / response.gainKeV);
  const [from, to] = [Math.max(2, near(endKeV * 0.8)), Math.min(counts.length - 3, near(endKeV))];
  let best = to;
  const smooth = (i: number) =>
    [-2, -1, 0, 1, 2].reduce((sum, step) => sum + (counts[i + step] as number), 0);
  // Going down, the first crest that is not exceeded soon after.
  for (let i = to; i >= from; i--) {
    if (smooth(i) > smooth(best)) best = i;
    else if (best - i > (4 * 0.15) / response.gainKeV / 2 && smooth(best) > 100) break;
  }
  return energyAt(response, best);
}
