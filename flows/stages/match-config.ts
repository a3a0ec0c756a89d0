import { type Static, Type } from 'typebox';
import { namesSet } from '../fence-names.ts';
import { type Roads, readRoads } from '../roads/lines.ts';
import { matchDefaults } from '../roads/rules.ts';
import type { Resources } from '../stage.ts';
import { faults } from './faults.ts';
import { maxKeysField } from './keys.ts';

const metres = (description: string, value: number) =>
  Type.Number({ description, default: value, exclusiveMinimum: 0, maximum: 100_000 });

const Collection = Type.Object(
  {
    type: Type.Literal('FeatureCollection', { description: 'GeoJSON.' }),
    features: Type.Array(Type.Unknown(), { description: 'Lines with `properties.id`.' }),
  },
  { description: 'The roads themselves.' },
);

export const MatchConfig = Type.Object(
  {
    roads: Type.Union([Type.String({ description: 'Name of a road set.', minLength: 1 }), Collection], {
      ...namesSet,
      description:
        'The roads: a GeoJSON FeatureCollection of lines, or the name of one that stands among the fence sets.',
    }),
    sigmaM: metres(
      'Standard deviation of fixes, metres; a larger accuracyM is believed.',
      matchDefaults.sigmaM,
    ),
    betaM: metres(
      'Mean difference between the way by road and the straight line from fix to fix, metres.',
      matchDefaults.betaM,
    ),
    maxDistanceM: metres(
      'A position farther from every road than this is on none, metres.',
      matchDefaults.maxDistanceM,
    ),
    lagFixes: Type.Integer({
      description: 'A position is held until it is sure, at most until so many more of its device came.',
      default: matchDefaults.lagFixes,
      minimum: 0,
      maximum: 1000,
    }),
    lagSeconds: Type.Number({
      description: 'A position is held no longer than this by the clock, seconds.',
      default: 30,
      exclusiveMinimum: 0,
      maximum: 86_400,
    }),
    gapSeconds: Type.Number({
      description: 'After so long without a position the way there is not thought of, seconds.',
      default: 600,
      exclusiveMinimum: 0,
      maximum: 86_400,
    }),
    maxDevices: maxKeysField('devices'),
  },
  { additionalProperties: false },
);
export type MatchConfig = Static<typeof MatchConfig>;

/** Problems of roads that stand in the config; those of a named set show when it is looked up. */
export const checkRoads = ({ roads }: Pick<MatchConfig, 'roads'>): { path: string; message: string }[] =>
  typeof roads === 'string'
    ? []
    : readRoads(roads).problems.map(({ path, message }) => ({
        path: path === '' ? 'roads' : `roads.${path}`,
        message,
      }));

/** The roads of a config. Throws Fault `roads.unknown` or `roads.invalid`. */
export function roadsOf({ roads }: Pick<MatchConfig, 'roads'>, resources: Resources): Roads {
  const collection = typeof roads === 'string' ? resources.fenceSet?.(roads) : roads;
  if (collection === undefined) throw faults.fault('roads.unknown', { name: String(roads) }, 'roads');
  const read = readRoads(collection);
  const [first] = read.problems;
  if (!first) return read;
  const where = typeof roads === 'string' ? `in set ${roads}, ` : '';
  throw faults.fault('roads.invalid', { detail: `${where}${first.path}: ${first.message}` }, 'roads');
}
