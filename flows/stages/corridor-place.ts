import type { Offset } from '../geo/polyline.ts';

/** Places of a line that an object may be at: one, or several where the line comes by again. */
export type Candidates = readonly [Offset, ...Offset[]];

/** Where an object may have been last, and how much less likely that is than the likeliest. */
interface Guess {
  readonly alongM: number;
  readonly cost: number;
}

export interface Place extends Offset {
  /** Where it has come from; absent: nobody knows. */
  readonly fromM?: number;
  /** Metres by which all places along the line have become less: the length of a round that it has completed, or 0. */
  readonly lapM: number;
  /** All places that it may be at, when there are several. */
  readonly places?: Guess[];
}

export interface PlaceRules {
  readonly widthM: number;
  readonly lengthM: number;
  readonly oneWay: boolean;
  /** The line ends where it begins. */
  readonly closed: boolean;
}

/** A receiver and the drawing of a line err by this together, metres, in lines that are wide enough. */
const leastSigmaM = 10;
/** Way along the line and straight way between two fixes differ by about this, metres. */
const betaM = 50;
/** What a step costs at most. */
const worst = 30;
/** To go back along a one-way line is unlikely by so much a fix. */
const backCost = 0.5;

/** What it costs to have come from one place to another, and over how many rounds, by a way of so many metres. */
function stepOf(fromM: number, toM: number, wayM: number, { closed, lengthM, oneWay }: PlaceRules) {
  let best = { cost: Infinity, lapM: 0 };
  for (const lapM of closed ? [0, lengthM, -lengthM] : [0]) {
    const aheadM = toM - fromM + lapM;
    const off = Math.abs(Math.abs(aheadM) - wayM) / betaM;
    const cost = Math.min(worst, off) + (oneWay && aheadM < -leastSigmaM ? backCost : 0);
    if (cost < best.cost) best = { cost, lapM };
  }
  return best;
}

/**
 * Where on a line an object is. A line that comes by more than once leaves several places, of which the next fixes show the
 * right one: all are kept, each as likely as the best way to it (Viterbi).
 */
export function placeOf(
  known: { readonly alongM?: number; readonly places?: readonly Guess[] } | undefined,
  candidates: Candidates,
  wayM: number,
  rules: PlaceRules,
): Place {
  const before: readonly Guess[] =
    known?.places ?? (known?.alongM === undefined ? [] : [{ alongM: known.alongM, cost: 0 }]);
  const sigmaM = Math.max(leastSigmaM, rules.widthM / 4);
  const [first, ...others] = candidates.map((one) => {
    let way: { cost: number; lapM: number; fromM?: number } = {
      cost: before.length === 0 ? 0 : Infinity,
      lapM: 0,
    };
    for (const from of before) {
      const { cost, lapM } = stepOf(from.alongM, one.alongM, wayM, rules);
      if (from.cost + cost < way.cost) way = { cost: from.cost + cost, lapM, fromM: from.alongM };
    }
    return { ...one, ...way, cost: way.cost + 0.5 * (one.offsetM / sigmaM) ** 2 };
  });
  if (!first) throw new RangeError('There are no candidates.');
  const best = others.reduce((a, b) => (b.cost < a.cost ? b : a), first);
  const { cost: least, ...place } = best;
  if (others.length === 0) return place;
  const places = [first, ...others].map(({ alongM, cost }) => ({
    alongM,
    cost: Math.min(worst, cost - least),
  }));
  return { ...place, places };
}
