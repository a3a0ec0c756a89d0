import type { CompanionList } from '../api/track-types.ts';
import type { ObjectStore } from '../store/store.ts';
import {
  cellOf,
  cellsAround,
  stretchMs,
  stretchOf,
  type VisitRange,
  type VisitStore,
} from '../store/visits.ts';
import { chanceOf, Traffic } from './chance.ts';
import type { Fix } from './fix.ts';
import { together } from './together.ts';

export interface TrackStores {
  readonly objects: ObjectStore;
  readonly visits: VisitStore;
}

export interface CompanionQuery {
  readonly object: string;
  readonly from: number;
  readonly to: number;
  readonly radiusM: number;
  /** Together for less is not told of. */
  readonly seconds: number;
}

const limits = { points: 3000, visits: 60_000, candidates: 100, looked: 400_000, told: 50 };
/** What traffic does is learned of the day before too, ms. */
const backgroundMs = 86_400_000;
/** A place between two fixes farther apart in time than this is not known, ms. */
const maxStepMs = 60_000;
/** Of longer times tracks are read finer than by `limits.points`: else what was left out would seem to be such steps, ms. */
const thinnedMs = maxStepMs / 2;

/** Stretches one after another, as times with a step more at both ends: where both were near, and not what lies between. */
export function spansOf(
  stretches: Iterable<number>,
  from: number,
  to: number,
): { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = [];
  for (const stretch of [...stretches].sort((a, b) => a - b)) {
    const span = {
      from: Math.max(from, stretch * stretchMs - maxStepMs),
      to: Math.min(to, (stretch + 1) * stretchMs + maxStepMs),
    };
    const last = spans.at(-1);
    if (last && span.from <= last.to) last.to = span.to;
    else spans.push(span);
  }
  return spans;
}

/** Fixes in any of the spans; both are in order. */
export function within(fixes: readonly Fix[], spans: readonly { from: number; to: number }[]): Fix[] {
  let next = 0;
  return fixes.filter(({ ms }) => {
    while (next < spans.length && ms > (spans[next]?.to ?? 0)) next += 1;
    return ms >= (spans[next]?.from ?? Number.POSITIVE_INFINITY);
  });
}

/** Cell by cell and stretch by stretch, what lies within reach of the object. */
function rangesAround(fixes: readonly Fix[], radiusM: number): VisitRange[] {
  const ranges = new Map<string, VisitRange>();
  for (const { lon, lat, ms } of fixes) {
    const stretch = stretchOf(ms);
    for (const cell of cellsAround(lon, lat, radiusM))
      ranges.set(`${cell} ${stretch}`, { cell, from: stretch, to: stretch });
  }
  return [...ranges.values()];
}

/** Who was with an object: found by cell and stretch, looked at fix by fix, beside what traffic does anyway. */
export async function companionsOf(
  { objects, visits }: TrackStores,
  { object, from, to, radiusM, seconds }: CompanionQuery,
): Promise<CompanionList> {
  const most = Math.max(limits.points, Math.ceil((2 * (to - from)) / thinnedMs));
  const own = await objects.fixes(object, from, to, most);
  const seen = await visits.within(rangesAround(own, radiusM), limits.visits);
  const stretches = new Map<string, Set<number>>();
  for (const visit of seen)
    if (visit.object !== object)
      stretches.set(visit.object, (stretches.get(visit.object) ?? new Set()).add(visit.stretch));
  const candidates = [...stretches].sort((a, b) => b[1].size - a[1].size).slice(0, limits.candidates);

  const cells = [...new Set(own.map(({ lon, lat }) => cellOf(lon, lat)))];
  const background = { from: stretchOf(from - backgroundMs), to: stretchOf(to) };
  const traffic = new Traffic(
    await visits.within(
      cells.map((cell) => ({ cell, ...background })),
      limits.visits,
    ),
  );
  const rules = { radiusM, maxStepMs };
  const found: CompanionList['companions'][number][] = [];
  let [looked, read] = [0, 0];
  for (const [other, at] of candidates) {
    if (read > limits.looked) break;
    looked += 1;
    const spans = spansOf(at, from, to);
    const lengthMs = spans.reduce((sum, span) => sum + span.to - span.from, 0);
    // as fine as the own track is, and no finer
    const share = Math.min(1, lengthMs / (to - from));
    const fixes: Fix[] = [];
    for (const span of spans) {
      const points = Math.ceil((most * share * (span.to - span.from)) / lengthMs) + 2;
      fixes.push(...(await objects.fixes(other, span.from, span.to, points)));
    }
    read += fixes.length;
    const both = together(within(own, spans), fixes, rules);
    if (both.seconds < seconds) continue;
    const { choices, chance } = chanceOf(both.fixes, traffic, new Set([object, other]));
    found.push({
      object: other,
      seconds: Math.round(both.seconds),
      metres: Math.round(both.metres),
      nearestM: Math.round(both.nearestM),
      stretches: both.stretches.map((one) => ({ from: iso(one.from), to: iso(one.to) })),
      choices,
      // As many strangers as were near could each have done so.
      chance: Math.min(1, chance * stretches.size),
    });
  }
  found.sort((a, b) => a.chance - b.chance || b.seconds - a.seconds);
  return {
    object,
    looked,
    partial: stretches.size > looked || seen.length >= limits.visits,
    companions: found.slice(0, limits.told),
  };
}

const iso = (ms: number) => new Date(ms).toISOString();
