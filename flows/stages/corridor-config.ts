import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { namesSet } from '../fence-names.ts';
import type { Resources } from '../stage.ts';
import { faults } from './faults.ts';
import { maxKeysField } from './keys.ts';
import { latenessField } from './revise.ts';

const metres = (description: string, value: number) =>
  Type.Number({ description, default: value, minimum: 0, maximum: 100_000 });
const point = Type.Array(Type.Number({ minimum: -180, maximum: 180 }), { minItems: 2, maxItems: 2 });

const Corridor = Type.Object(
  {
    id: Type.String({ description: 'Its name, which is in the events.', minLength: 1 }),
    line: Type.Array(point, {
      description: 'Its middle line from the begin to the end: longitude and latitude, degrees, WGS 84.',
      minItems: 2,
      maxItems: 10_000,
    }),
    widthM: metres('An object is on it when it is at most this far from the line, metres.', 100),
    oneWay: Type.Boolean({ description: 'It is to be driven from its begin to its end.', default: true }),
  },
  { additionalProperties: false },
);
type Corridor = Static<typeof Corridor>;

export const CorridorConfig = Type.Object(
  {
    corridors: Type.Union(
      [
        Type.String({ description: 'Name of a set of routes.', minLength: 1 }),
        Type.Array(Corridor, { description: 'The routes themselves.', minItems: 1 }),
      ],
      {
        ...namesSet,
        description:
          'The routes that objects have to keep to, or the name of a set of them: lines with `properties.id`, `widthM` and `oneWay`.',
      },
    ),
    devices: Type.Optional(
      Type.Array(Type.String(), { description: 'Only these devices are watched; absent: all.' }),
    ),
    hysteresisM: metres(
      'An object has left only when it is this much farther out than the width, metres.',
      15,
    ),
    confirmFixes: Type.Integer({
      description: 'So many consecutive fixes confirm a change.',
      default: 2,
      minimum: 1,
      maximum: 1000,
    }),
    confirmSeconds: Type.Number({
      description: 'A fix this long after the first one confirms it too, seconds.',
      default: 20,
      minimum: 0,
      maximum: 86_400,
    }),
    wrongWayM: metres('So far back along a one-way route is the wrong way, metres.', 50),
    approachM: metres(
      'A ride that begins within so many metres of the begin of a route, or a quarter of its length if that is less, may go back to it: that is told only when it leaves the route there, metres.',
      500,
    ),
    maxAccuracyM: metres('Fixes less accurate than this are ignored, metres.', 30),
    latenessSeconds: latenessField,
    maxDevices: maxKeysField('devices'),
  },
  { additionalProperties: false },
);
export type CorridorConfig = Static<typeof CorridorConfig>;

/** What the schema cannot say of routes that stand in the config. */
export function checkCorridors({
  corridors,
}: Pick<CorridorConfig, 'corridors'>): { path: string; message: string }[] {
  if (typeof corridors === 'string') return [];
  const ids = corridors.map(({ id }) => id);
  return corridors.flatMap(({ id, line }, i) => {
    const path = `corridors[${i}]`;
    const north = line.findIndex(([, lat]) => Math.abs(lat ?? 0) > 90);
    const [first] = line;
    return [
      ...(ids.indexOf(id) === i
        ? []
        : [{ path: `${path}.id`, message: `another route is called ${id} too` }]),
      ...(north < 0
        ? []
        : [{ path: `${path}.line[${north}]`, message: 'a position is [longitude, latitude] in degrees' }]),
      ...(line.some(([lon, lat]) => lon !== first?.[0] || lat !== first?.[1])
        ? []
        : [{ path: `${path}.line`, message: 'all positions of the route are the same' }]),
    ];
  });
}

/** The corridors of a config. Throws Fault `corridor.unknown` or `corridor.invalid`. */
export function corridorsOf({ corridors }: CorridorConfig, resources: Resources): readonly Corridor[] {
  if (typeof corridors !== 'string') return corridors;
  const set = resources.fenceSet?.(corridors) as { features?: unknown } | undefined;
  if (set === undefined) throw faults.fault('corridor.unknown', { name: corridors }, 'corridors');
  const features = Array.isArray(set.features) ? (set.features as unknown[]) : [];
  const read = features.map((feature, place) => {
    const { properties, geometry } = (feature ?? {}) as Record<string, Record<string, unknown> | undefined>;
    const { id, widthM, oneWay } = properties ?? {};
    const said = { id: String(id ?? ''), line: geometry?.coordinates, widthM, oneWay };
    const corridor = Value.Default(Corridor, said);
    if (geometry?.type === 'LineString' && Value.Check(Corridor, corridor)) return corridor;
    const detail = `in set ${corridors}, features[${place}]: a route is a LineString with properties.id`;
    throw faults.fault('corridor.invalid', { detail }, 'corridors');
  });
  const [wrong] = checkCorridors({ corridors: read });
  if (wrong) {
    const detail = `in set ${corridors}, ${wrong.path.replace('corridors', 'features')}: ${wrong.message}`;
    throw faults.fault('corridor.invalid', { detail }, 'corridors');
  }
  if (read.length > 0) return read;
  throw faults.fault('corridor.invalid', { detail: `set ${corridors} has no routes` }, 'corridors');
}
