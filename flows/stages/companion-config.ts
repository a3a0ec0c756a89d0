import { type Static, Type } from 'typebox';
import { maxKeysField } from './keys.ts';

const number = (description: string, value: number, minimum: number, maximum: number) =>
  Type.Number({ description, default: value, minimum, maximum });
const whole = (description: string, value: number, minimum: number, maximum: number) =>
  Type.Integer({ description, default: value, minimum, maximum });

export const CompanionConfig = Type.Object(
  {
    distanceM: number('Two vehicles nearer than this are together, metres.', 150, 1, 10_000),
    headingDeg: number('Their courses differ by at most this, degrees.', 30, 1, 180),
    snapshotSeconds: number('Time between two looks at all vehicles, seconds.', 10, 1, 600),
    members: whole('Least number of vehicles of a group (M).', 2, 2, 100),
    snapshots: whole('Snapshots together in all (K).', 30, 2, 10_000),
    run: whole('Least number of consecutive ones that count (L).', 3, 1, 1000),
    gap: whole('Most snapshots apart within an episode (G).', 6, 0, 1000),
    windowSeconds: number(
      'At points that read plates, the second passes at most so long after the first.',
      600,
      1,
      86_400,
    ),
    points: whole('Least number of points that two objects passed together.', 3, 2, 100),
    falseAlarmRate: number(
      'Share of pairs by chance that may be reported; each report says how likely chance is.',
      1e-4,
      1e-12,
      1,
    ),
    missRate: number('Share of companions that the test at points may miss.', 0.05, 1e-6, 0.5),
    latenessSeconds: number('A message is waited for so long, seconds of event time.', 30, 0, 3600),
    maxDevices: maxKeysField('devices and objects'),
  },
  { additionalProperties: false },
);
export type CompanionConfig = Static<typeof CompanionConfig>;
