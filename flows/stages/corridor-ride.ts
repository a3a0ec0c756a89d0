import { type Static, Type } from 'typebox';
import { type Candidates, type Place, placeOf } from './corridor-place.ts';

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
  places: Type.Optional(
    Type.Array(
      Type.Object({
        alongM: number('Metres along the line.'),
        cost: number('How much less likely than the likeliest, in units of the log likelihood.'),
      }),
      { description: 'Where it may have been last, of a line that comes by more than once.' },
    ),
  ),
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
  readonly closed: boolean;
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

/** A place along the line other than where the ride was thought to be: all that is measured along the line goes on from there. */
function rebase(ride: Ride, { fromM, lapM }: Place): void {
  if (fromM !== undefined && fromM !== ride.alongM) {
    ride.alongM = fromM;
    ride.farthestM = fromM;
    ride.leastM = fromM;
    delete ride.back;
  }
  if (lapM === 0) return;
  ride.farthestM -= lapM;
  if (ride.alongM !== undefined) ride.alongM -= lapM;
  if (ride.leastM !== undefined) ride.leastM -= lapM;
}

/**
 * Takes the next fix: the places of the line that it may be at, and metres since the last one. Undefined for a ride
 * that has not begun or is over: at either end an object may come and go. Changes `ride` in place.
 */
export function ride(
  known: Ride | undefined,
  candidates: Candidates,
  wayM: number,
  ms: number,
  rules: RideRules,
): { readonly ride: Ride | undefined; readonly changes: RideChange[] } {
  // whoever comes back after a detour begins anew where he does
  const place = placeOf(known?.phase === 'off' ? undefined : known, candidates, wayM, rules);
  const { offsetM, alongM, places } = place;
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
      ...(places && { places }),
    };
    return { ride: begun, changes: [] };
  }
  if (isOn) {
    if (known.phase === 'off') {
      Object.assign(known, { farthestM: alongM, leastM: alongM, alongM, wrong: false });
      delete known.back;
    }
    rebase(known, place);
    const changes = direction(known, alongM, ms, rules);
    known.alongM = alongM;
    if (places) known.places = places;
    else delete known.places;
    if (known.phase === 'on') return { ride: known, changes };
    if (known.phase === 'leaving') {
      Object.assign(known, { phase: 'on', maxOffsetM: 0, offM: 0 });
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
