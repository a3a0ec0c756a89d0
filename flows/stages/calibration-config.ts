import { type Static, Type } from 'typebox';
import { maxKeysField } from './keys.ts';

const names = (description: string) =>
  Type.Optional(Type.Array(Type.String({ minLength: 1 }), { description, minItems: 1, maxItems: 100 }));

const Use = Type.Object(
  {
    bundle: Type.String({
      description: 'Bundle id of the calibration, as `calibrate` or the Lab page has made it.',
      minLength: 1,
    }),
    devices: names('Instruments that it is for; absent: all whose technique is its own.'),
    brands: names('Declared brands that it is for; absent: all.'),
    mines: names('Declared mines that it is for; absent: all.'),
    unit: Type.Optional(
      Type.String({ description: 'Unit of its values, UCUM; absent: as its bundle says.', minLength: 1 }),
    ),
    use: Type.Enum(['beside', 'result'], {
      description:
        "`result`: its value is the increment's, in place of that of the built-in model; `beside`: it stands beside that, as `Fe (bundle)`.",
      default: 'result',
    }),
  },
  { additionalProperties: false },
);
export type CalibrationUse = Static<typeof Use>;

export const CalibrationConfig = Type.Object(
  {
    calibrations: Type.Array(Use, {
      description:
        'Calibrations, the first of a property that fits coming first; none: all goes by as it is.',
      default: [],
      maxItems: 100,
    }),
    maxIncrements: maxKeysField('open increments'),
  },
  { additionalProperties: false },
);
export type CalibrationConfig = Static<typeof CalibrationConfig>;

/** A bundle is one calibration of one property: named twice, one of the two would never be asked. */
export const checkCalibrations = ({ calibrations }: CalibrationConfig) =>
  calibrations.flatMap(({ bundle }, i) =>
    calibrations.findIndex((other) => other.bundle === bundle) === i
      ? []
      : [{ path: `calibrations[${i}].bundle`, message: `${bundle} is named twice` }],
  );
