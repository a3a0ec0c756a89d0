import { type Static, Type } from 'typebox';
import { namesSet } from '../fence-names.ts';
import { maxKeysField } from './keys.ts';

/** Published definitions: Global Fishing Watch's, and the two of Starboard Maritime Intelligence. */
export const presets = {
  gfw: { distanceM: 500, minutes: 120, maxSpeedKn: 2, shoreM: 10_000 },
  starboardClose: { distanceM: 50, minutes: 10, maxSpeedKn: 50, shoreM: 10_000 },
  starboard: { distanceM: 200, minutes: 30, maxSpeedKn: 50, shoreM: 10_000 },
} as const;

const optional = (description: string, maximum: number) =>
  Type.Optional(Type.Number({ description, exclusiveMinimum: 0, maximum }));

const Collection = Type.Object(
  {
    type: Type.Literal('FeatureCollection', { description: 'GeoJSON.' }),
    features: Type.Array(Type.Unknown(), { description: 'Polygons and multipolygons with `properties.id`.' }),
  },
  { description: 'The fences themselves.' },
);

export const EncounterConfig = Type.Object(
  {
    preset: Type.Enum(['gfw', 'starboard', 'starboardClose'], {
      description: 'What an encounter is: 500 m for 2 h below 2 kn, 200 m for 30 min, or 50 m for 10 min.',
      default: 'gfw',
    }),
    distanceM: optional("In place of the preset's distance between the ships, metres.", 50_000),
    minutes: optional("In place of the preset's duration, minutes.", 10_080),
    maxSpeedKn: optional("In place of the preset's greatest mean speed, knots.", 100),
    fences: Type.Optional(
      Type.Union([Type.String({ description: 'Name of a fence set.', minLength: 1 }), Collection], {
        ...namesSet,
        description:
          'Ports, anchorages and shores: ships near them meet and lie as they must, and arrive there.',
      }),
    ),
    awayM: Type.Number({
      description: 'Encounters and loitering count only so far from every fence, metres.',
      default: 10_000,
      minimum: 0,
      maximum: 1_000_000,
    }),
    gapHours: Type.Number({
      description: 'Silence of at least so long is a dark gap, hours.',
      default: 6,
      exclusiveMinimum: 0,
      maximum: 1000,
    }),
    loiterHours: Type.Number({
      description: 'Slower than two knots for so long is loitering, hours.',
      default: 4,
      exclusiveMinimum: 0,
      maximum: 1000,
    }),
    latenessSeconds: Type.Number({
      description: 'A position waits so long for older ones, seconds of event time.',
      default: 60,
      minimum: 0,
      maximum: 86_400,
    }),
    maxDevices: maxKeysField('ships'),
  },
  { additionalProperties: false },
);
export type EncounterConfig = Static<typeof EncounterConfig>;
