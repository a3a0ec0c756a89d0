import type { ObjectState } from '#hub/api/types';

/** No fix for longer than this makes an object's place an old one. A moored vessel speaks every 3 min. */
const staleAfterMs: Record<ObjectState['kind'], number> = {
  vehicle: 120_000,
  vessel: 400_000,
  seal: 3_600_000,
  other: 300_000,
};

type Told = Pick<ObjectState, 'kind' | 'time' | 'quality'>;

/** Until when an object's place is a fresh one, epoch ms. */
export const freshUntil = ({ kind, time, quality }: Told): number =>
  quality === 'stale' ? -Infinity : Date.parse(time) + staleAfterMs[kind];

export const isStale = (object: Told, now: number): boolean => now > freshUntil(object);

/** A box that says nothing for longer than this is not heard, whatever its link says. Boxes speak every 5 s. */
export const boxSilentAfterMs = 20_000;
