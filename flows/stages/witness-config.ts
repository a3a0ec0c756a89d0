import { type Static, Type } from 'typebox';
import { maxKeysField } from './keys.ts';
import { minConfidenceField, pointsField } from './points.ts';
import { latenessField } from './revise.ts';

const metres = (description: string, value: number, maximum: number) =>
  Type.Number({ description, default: value, minimum: 0, maximum });
const lon = Type.Number({ description: 'Longitude, degrees east.', minimum: -180, maximum: 180 });
const lat = Type.Number({ description: 'Latitude, degrees north.', minimum: -90, maximum: 90 });
const whole = (description: string) => Type.Integer({ description, minimum: 0 });

const CellPlace = Type.Object(
  {
    mcc: Type.Optional(whole('Country of the network; absent: as devices that do not tell it.')),
    mnc: Type.Optional(whole('The network.')),
    lac: whole('Area.'),
    id: whole('Cell.'),
    lon,
    lat,
    radiusM: metres('It reaches no farther, metres.', 5000, 100_000),
  },
  { additionalProperties: false },
);

export const WitnessConfig = Type.Object(
  {
    points: pointsField,
    cells: Type.Array(CellPlace, {
      description: 'Cells of mobile networks, and where they are, as somebody has surveyed them.',
      default: [],
    }),
    cellFixes: Type.Integer({
      description: 'So many fixes in a row that their cells do not reach are told.',
      default: 3,
      minimum: 1,
      maximum: 1000,
    }),
    networkRadiusM: metres(
      'A place that a device has of its network, and says so, is off by no more, metres.',
      5000,
      100_000,
    ),
    minConfidence: minConfidenceField,
    maxSpeedKph: Type.Number({
      description: 'Nothing gets from a fix to a witness faster, km/h.',
      default: 150,
      exclusiveMinimum: 0,
      maximum: 5000,
    }),
    noiseM: metres('Fixes may be off by so much beside what their accuracy says, metres.', 100, 10_000),
    clockSeconds: Type.Number({
      description: 'The clocks of witness and receiver differ by no more, seconds.',
      default: 5,
      minimum: 0,
      maximum: 3600,
    }),
    settleSeconds: Type.Number({
      description:
        'A reading waits so long for a fix of its moment or after it, seconds, so that it is told once, by the fix that is nearest: a gate is often heard a moment before the tracker. 0: told at once.',
      default: 0,
      minimum: 0,
      maximum: 3600,
    }),
    latenessSeconds: latenessField,
    maxDevices: maxKeysField('devices'),
  },
  { additionalProperties: false },
);
export type WitnessConfig = Static<typeof WitnessConfig>;
