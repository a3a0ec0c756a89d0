import { type Static, Type } from 'typebox';
import { namesSet } from '../fence-names.ts';
import { type FenceIndex, indexFences } from '../geo/fence-index.ts';
import { type FenceProblem, type FenceSet, readFences } from '../geo/fences.ts';
import { indexPrepared } from '../geo/prepared.ts';
import type { Resources } from '../stage.ts';
import { digest } from '../trust/canonical.ts';
import { faults } from './faults.ts';
import { maxKeysField } from './keys.ts';
import { latenessField } from './revise.ts';

const metres = (description: string, value: number) =>
  Type.Number({ description, default: value, minimum: 0, maximum: 100_000 });

const Collection = Type.Object(
  {
    type: Type.Literal('FeatureCollection', { description: 'GeoJSON.' }),
    features: Type.Array(Type.Unknown(), { description: 'Polygons and multipolygons with `properties.id`.' }),
  },
  { description: 'The fences themselves.' },
);

export const GeofenceConfig = Type.Object(
  {
    fences: Type.Union([Type.String({ description: 'Name of a fence set.', minLength: 1 }), Collection], {
      ...namesSet,
      description: 'The fences: a GeoJSON FeatureCollection, or the name of a fence set.',
    }),
    hysteresisM: metres('An object has left a fence only when it is farther out than this, metres.', 15),
    confirmFixes: Type.Integer({
      description: 'So many consecutive fixes confirm that an object entered or left.',
      default: 2,
      minimum: 1,
      maximum: 1000,
    }),
    confirmSeconds: Type.Number({
      description: 'A fix this long after the first one confirms it too, seconds; 0: the first does.',
      default: 20,
      minimum: 0,
      maximum: 86_400,
    }),
    maxAccuracyM: metres(
      'Fixes less accurate than this are ignored, metres. The accuracy is accuracyM, else 5 x hdop, else the fix passes.',
      30,
    ),
    dwellSeconds: Type.Optional(
      Type.Number({
        description: 'Time in a fence after which there is a dwell event, once for each stay, seconds.',
        exclusiveMinimum: 0,
        maximum: 31_536_000,
      }),
    ),
    maxGapSeconds: Type.Number({
      description:
        'A way through a fence between two fixes farther apart than this is only possible, seconds: its event says `possible`.',
      default: 300,
      exclusiveMinimum: 0,
      maximum: 31_536_000,
    }),
    latenessSeconds: latenessField,
    maxDevices: maxKeysField('devices'),
  },
  { additionalProperties: false },
);
export type GeofenceConfig = Static<typeof GeofenceConfig>;

/** Problems of fences that stand in the config; those of a named set show when it is looked up. */
export function checkFences({ fences }: Pick<GeofenceConfig, 'fences'>): FenceProblem[] {
  if (typeof fences === 'string') return [];
  return readFences(fences).problems.map(({ path, message }) => ({
    path: path === '' ? 'fences' : `fences.${path}`,
    message,
  }));
}

/**
 * Which fences an event is about: the set's name with the version that it says of itself, as those of the hub do, else with the
 * first digits of the SHA-256 of its canonical form. Undefined for fences in the config itself, which the flow's hash names.
 */
export function versionOf(
  { fences }: Pick<GeofenceConfig, 'fences'>,
  resources: Resources,
): string | undefined {
  if (typeof fences !== 'string') return undefined;
  const prepared = resources.preparedFences?.(fences)?.version;
  if (prepared !== undefined) return `${fences}@${prepared}`;
  const set = resources.fenceSet?.(fences);
  const { version } = (set ?? {}) as { version?: unknown };
  return `${fences}@${Number.isInteger(version) ? version : digest(set).slice(0, 12)}`;
}

/** The fences of a config, ready to be asked: as they were prepared, or else built now. Throws as `fencesOf` does. */
export function fenceIndexOf(config: Pick<GeofenceConfig, 'fences'>, resources: Resources): FenceIndex {
  const { fences } = config;
  const prepared = typeof fences === 'string' ? resources.preparedFences?.(fences) : undefined;
  return prepared ? indexPrepared(prepared) : indexFences(fencesOf(config, resources));
}

/** The fences of a config. Throws Fault `fence.unknown` or `fence.invalid`. */
function fencesOf({ fences }: Pick<GeofenceConfig, 'fences'>, resources: Resources): FenceSet {
  const collection = typeof fences === 'string' ? resources.fenceSet?.(fences) : fences;
  if (collection === undefined) throw faults.fault('fence.unknown', { name: String(fences) }, 'fences');
  const read = readFences(collection);
  const [first] = read.problems;
  if (!first) return read;
  const where = typeof fences === 'string' ? `in set ${fences}, ` : '';
  throw faults.fault('fence.invalid', { detail: `${where}${first.path}: ${first.message}` }, 'fences');
}
