import type { Track } from '../api/types.ts';

/** A place at a moment (epoch ms), degrees. */
export interface Fix {
  readonly ms: number;
  readonly lon: number;
  readonly lat: number;
  readonly courseDeg?: number;
}

export const fixesOf = (points: Track['points']): Fix[] =>
  points.map(({ time, lon, lat, courseDeg }) => ({
    ms: Date.parse(time),
    lon,
    lat,
    ...(courseDeg === undefined ? {} : { courseDeg }),
  }));

/** The middle value, without changing the list; 0 for none. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

/** By linear interpolation between order statistics; the list is sorted. */
export function quantileOf(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN];
  return low + (high - low) * (at - Math.floor(at));
}
