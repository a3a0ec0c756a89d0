import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

const num = (description: string) => Type.Number({ description });
const str = (description: string) => Type.String({ description });
const numbers = (description: string) => Type.Array(Type.Number(), { description });

const Fixes = Type.Object({
  ms: numbers('Epoch ms, ascending.'),
  lon: numbers('Longitudes, degrees.'),
  lat: numbers('Latitudes, degrees.'),
});
const Mover = Type.Object({
  what: Type.Literal('mover'),
  x: num('East on the plane, metres.'),
  y: num('North on the plane, metres.'),
  at: num('Number of the snapshot.'),
  speed: num('Metres of the plane a second.'),
  stretch: num('Metres of the plane to one on the ground.'),
  entered: num('Cells that it came into.'),
  cx: num('Column that it is in.'),
  cy: num('Row that it is in.'),
  cells: numbers('The latest cells, oldest first; 0: not known.'),
  nats: numbers('How unlikely each turn is to be taken by another by chance.'),
});
const Device = Type.Object({ what: Type.Literal('device'), fixes: Fixes });
const Pair = Type.Object({
  what: Type.Literal('pair'),
  a: str('One device.'),
  b: str('The other.'),
  from: num('First snapshot together.'),
  last: num('Last snapshot together.'),
  doing: Type.Union([Type.Literal('apart'), Type.Literal('going'), Type.Literal('resting')], {
    description: 'What they do, from `last` on.',
  }),
  run: num('Consecutive snapshots together.'),
  together: num('Snapshots together that count.'),
  judged: num('So many cells of `a` are judged.'),
  choices: num('Ways apart that they did not take.'),
  score: num('How unlikely that is by chance, nats.'),
  sumM: num('Sum of distances, metres.'),
  looks: num('Of so many.'),
  found: Type.Boolean({ description: 'It was reported.' }),
});
const Turns = Type.Object({
  what: Type.Literal('turns'),
  counts: numbers('How many went on to each neighbour.'),
});
const Background = Type.Object({ counts: numbers('Pairs by class of score.'), total: num('Pairs.') });
const Passing = Type.Object({ object: str('What was read.'), point: str('Where.'), ms: num('Epoch ms.') });
const Readings = Type.Object({
  what: Type.Literal('readings'),
  list: Type.Array(Passing, { description: 'Oldest first.' }),
});
const PlatePair = Type.Object({
  what: Type.Literal('plates'),
  a: str('One object.'),
  b: str('The other.'),
  fromMs: num('First reading, epoch ms.'),
  lastMs: num('Last one together, epoch ms.'),
  point: str('Point passed last; empty when they went apart.'),
  points: Type.Array(Type.String(), { description: 'Points passed together.' }),
  ratio: num('Log likelihood ratio.'),
  found: Type.Boolean({ description: 'It was reported.' }),
});
const Onward = Type.Object({
  what: Type.Literal('onward'),
  counts: Type.Record(Type.String(), Type.Number(), { description: 'How many went on to each point.' }),
});
const Course = Type.Object({
  what: Type.Literal('course'),
  newestMs: num('Newest event time, epoch ms.'),
  snapshot: num('Number of the last snapshot.'),
  pairs: Background,
  plates: Background,
  held: Type.Array(Passing, { description: 'Readings that wait for older ones.' }),
});

/** One entry of the state, told apart by `what`. */
export const CompanionState = Type.Union([Device, Mover, Pair, Turns, Readings, PlatePair, Onward, Course]);
export type CompanionState = Static<typeof CompanionState>;
export type DeviceState = Static<typeof Device>;
export type CourseState = Static<typeof Course>;

/**
 * Of version 1, in which pairs were judged otherwise: devices, turns, readings and what was learned are taken over; a pair keeps
 * its time and score, and its ways are judged from here on. Undefined for what is none of it.
 */
export function ofFirstVersion(value: unknown): CompanionState | undefined {
  const { mover: _, cell: __, ...kept } = (value ?? {}) as Record<string, unknown>;
  const state = kept.what === 'pair' ? { ...kept, doing: 'apart', judged: 0, looks: kept.together } : kept;
  return Value.Check(CompanionState, state) ? state : undefined;
}
