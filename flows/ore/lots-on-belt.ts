import { type Static, Type } from 'typebox';
import { Declared, type IncrementClosed } from './belt-place.ts';
import { massAt, placeOfMass, type Travel, timeOf } from './travel.ts';

const text = { description: 'Moment, ISO 8601.' };

/** A lot on the belt: where it begins, and what of it is known so far. */
export const LotOnBelt = Type.Object({
  declared: Declared,
  fromM: Type.Number({ description: 'Where its first ore is, metres of belt.' }),
  fromKg: Type.Number({ description: 'What had gone over the scale in front of it, kg.' }),
  toM: Type.Optional(Type.Number({ description: 'Where its last ore is.' })),
  toKg: Type.Optional(Type.Number({ description: 'What had gone over the scale at its end, kg.' })),
  next: Type.Integer({ description: 'Number of the increment that goes over the scale.' }),
  nextFromM: Type.Number({ description: 'Where that one begins.' }),
  nextFromMs: Type.Number({ description: 'When it began, epoch ms.' }),
  nextStoodMs: Type.Number({ description: 'How long the belt had stood by then, ms.' }),
});
export type LotOnBelt = Static<typeof LotOnBelt>;

/** An increment whose end has gone over the scale and that waits for the last sensor. */
export const Closing = Type.Object({
  toM: Type.Number({ description: 'Where it ends, metres of belt.' }),
  toMs: Type.Number({ description: 'When its end went over the scale, epoch ms.' }),
  data: Type.Unknown({ description: 'What will be said of it.' }),
  from: Type.Optional(Type.String(text)),
});
export type Closing = Omit<Static<typeof Closing>, 'data'> & { data: IncrementClosed };

export interface IncrementSettings {
  readonly incrementKg: number;
  readonly windowKg: number;
  readonly toIso: (ms: number) => string;
}

export const beginLot = (declared: Declared, travel: Travel, fromM: number): LotOnBelt => ({
  declared,
  fromM,
  fromKg: massAt(travel, fromM),
  next: 0,
  nextFromM: fromM,
  nextFromMs: timeOf(travel, fromM),
  nextStoodMs: travel.stoodMs,
});

/** Hold that the ore so far into the lot came from, by the plan. */
export function holdAt({ holds }: Declared, kg: number): string | undefined {
  let left = kg / 1000;
  for (const { hold, massT } of holds ?? []) {
    if (left < massT) return hold;
    left -= massT;
  }
  return holds?.at(-1)?.hold;
}

function close(
  lot: LotOnBelt,
  travel: Travel,
  toKg: number,
  toM: number,
  last: boolean,
  settings: IncrementSettings,
): Closing {
  const { incrementKg, windowKg, toIso } = settings;
  const { declared, fromKg, next, nextFromM, nextFromMs, nextStoodMs } = lot;
  const beginKg = next * incrementKg;
  const massKg = Math.round(toKg - fromKg) - beginKg;
  const toMs = timeOf(travel, toM);
  const hold = holdAt(declared, beginKg + massKg / 2);
  const data: IncrementClosed = {
    lot: declared.lot,
    increment: next,
    massKg,
    fromT: beginKg / 1000,
    fromM: nextFromM,
    toM,
    from: toIso(nextFromMs),
    to: toIso(toMs),
    windows: {
      from: Math.round(beginKg / windowKg),
      to: Math.max(Math.round(beginKg / windowKg), Math.ceil((beginKg + massKg) / windowKg)),
    },
    windowT: windowKg / 1000,
    last,
    stoodSeconds: (travel.stoodMs - nextStoodMs) / 1000,
    ...(hold === undefined ? {} : { hold }),
    declared,
  };
  Object.assign(lot, { next: next + 1, nextFromM: toM, nextFromMs: toMs, nextStoodMs: travel.stoodMs });
  return { toM, toMs, data };
}

/** Increments of a lot that have ended at the scale; the lot is changed in place. */
export function closeBy(
  lot: LotOnBelt,
  travel: Travel,
  nowKg: number,
  settings: IncrementSettings,
): Closing[] {
  const { incrementKg } = settings;
  const done: Closing[] = [];
  const endKg = lot.toKg ?? nowKg;
  // An end that falls on a boundary belongs to the increment in front of it.
  for (;;) {
    const boundary = lot.fromKg + (lot.next + 1) * incrementKg;
    if (boundary > endKg || (lot.toKg !== undefined && Math.round(lot.toKg - boundary) < 1)) break;
    done.push(close(lot, travel, boundary, placeOfMass(travel, boundary), false, settings));
  }
  if (lot.toKg !== undefined && lot.toM !== undefined)
    done.push(close(lot, travel, lot.toKg, lot.toM, true, settings));
  return done;
}
