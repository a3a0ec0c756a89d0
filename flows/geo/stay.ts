import { type Static, Type } from 'typebox';

const number = (description: string) => Type.Number({ description });

/** A place at a time on a track: a fix, or between two of them. */
export const Moment = Type.Object({
  time: Type.String({ description: 'As ISO 8601; of a fix, as the device wrote it.' }),
  ms: number('The same, epoch ms.'),
  lon: number('Longitude, degrees.'),
  lat: number('Latitude, degrees.'),
});
export type Moment = Static<typeof Moment>;

/**
 * What is remembered of a device and a fence that it is in, entering or leaving. Without a stay the
 * device is outside, and so was its last fix.
 */
export const Stay = Type.Object({
  fence: Type.String({ description: 'Id of the fence.' }),
  phase: Type.Enum(['entering', 'inside', 'exiting'], {
    description: 'entering: in, and not confirmed; exiting: out, and not confirmed.',
  }),
  crossed: Moment,
  fixes: number('Consecutive fixes that speak for the change.'),
  sinceMs: number('Time of the first of them, epoch ms.'),
  enteredMs: Type.Optional(number('When it entered, epoch ms.')),
  dwelt: Type.Optional(Type.Boolean({ description: 'The dwell event of this stay is out.' })),
});
export type Stay = Static<typeof Stay>;

export interface StayRules {
  /** An object leaves when it is farther out than this, m. */
  readonly hysteresisM: number;
  /** So many consecutive fixes confirm a change, … */
  readonly confirmFixes: number;
  /** … and so does the first fix this long after the first that spoke for it, ms. */
  readonly confirmMs: number;
}

/** How the newest fix of a device sees one fence. What costs is asked for only when it is needed. */
export interface Sight {
  /** Id of the fence. */
  readonly fence: string;
  readonly fixMs: number;
  readonly inside: boolean;
  /** Whether the fence's edge is at most so many metres away. */
  isWithin(metres: number): boolean;
  /** When and where the way from the last fix entered the fence for good, or left it for good. */
  crossing(): Moment;
  /** Whether the way from the last fix meets the fence. */
  meets(): boolean;
}

export interface Step {
  /** Undefined: outside. */
  readonly stay: Stay | undefined;
  /** With the stay as it is or, at an exit, was. */
  readonly change?: { readonly what: 'enter' | 'exit'; readonly at: Moment; readonly stay: Stay };
}

/** Counts the fix and says whether that confirms the change. */
function confirms(stay: Stay, fixMs: number, rules: StayRules): boolean {
  stay.fixes += 1;
  if (stay.fixes === 1) stay.sinceMs = fixMs;
  return stay.fixes >= rules.confirmFixes || fixMs - stay.sinceMs >= rules.confirmMs;
}

function whileInside(stay: Stay | undefined, sight: Sight, rules: StayRules): Step {
  if (stay?.phase === 'inside') return { stay };
  if (stay?.phase === 'exiting') {
    stay.phase = 'inside';
    return { stay };
  }
  const entering: Stay = stay ?? {
    fence: sight.fence,
    phase: 'entering',
    crossed: sight.crossing(),
    fixes: 0,
    sinceMs: 0,
  };
  if (!confirms(entering, sight.fixMs, rules)) return { stay: entering };
  entering.phase = 'inside';
  entering.enteredMs = entering.crossed.ms;
  return { stay: entering, change: { what: 'enter', at: entering.crossed, stay: entering } };
}

function whileOutside(stay: Stay, sight: Sight, rules: StayRules): Step {
  if (stay.phase === 'entering') return { stay: undefined };
  if (stay.phase === 'inside') {
    stay.phase = 'exiting';
    stay.crossed = sight.crossing();
    stay.fixes = 0;
  } else if (sight.meets()) {
    stay.crossed = sight.crossing(); // in again and out again between two fixes
  }
  if (rules.hysteresisM > 0 && sight.isWithin(rules.hysteresisM)) {
    stay.fixes = 0;
    return { stay };
  }
  if (!confirms(stay, sight.fixMs, rules)) return { stay };
  return { stay: undefined, change: { what: 'exit', at: stay.crossed, stay } };
}

/**
 * The state machine of one device and one fence: outside, entering, inside, exiting. An object enters
 * when it is inside, and leaves when it is more than `hysteresisM` outside; each has to be confirmed,
 * and is then dated back to the crossing of the edge. Changes `stay` in place.
 */
export function step(stay: Stay | undefined, sight: Sight, rules: StayRules): Step {
  if (sight.inside) return whileInside(stay, sight, rules);
  return stay ? whileOutside(stay, sight, rules) : { stay };
}
