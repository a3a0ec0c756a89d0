import { asLongitude, degreesEast } from '../geo/polyline.ts';

/** Fixes of one object in order of time, with as many as are needed to tell where it was a moment ago. */
export interface Fixes {
  /** Epoch ms, ascending. */
  readonly ms: number[];
  readonly lon: number[];
  readonly lat: number[];
}

export const noFixes = (): Fixes => ({ ms: [], lon: [], lat: [] });

/** Where an object was and how fast, degrees a second; `apartMs` from the nearest fix. */
export interface Spot {
  readonly lon: number;
  readonly lat: number;
  readonly lonPerS: number;
  readonly latPerS: number;
  readonly apartMs: number;
}

/** Puts a fix in order; one of the same time as another is dropped, whichever came first: the smaller place stays. */
export function addFix({ ms, lon, lat }: Fixes, at: number, x: number, y: number): void {
  let i = ms.length;
  while (i > 0 && (ms[i - 1] as number) > at) i -= 1;
  if (i > 0 && ms[i - 1] === at) {
    const [knownX, knownY] = [lon[i - 1] as number, lat[i - 1] as number];
    if (x > knownX || (x === knownX && y >= knownY)) return;
    lon[i - 1] = x;
    lat[i - 1] = y;
    return;
  }
  ms.splice(i, 0, at);
  lon.splice(i, 0, x);
  lat.splice(i, 0, y);
}

/** Forgets fixes from before a moment but the last two of them. */
export function forgetBefore({ ms, lon, lat }: Fixes, moment: number): void {
  let count = 0;
  while (count + 2 < ms.length && (ms[count + 2] as number) <= moment) count += 1;
  if (count === 0) return;
  ms.splice(0, count);
  lon.splice(0, count);
  lat.splice(0, count);
}

/**
 * Where the object was at a moment: between the fixes around it when they are at most `betweenMs` apart, else on from
 * the last fix for at most `beyondMs`; undefined when neither is. Fixes later than `aheadMs` after the moment count for nothing.
 */
export function spotAt(
  { ms, lon, lat }: Fixes,
  moment: number,
  betweenMs: number,
  beyondMs: number,
  aheadMs = Number.POSITIVE_INFINITY,
): Spot | undefined {
  let i = ms.length - 1;
  while (i >= 0 && (ms[i] as number) > moment) i -= 1;
  if (i < 0) return undefined;
  const next = ms[i + 1] ?? Number.POSITIVE_INFINITY;
  const after = next - (ms[i] as number) <= betweenMs && next - moment <= aheadMs ? i + 1 : -1;
  const sinceMs = moment - (ms[i] as number);
  if (after < 0 && sinceMs > beyondMs) return undefined;
  const [from, to] = after >= 0 ? [i, after] : [Math.max(0, i - 1), i];
  const spanS = ((ms[to] as number) - (ms[from] as number)) / 1000;
  const known = spanS > 0 && spanS * 1000 <= betweenMs;
  const lonPerS = known ? degreesEast(lon[from] as number, lon[to] as number) / spanS : 0;
  const latPerS = known ? ((lat[to] as number) - (lat[from] as number)) / spanS : 0;
  const apartMs = after < 0 ? sinceMs : Math.min(sinceMs, (ms[after] as number) - moment);
  return {
    lon: asLongitude((lon[i] as number) + (lonPerS * sinceMs) / 1000),
    lat: (lat[i] as number) + (latPerS * sinceMs) / 1000,
    lonPerS,
    latPerS,
    apartMs,
  };
}
