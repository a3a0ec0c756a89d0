import { type Static, Type } from 'typebox';
import { namesSet } from '../fence-names.ts';
import { maxKeysField } from './keys.ts';
import { latenessField } from './revise.ts';

const Collection = Type.Object(
  {
    type: Type.Literal('FeatureCollection', { description: 'GeoJSON.' }),
    features: Type.Array(Type.Unknown(), { description: 'Polygons and multipolygons with `properties.id`.' }),
  },
  { description: 'The fences themselves.' },
);

const hour = (description: string) =>
  Type.Number({ description: `${description}, hour of the day.`, minimum: 0, maximum: 24 });

export const StopConfig = Type.Object(
  {
    radiusM: Type.Number({
      description:
        'A vehicle stands while no position is farther than this from where it came to a stand: from the first, and once it is a stop from the middle of its positions, metres. Fixes less accurate than this are ignored.',
      default: 50,
      exclusiveMinimum: 0,
      maximum: 10_000,
    }),
    stopSeconds: Type.Number({
      description: 'Standing for so long is a stop, seconds.',
      default: 300,
      exclusiveMinimum: 0,
      maximum: 86_400,
    }),
    gapSeconds: Type.Number({
      description:
        'After so long without a position nothing is known: a stop ends with the last one, seconds.',
      default: 600,
      exclusiveMinimum: 0,
      maximum: 604_800,
    }),
    fences: Type.Optional(
      Type.Union([Type.String({ description: 'Name of a fence set.', minLength: 1 }), Collection], {
        ...namesSet,
        description:
          'Zones where stops are allowed: a GeoJSON FeatureCollection, or the name of a fence set. Absent: no stop is unscheduled.',
      }),
    ),
    allowanceSeconds: Type.Optional(
      Type.Number({
        description: 'A stop in an allowed zone that lasts longer is unscheduled too, seconds.',
        exclusiveMinimum: 0,
        maximum: 2_592_000,
      }),
    ),
    spots: Type.Optional(
      Type.Union([Type.String({ description: 'Name of a fence set.', minLength: 1 }), Collection], {
        ...namesSet,
        description:
          'Places where goods are known to change vehicles: a GeoJSON FeatureCollection, or the name of a fence set. An unscheduled stop at one is graver.',
      }),
    ),
    spotM: Type.Number({
      description:
        'A stop is at such a place when it is in it, or no farther from its edge than this, metres.',
      default: 200,
      minimum: 0,
      maximum: 10_000,
    }),
    nightHours: Type.Tuple([hour('Begin of the night'), hour('… and its end')], {
      description:
        'Hours of mean solar time at the place, which needs no time zone, in which an unscheduled stop is graver; the same hour twice: none.',
      default: [22, 5],
    }),
    latenessSeconds: latenessField,
    maxDevices: maxKeysField('devices'),
  },
  { additionalProperties: false },
);
export type StopConfig = Static<typeof StopConfig>;
