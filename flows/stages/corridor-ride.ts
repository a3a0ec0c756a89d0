import { type Static, Type } from 'typebox';
import type { Offset } from '../geo/polyline.ts';

const number = (description: string) => Type.Number({ description });

/** An object and a corridor that it has been on. */
export const Ride = Type.Object({
  phase: Type.Enum(['on', 'leaving', 'off', 'joining'], {
    description: 'leaving: out, and not confirmed; joining: back, and not confirmed.',
  }),
  fixes: Type.Integer({ description: 'Consecutive fixes that speak for the change.' }),
  sinceMs: number('Time of the first of them, epoch ms.'),
  offMs: Type.Optional(number('When it left, epoch ms.')),
  maxOffsetM: number('Farthest from the line since it left, metres.'),
  offM: number('Way since it left, metres.'),
  farthestM: number('Farthest along the line, metres.'),
  wrong: Type.Boolean({ description: 'It has been told that it goes the wrong way.' }),
});
export type Ride = Static<typeof Ride>;

export interface RideRules {
  readonly widthM: number;
  readonly hysteresisM: number;
  readonly confirmFixes: number;
  readonly confirmMs: number;
  readonly wrongWayM: number;
  readonly oneWay: boolean;
  readonly lengthM: number;
}

export interface RideChange {
  readonly what: 'deviation' | 'rejoin' | 'wrongWay';
  readonly atMs: number;
  readonly data: Record<string, unknown>;
}

const round = (metres: number) => Math.round(metres * 10) / 10;

function confirms(ride: Ride, ms: number, rules: RideRules): boolean {
  ride.fixes += 1;
  if (ride.fixes === 1) ride.sinceMs = ms;
  return ride.fixes >= rules.confirmFixes || ms - ride.sinceMs >= rules.confirmMs;
}

/** Along the line: the wrong way is so far back from the farthest point; told once until it goes forward again. */
function direction(ride: Ride, alongM: number, ms: number, rules: RideRules): RideChange[] {
  if (alongM > ride.farthestM) ride.farthestM = alongM;
  const backM = ride.farthestM - alongM;
  if (backM < rules.wrongWayM) {
    if (backM === 0) ride.wrong = false;
    return [];
  }
  if (!rules.oneWay || ride.wrong) return [];
  ride.wrong = true;
  return [{ what: 'wrongWay', atMs: ms, data: { backM: round(backM), alongM: round(alongM) } }];
}

/**
 * Takes the next fix: how far it is from the line and along it, and metres since the last one. Undefined for a ride
 * that has not begun or is over: at either end an object may come and go. Changes `ride` in place.
 */
export function ride(
  known: Ride | undefined,
  { offsetM, alongM }: Offset,
  wayM: number,
  ms: number,
  rules: RideRules,
): { readonly ride: Ride | undefined; readonly changes: RideChange[] } {
  const isOn = offsetM <= rules.widthM;
  if (!known) {
    if (!isOn) return { ride: undefined, changes: [] };
    const begun: Ride = {
      phase: 'on',
      fixes: 0,
      sinceMs: ms,
      maxOffsetM: 0,
      offM: 0,
      farthestM: alongM,
      wrong: false,
    };
    return { ride: begun, changes: [] };
  }
  if (isOn) {
    const changes = direction(known, alongM, ms, rules);
    if (known.phase === 'on') return { ride: known, changes };
    if (known.phase === 'leaving') {
      known.phase = 'on';
      return { ride: known, changes };
    }
    if (known.phase === 'off') Object.assign(known, { phase: 'joining', fixes: 0, offM: known.offM + wayM });
    if (!confirms(known, ms, rules)) return { ride: known, changes };
    const { offMs = ms, maxOffsetM, offM, sinceMs } = known;
    Object.assign(known, { phase: 'on', maxOffsetM: 0, offM: 0 });
    delete known.offMs;
    const data = {
      seconds: (sinceMs - offMs) / 1000,
      maxOffsetM: round(maxOffsetM),
      lengthM: round(offM),
      alongM: round(alongM),
    };
    return { ride: known, changes: [...changes, { what: 'rejoin', atMs: sinceMs, data }] };
  }
  known.maxOffsetM = Math.max(known.maxOffsetM, offsetM);
  if (known.phase !== 'on') known.offM += wayM;
  if (known.phase === 'joining') known.phase = 'off';
  if (known.phase === 'off') return { ride: known, changes: [] };
  const atEnd = alongM <= 0 || alongM >= rules.lengthM;
  if (known.phase === 'on') Object.assign(known, { phase: 'leaving', fixes: 0, offMs: ms });
  if (offsetM <= rules.widthM + rules.hysteresisM) {
    known.fixes = 0;
    return { ride: known, changes: [] };
  }
  if (!confirms(known, ms, rules)) return { ride: known, changes: [] };
  if (atEnd) return { ride: undefined, changes: [] };
  known.phase = 'off';
  const data = { offsetM: round(offsetM), alongM: round(alongM) };
  return { ride: known, changes: [{ what: 'deviation', atMs: known.offMs ?? ms, data }] };
}
