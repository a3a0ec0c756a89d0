import { type Static, Type } from 'typebox';
import { maxKeysField } from './keys.ts';
import { Partition } from './segments.ts';
import { Signs } from './track-signs.ts';

const seconds = (description: string, value: number, maximum = 604_800) =>
  Type.Number({ description, default: value, minimum: 0, maximum });

export const HygieneConfig = Type.Object(
  {
    maxSpeedKph: Type.Number({
      description: 'No object of these is faster, km/h: trucks 130, ships 93, with what noise adds.',
      default: 150,
      exclusiveMinimum: 0,
      maximum: 5000,
    }),
    noiseM: Type.Number({
      description: 'Fixes may be off by this much together, metres.',
      default: 200,
      minimum: 0,
      maximum: 10_000,
    }),
    confirmFixes: Type.Integer({
      description:
        'So many fixes at a place that cannot be reached make another body of it; fewer are a spike.',
      default: 2,
      minimum: 2,
      maximum: 100,
    }),
    spikeFixes: Type.Integer({
      description: 'A jump is a spike when so many fixes follow where the object was before.',
      default: 3,
      minimum: 1,
      maximum: 100,
    }),
    latenessSeconds: seconds(
      'Fixes are held back this long and passed on in order of their times; 0: at once, and older ones are dropped.',
      0,
    ),
    correctSeconds: seconds(
      'Instead of holding back: fixes are passed on as they come, and what one that comes this much later changes is corrected or withdrawn by events with `supersedes`. A fix that was passed on is not taken back.',
      0,
    ),
    futureSeconds: seconds('Fixes dated later than this after the clock are dropped.', 60),
    pastSeconds: seconds(
      'Fixes dated earlier than this before the clock are dropped: their receiver does not know the time.',
      31_622_400,
      3_162_240_000,
    ),
    gapSeconds: seconds('Silence between two fixes that is told as a gap.', 600),
    gapTimes: Type.Number({
      description:
        'And is longer than so many times what 95 in 100 of the own intervals of the device are within, as far as that is known; 0: it is not learned.',
      default: 3,
      minimum: 0,
      maximum: 1000,
    }),
    coverageShare: Type.Number({
      description:
        'Where this share of passages or more ended in silence on the days before, of three devices at least, a gap has the class `coverage`. 1: never.',
      default: 0.2,
      exclusiveMinimum: 0,
      maximum: 1,
    }),
    aheadSeconds: seconds(
      'Fixes that are dated so much later than they came, five in a row, are a sign of spoofing.',
      10,
    ),
    frozenSeconds: seconds('The same place for this long, at speed, is a frozen receiver.', 300),
    frozenFixes: Type.Integer({
      description: 'Fixes that a frozen receiver has given at least.',
      default: 5,
      minimum: 2,
      maximum: 10_000,
    }),
    sharedDevices: Type.Integer({
      description: 'So many devices at one place, to the last digit, within a minute are a sign of spoofing.',
      default: 3,
      minimum: 2,
      maximum: 1000,
    }),
    jammedDevices: Type.Integer({
      description:
        'So many devices that lose their fix near each other within a minute are a sign of jamming; an alarm of antenna or receiver, a drop to half of the usual satellites, and of `attributes.carrierDbHz` by 10 dB, count half.',
      default: 3,
      minimum: 2,
      maximum: 1000,
    }),
    jammedRadiusM: Type.Number({
      description: 'How near to each other that is, metres.',
      default: 1000,
      exclusiveMinimum: 0,
      maximum: 100_000,
    }),
    maxDevices: maxKeysField('devices'),
  },
  { additionalProperties: false },
);
export type HygieneConfig = Static<typeof HygieneConfig>;

const judged = { partition: Partition, signs: Signs };
/** What the fixes of a device have shown. */
export const Judged = Type.Object(judged);
export type Judged = Static<typeof Judged>;

/** What is remembered of a device whose fixes are held back. */
export const Hygiene = Type.Object({
  ...judged,
  waiting: Type.Array(Type.Unknown(), { description: 'Fixes that are held back, in order of their times.' }),
  doneMs: Type.Optional(Type.Number({ description: 'Time up to which fixes are passed on, epoch ms.' })),
});

/** Either of the two ways with late fixes. */
export const checkHygiene = ({ latenessSeconds, correctSeconds }: HygieneConfig) =>
  latenessSeconds > 0 && correctSeconds > 0
    ? [{ path: 'correctSeconds', message: 'fixes are held back (`latenessSeconds`) or corrected, not both' }]
    : [];
