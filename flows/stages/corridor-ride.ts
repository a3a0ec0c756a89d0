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
  farthestM: number('Farthest along the line that two fixes in a row reached, metres.'),
  wrong: Type.Boolean({ description: 'It has been told that it goes the wrong way.' }),
  alongM: Type.Optional(number('Where it was last, metres along the line.')),
  forward: Type.Optional(Type.Boolean({ description: 'It has gone along the line as it is to be driven.' })),
  leastM: Type.Optional(number('Nearest to the begin since the ride began, metres along the line.')),
  back: Type.Optional(
    Type.Object(
      {
        fixes: Type.Integer({ description: 'Consecutive fixes that lie too far back.' }),
        sinceMs: number('Time of the first of them, epoch ms.'),
        backM: number('How far back the first of them lies, metres.'),
        alongM: number('Where that is along the line, metres.'),
      },
      { description: 'It seems to go the wrong way, which has not been told.' },
    ),
  ),
});
export type Ride = Static<typeof Ride>;

export interface RideRules {
  readonly widthM: number;
  readonly hysteresisM: number;
  readonly confirmFixes: number;
  readonly confirmMs: number;
  readonly wrongWayM: number;
  readonly approachM: number;
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

/** Where on a line that comes by more than once an object is: where it can have come from its last place. */
export function placeOf(known: Ride | undefined, places: readonly [Offset, ...Offset[]]): Offset {
  const lastM = known?.alongM;
  const rank = ({ offsetM, alongM }: Offset) => (lastM === undefined ? offsetM : Math.abs(alongM - lastM));
  return places.reduce((best, each) => (rank(each) < rank(best) ? each : best));
}

function tellBack(ride: Ride): RideChange[] {
  const { back } = ride;
  if (!back || ride.wrong) return [];
  ride.wrong = true;
  delete ride.back;
  const data = { backM: round(back.backM), alongM: round(back.alongM) };
  return [{ what: 'wrongWay', atMs: back.sinceMs, data }];
}

/**
 * Along the line: the wrong way is so far back from the farthest point; confirmed, and told once until it goes forward
 * again. How far it got takes two fixes in a row: a single one that errs ahead makes nobody who stands go back. A ride
 * that begins near the line's begin with a way back to it may be that of a vehicle that is on its way to its start:
 * nothing is told of it unless it leaves the line that way.
 */
function direction(ride: Ride, alongM: number, ms: number, rules: RideRules): RideChange[] {
  const lastM = ride.alongM ?? alongM;
  const reachedM = Math.min(alongM, lastM);
  const leastM = Math.min(ride.leastM ?? ride.farthestM, Math.max(alongM, lastM));
  ride.leastM = leastM;
  const approaches = !ride.forward && ride.farthestM <= Math.min(rules.approachM, rules.lengthM / 4);
  if (!ride.forward && reachedM - leastM >= rules.wrongWayM) {
    ride.forward = true;
    if (approaches) ride.farthestM = reachedM;
  }
  if (reachedM > ride.farthestM) {
    ride.farthestM = reachedM;
    ride.wrong = false;
  }
  const backM = ride.farthestM - alongM;
  if (backM < rules.wrongWayM) {
    delete ride.back;
    return [];
  }
  if (!rules.oneWay || ride.wrong) return [];
  const back = ride.back ?? { fixes: 0, sinceMs: ms, backM, alongM };
  back.fixes += 1;
  ride.back = back;
  const confirmed = back.fixes >= rules.confirmFixes || ms - back.sinceMs >= rules.confirmMs;
  return confirmed && !approaches ? tellBack(ride) : [];
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
      alongM,
    };
    return { ride: begun, changes: [] };
  }
  if (isOn) {
    const changes = direction(known, alongM, ms, rules);
    known.alongM = alongM;
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
  const changes = tellBack(known);
  if (atEnd) return { ride: undefined, changes };
  known.phase = 'off';
  const data = { offsetM: round(offsetM), alongM: round(alongM) };
  return { ride: known, changes: [...changes, { what: 'deviation', atMs: known.offMs ?? ms, data }] };
}
