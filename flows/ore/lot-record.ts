import { type Static, Type } from 'typebox';
import { OreStageName } from './assessment.ts';
import { Declared } from './belt-place.ts';
import { Draw } from './ladder.ts';
import { ValueSums } from './lot-fold.ts';
import type { Assessor } from './model.ts';
import { TestState } from './scan-test.ts';

const kg = (description: string) => Type.Integer({ description, minimum: 0 });

export const Alarm = Type.Object({
  stage: OreStageName,
  test: Type.String({ description: 'scan, sprt, or rule.' }),
  label: Type.String({ description: 'What it seems to be.' }),
  action: Type.Enum(['note', 'inspect', 'hold'], { description: 'What follows.' }),
  increment: Type.Integer({ description: 'Increment in which it was told.' }),
  fromT: Type.Number({ description: 'Where it begins, t of the lot.' }),
  toT: Type.Number({ description: 'Where it ends.' }),
  score: Type.Number({ description: 'How surely, 0..1.' }),
  reason: Type.String({ description: 'Why, in words.' }),
});
export type Alarm = Static<typeof Alarm>;

const Judge = Type.Object({
  id: Type.String({ description: 'Bundle, or policy.' }),
  version: Type.String({ description: 'Its version.' }),
  signed: Type.Boolean({ description: 'Its signature was right.' }),
  simulated: Type.Boolean({ description: 'Validated on simulated ore alone.' }),
});

/** What a lot's verdict will rest on: sums and counts, in whole numbers wherever things are added up. */
export const LotRecord = Type.Object({
  declared: Declared,
  draw: Draw,
  next: Type.Integer({ description: 'First increment that was not assessed.' }),
  massKg: kg('Mass of the assessed increments.'),
  coveredKg: kg('Mass that every covering stage has judged.'),
  unseenKg: Type.Optional(
    kg('Mass up to the last increment that not every stage has judged, in one stretch.'),
  ),
  longestUnseenKg: Type.Optional(kg('The longest such stretch.')),
  byStage: Type.Record(Type.String(), kg('Mass that the stage has judged.'), { description: 'By stage.' }),
  outcomes: Type.Object(
    {
      clear: Type.Integer({ description: 'Clear increments.' }),
      suspect: Type.Integer({ description: 'Suspect ones.' }),
      none: Type.Integer({ description: 'Those that could not be judged.' }),
    },
    { description: 'Counts of increments.' },
  ),
  values: Type.Record(Type.String(), ValueSums, { description: 'Sums by element, oxide, LOI and H2O.' }),
  calibrated: Type.Optional(
    Type.Record(Type.String(), Type.Record(Type.String(), Type.Integer()), {
      description:
        "By value, increments that have it of a laboratory's calibration, by its bundle and version.",
    }),
  ),
  tests: Type.Record(Type.String(), TestState, { description: 'Tests by stage.' }),
  alarms: Type.Array(Alarm, { description: 'What has spoken against the lot, each once.' }),
  alarmed: Type.Record(Type.String(), Type.Number(), { description: 'Tonnes of the newest alarm by stage.' }),
  alarmCount: Type.Integer({ description: 'Alarms, also those told once for many.' }),
  faults: Type.Array(Type.String(), { description: 'Instruments that drifted or were out.' }),
  missing: Type.Array(Type.String(), { description: 'Why stages did not judge, each sentence once.' }),
  models: Type.Array(Judge, { description: 'Who has judged.' }),
  sampledT: Type.Optional(Type.Number({ description: 'Tonnes at which the sampler was asked last.' })),
  from: Type.Optional(Type.String({ description: 'When its first increment began.' })),
  to: Type.Optional(Type.String({ description: 'When its last increment ended.' })),
  done: Type.Optional(Type.Boolean({ description: 'The verdict was given.' })),
});
export type LotRecord = Static<typeof LotRecord>;

export const freshRecord = (declared: Declared, draw: Draw): LotRecord => ({
  declared,
  draw,
  next: 0,
  massKg: 0,
  coveredKg: 0,
  byStage: {},
  outcomes: { clear: 0, suspect: 0, none: 0 },
  values: {},
  tests: {},
  alarms: [],
  alarmed: {},
  alarmCount: 0,
  faults: [],
  missing: [],
  models: [],
});

/** Adds a sentence that is not there yet, up to some dozens. */
export function once(list: string[], sentence: string): void {
  if (list.length < 50 && !list.includes(sentence)) list.push(sentence);
}

/** Names who has judged, each version once. */
export function addJudge({ models }: LotRecord, { id, version, signed, simulated }: Assessor): void {
  if (!models.some((one) => one.id === id && one.version === version))
    models.push({ id, version, signed, simulated });
}

/** Counts an increment whose value is of a laboratory's calibration. */
export function countCalibration(record: LotRecord, name: string, by: Assessor): void {
  addJudge(record, by);
  const known = record.calibrated?.[name] ?? {};
  const version = `${by.id} ${by.version}`;
  record.calibrated = { ...record.calibrated, [name]: { ...known, [version]: (known[version] ?? 0) + 1 } };
}
