import { type Static, Type } from 'typebox';
import { namesSet } from '../fence-names.ts';
import { readFences } from '../geo/fences.ts';
import { checkFences, GeofenceConfig } from './geofence-config.ts';
import { maxKeysField } from './keys.ts';
import { checkPoints, minConfidenceField, pointsField } from './points.ts';
import { latenessField } from './revise.ts';
import { parseIso } from './time.ts';

const fences = GeofenceConfig.properties.fences;
const count = (description: string, value: number) =>
  Type.Integer({ description, default: value, minimum: 1, maximum: 1000 });

export const GuardConfig = Type.Object(
  {
    devices: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Devices that are guarded: objects, seals, cargo; absent: all.',
      }),
    ),
    fences: Type.Union([...fences.anyOf], {
      ...namesSet,
      description:
        'Where they must stay, in any one of them: a GeoJSON FeatureCollection, or the name of a fence set.',
    }),
    from: Type.Optional(
      Type.String({ description: 'Guarded from this moment on (ISO 8601, UTC).', format: 'date-time' }),
    ),
    until: Type.Optional(
      Type.String({ description: 'Guarded up to this moment (ISO 8601, UTC).', format: 'date-time' }),
    ),
    mustStayLocked: Type.Boolean({
      description: 'Seals must stay locked outside of the fences in `unlockFences`.',
      default: true,
    }),
    unlockFences: Type.Array(Type.String(), {
      description: 'Ids of fences in which a seal may be unlocked.',
      default: [],
    }),
    unlockUncertaintyM: Type.Number({
      description:
        'Where a seal is when it is unlocked must be known to this, metres: by its own fix, else by the truck that it goes with (events of `separation`, `attributes.vehicle` of the seal), else by the gate in `points` that read it, its truck or its container last. A place of before, after which it may have driven on at 130 km/h, soon is not.',
      default: 5000,
      minimum: 0,
      maximum: 1_000_000,
    }),
    points: pointsField,
    minConfidence: minConfidenceField,
    hysteresisM: Type.Number({
      description: 'Out is farther from the fences than this, metres.',
      default: 15,
      minimum: 0,
      maximum: 100_000,
    }),
    confirmFixes: count(
      'So many consecutive fixes outside are a violation, and so many inside are its end.',
      2,
    ),
    maxAccuracyM: Type.Number({
      description: 'Fixes less accurate than this are ignored, metres.',
      default: 30,
      minimum: 0,
      maximum: 100_000,
    }),
    silenceSeconds: Type.Number({
      description:
        'Not heard for this long is a violation too: where the object is, is not known. One of `devices` that is never heard is told of as silent.',
      default: 900,
      exclusiveMinimum: 0,
      maximum: 31_536_000,
    }),
    latenessSeconds: latenessField,
    maxDevices: maxKeysField('devices'),
  },
  { additionalProperties: false },
);
export type GuardConfig = Static<typeof GuardConfig>;

/** What the schema cannot say of a config: fences, points, where a seal may be unlocked, and the time. */
export function checkGuard(config: GuardConfig): { path: string; message: string }[] {
  const { fences, unlockFences, from, until, points } = config;
  const ids = typeof fences === 'string' ? undefined : new Set(readFences(fences).fences.map(({ id }) => id));
  const unknown = unlockFences.flatMap((id, i) =>
    ids === undefined || ids.has(id)
      ? []
      : [{ path: `unlockFences[${i}]`, message: `there is no fence ${id}` }],
  );
  const ends = from === undefined || until === undefined || parseIso(from) < parseIso(until);
  return [
    ...checkFences({ fences }),
    ...unknown,
    ...checkPoints(points),
    ...(ends ? [] : [{ path: 'until', message: '`until` is not later than `from`' }]),
  ];
}
