import { between, metresBetween } from '#flows/geo/polyline';
import type { Fix } from './fix.ts';

export interface TogetherRules {
  readonly radiusM: number;
  /** A place between two fixes farther apart in time than this is not known, ms. */
  readonly maxStepMs: number;
}

export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** Own way in it, metres. */
  readonly metres: number;
}

export interface Together {
  readonly stretches: readonly Stretch[];
  readonly seconds: number;
  readonly metres: number;
  readonly nearestM: number;
  /** Own fixes at which both were near, in order. */
  readonly fixes: readonly Fix[];
}

/** Apart for no longer than this, two are still together, ms. */
const apartMs = 60_000;

/** Where an object was at moments that only go on; undefined where it is not known. */
export function placesAt(fixes: readonly Fix[], maxStepMs: number) {
  let next = 0;
  return (ms: number): { lon: number; lat: number } | undefined => {
    while (next < fixes.length && (fixes[next] as Fix).ms < ms) next += 1;
    const [before, after] = [fixes[next - 1], fixes[next]];
    if (after?.ms === ms) return after;
    if (!before || !after || after.ms - before.ms > maxStepMs) return undefined;
    return between(before, after, (ms - before.ms) / (after.ms - before.ms));
  };
}

/** When and how far two objects were within reach of each other, at the times of the first one's fixes. */
export function together(own: readonly Fix[], other: readonly Fix[], rules: TogetherRules): Together {
  const placeAt = placesAt(other, rules.maxStepMs);
  const stretches: { from: number; to: number; metres: number }[] = [];
  const near: Fix[] = [];
  let nearestM = Number.POSITIVE_INFINITY;
  let last: Fix | undefined;
  for (const fix of own) {
    const place = placeAt(fix.ms);
    const metres = place ? metresBetween(fix.lon, fix.lat, place.lon, place.lat) : Number.POSITIVE_INFINITY;
    if (metres > rules.radiusM) continue;
    nearestM = Math.min(nearestM, metres);
    near.push(fix);
    const open = stretches.at(-1);
    if (open && last && fix.ms - open.to <= Math.max(apartMs, rules.maxStepMs)) {
      open.metres += metresBetween(last.lon, last.lat, fix.lon, fix.lat);
      open.to = fix.ms;
    } else stretches.push({ from: fix.ms, to: fix.ms, metres: 0 });
    last = fix;
  }
  return {
    stretches,
    seconds: stretches.reduce((sum, { from, to }) => sum + (to - from) / 1000, 0),
    metres: stretches.reduce((sum, one) => sum + one.metres, 0),
    nearestM,
    fixes: near,
  };
}
