import type { ArrivalForecast } from '../api/track-types.ts';
import { quantileOf } from './fix.ts';

/** Fewer trips than this make no forecast. */
const leastTrips = 5;

/**
 * When an object will be there, by how long others took from where it is now. `remainingMs` is of past trips, in any order;
 * `deadline` asks for the chance that it is late.
 */
export function forecast(
  zone: string,
  remainingMs: readonly number[],
  at: number,
  deadline?: number,
): ArrivalForecast {
  const sorted = [...remainingMs].sort((a, b) => a - b);
  const answer = { zone, trips: sorted.length };
  if (sorted.length < leastTrips) {
    const why =
      sorted.length === 0
        ? `no past trip on record went from near here to ${zone}`
        : `only ${sorted.length} past trips went from near here to ${zone}, ${leastTrips} are needed`;
    return { ...answer, why };
  }
  const arrives = (share: number) => new Date(at + quantileOf(sorted, share)).toISOString();
  const late = deadline === undefined ? undefined : sorted.filter((ms) => at + ms > deadline).length;
  return {
    ...answer,
    p10: arrives(0.1),
    p50: arrives(0.5),
    p90: arrives(0.9),
    ...(late === undefined ? {} : { lateChance: (late + 1) / (sorted.length + 2) }),
  };
}
