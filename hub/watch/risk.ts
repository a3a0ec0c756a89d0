import type { Event } from '#flows/event';
import type { ObjectRisk, RiskRules, RiskWeight } from '../api/risk-types.ts';
import { standing } from '../tracks/standing.ts';

const hourMs = 3_600_000;

/**
 * Points are ours: an order of how bad a sign is, not a probability. What a device says of itself when it is tampered with, and what
 * somebody has put on a list, come first; what may be a poor receiver comes last.
 */
export const defaultRules: RiskRules = {
  weights: [
    { type: 'quaywatch.watch.hit', points: 50, halfLifeHours: 168 },
    { type: 'quaywatch.seal.*', points: 50, halfLifeHours: 168 },
    { type: 'quaywatch.guard.violated', points: 40, halfLifeHours: 72 },
    { type: 'quaywatch.control.violation', points: 30, halfLifeHours: 72 },
    { type: 'quaywatch.cargo.changed', points: 40, halfLifeHours: 72 },
    { type: 'quaywatch.track.separation', points: 40, halfLifeHours: 72 },
    { type: 'quaywatch.track.clone', points: 40, halfLifeHours: 72 },
    { type: 'quaywatch.track.spoof', points: 30, halfLifeHours: 72 },
    { type: 'quaywatch.track.dark', points: 30, halfLifeHours: 168 },
    { type: 'quaywatch.track.identity', points: 30, halfLifeHours: 168 },
    { type: 'quaywatch.corridor.*', points: 15, halfLifeHours: 24 },
    { type: 'quaywatch.corridor.rejoin', points: 0, halfLifeHours: 24 },
    { type: 'quaywatch.track.unscheduled', points: 15, halfLifeHours: 24 },
    { type: 'quaywatch.track.loitering', points: 15, halfLifeHours: 72 },
    { type: 'quaywatch.track.teleport', points: 15, halfLifeHours: 24 },
    { type: 'quaywatch.guard.silent', points: 10, halfLifeHours: 24 },
    { type: 'quaywatch.track.frozen', points: 10, halfLifeHours: 24 },
    { type: 'quaywatch.track.gap', points: 5, halfLifeHours: 12 },
  ],
  most: 3,
  raised: 30,
  high: 70,
};

/** What the type is worth: by its own name, else by the longest beginning that fits. */
function weightOf(rules: RiskRules, type: string): RiskWeight | undefined {
  let best: RiskWeight | undefined;
  for (const one of rules.weights) {
    if (one.type === type) return one;
    const fits = one.type.endsWith('*') && type.startsWith(one.type.slice(0, -1));
    if (fits && one.type.length > (best?.type.length ?? 0)) best = one;
  }
  return best;
}

/** Silence where many fall silent is a sign of the place, not of the object. */
const isOfThePlace = ({ type, data }: Event): boolean =>
  type === 'quaywatch.track.gap' && data.class === 'coverage';

/** A seal that tells that it was locked, or opened in order, speaks for its carrier. */
const isInOrder = ({ type, data }: Event): boolean => {
  const said = /^quaywatch\.seal\.(observed|locked|unlocked)$/.exec(type)?.[1];
  const state = typeof data.state === 'string' ? data.state : said;
  return said !== undefined && (state === 'locked' || state === 'unlocked' || state === 'observed');
};

const rounded = (points: number) => Math.round(points * 10) / 10;

/**
 * A plain sum: each event is worth the points of its type, half after each half-life, and all of one type together `most` fresh ones at
 * most. `events` are those about the object up to the moment `at`, epoch ms.
 */
export function riskOf(
  object: string,
  events: readonly Event[],
  rules: RiskRules,
  at: number,
  partial: boolean,
): ObjectRisk {
  const parts = new Map<
    string,
    { points: number; events: number; last: string; event: string; top: number }
  >();
  for (const event of standing(events)) {
    const weight = weightOf(rules, event.type);
    const ms = Date.parse(event.time);
    if (!weight || weight.points === 0 || ms > at || isOfThePlace(event) || isInOrder(event)) continue;
    const points = weight.points * 0.5 ** ((at - ms) / (weight.halfLifeHours * hourMs));
    const known = parts.get(event.type);
    const isLast = !known || event.time > known.last;
    parts.set(event.type, {
      points: (known?.points ?? 0) + points,
      events: (known?.events ?? 0) + 1,
      last: isLast ? event.time : known.last,
      event: isLast ? event.id : known.event,
      top: weight.points * rules.most,
    });
  }
  const list = [...parts].map(([type, { top, points, ...part }]) => ({
    type,
    ...part,
    points: rounded(Math.min(top, points)),
  }));
  const told = list
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points || (a.type < b.type ? -1 : 1));
  const score = rounded(told.reduce((sum, { points }) => sum + points, 0));
  const level = score >= rules.high ? 'high' : score >= rules.raised ? 'raised' : score > 0 ? 'some' : 'none';
  return { object, at: new Date(at).toISOString(), score, level, parts: told, partial };
}
