import { type Static, Type } from 'typebox';
import { keep, readKept } from './kept.ts';

/** What the demo's traffic follows from, beside the roads. */
const Origin = Type.Object({
  seed: Type.Number(),
  /** When it began, epoch ms, a whole second. */
  startMs: Type.Integer(),
  /** Its trucks and seals are numbered from the one after this. */
  numberedAfter: Type.Integer({ minimum: 0 }),
});
export type TrafficOrigin = Static<typeof Origin>;

/** Traffic that began longer ago is not computed up to now: a week takes about two seconds. */
const longestMs = 7 * 86_400_000;
/** More than a week of traffic has trucks and seals. */
const numbersEach = 10_000;

/**
 * The traffic of a data folder, which goes on where it would be, however often the demo is started: a truck that was
 * elsewhere a moment later would be an alarm, and rightly. Traffic that is too old for that ends, and other trucks
 * with other seals begin.
 */
export function trafficOf(file: string, nowMs: number, random: () => number): TrafficOrigin {
  const before = readKept(file, Origin);
  if (before && nowMs >= before.startMs && nowMs - before.startMs <= longestMs) return before;
  const origin = {
    seed: Math.floor(random() * 2 ** 31),
    startMs: Math.floor(nowMs / 1000) * 1000,
    numberedAfter: before ? before.numberedAfter + numbersEach : 0,
  };
  keep(file, origin);
  return origin;
}
