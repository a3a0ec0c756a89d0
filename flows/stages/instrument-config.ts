import { type Static, Type } from 'typebox';
import { checks } from '../ore/instrument-features.ts';

const number = (description: string, limits: { minimum?: number; exclusiveMinimum?: number } = {}) =>
  Type.Optional(Type.Number({ description, ...limits }));

const Check = Type.Object(
  {
    check: Type.Enum(Object.keys(checks) as (keyof typeof checks)[], {
      description: `What is looked at: ${Object.entries(checks)
        .map(([name, what]) => `\`${name}\`: ${what}`)
        .join(' ')}`,
    }),
    mean: number('Value when the instrument is well.'),
    sigma: number('Its deviation from time to time when it is well.', { exclusiveMinimum: 0 }),
    outSigmas: Type.Number({
      description: 'Mean of the newest values (EWMA) beyond so many deviations: the instrument is out.',
      default: 8,
      minimum: 1,
    }),
    least: number('Less than this, the instrument is out.'),
    most: number('More than this, the instrument is out.'),
  },
  { additionalProperties: false },
);
export type CheckConfig = Static<typeof Check>;

export const InstrumentConfig = Type.Object(
  {
    instruments: Type.Array(
      Type.Object(
        {
          device: Type.String({ description: 'Device, as its messages name it.', minLength: 1 }),
          checks: Type.Array(Check, { description: 'What is looked at.', maxItems: 20 }),
          maxReferenceAgeSeconds: number(
            'Spectra count for nothing when the last white reference is older, seconds; absent: none is asked for.',
            { exclusiveMinimum: 0 },
          ),
        },
        { additionalProperties: false },
      ),
      { description: 'Instruments and their checks.', minItems: 1, maxItems: 100 },
    ),
    chartSeconds: Type.Integer({
      description:
        'A point of each control chart is told so often at the most, seconds, and at once when its state changes.',
      default: 600,
      minimum: 1,
      maximum: 86_400,
    }),
    confirm: Type.Integer({
      description: 'Values in a row that must be wrong, or right again, before an instrument is out, or in.',
      default: 3,
      minimum: 1,
      maximum: 1000,
    }),
  },
  { additionalProperties: false },
);
export type InstrumentConfig = Static<typeof InstrumentConfig>;

export const checkInstruments = ({ instruments }: InstrumentConfig) =>
  instruments.flatMap(({ checks: list }, i) =>
    list.flatMap(({ mean, sigma, least, most }, j) =>
      (mean === undefined) === (sigma === undefined) && (mean ?? least ?? most) !== undefined
        ? []
        : [
            {
              path: `instruments[${i}].checks[${j}]`,
              message: 'give mean and sigma together, or least, or most',
            },
          ],
    ),
  );
