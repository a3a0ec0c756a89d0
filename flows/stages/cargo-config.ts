import { type Static, Type } from 'typebox';
import { maxKeysField } from './keys.ts';
import { minConfidenceField } from './points.ts';
import { latenessField } from './revise.ts';

const points = (description: string) =>
  Type.Array(Type.String({ minLength: 1 }), { description, minItems: 1, maxItems: 200 });

const Leg = Type.Object(
  {
    id: Type.String({ description: 'Name of the leg, which is in the events.', minLength: 1 }),
    from: points('Gates, cameras or weighbridges at which it begins.'),
    to: points('… and at which it ends: on the truck that it began on.'),
    maxHours: Type.Number({
      description: 'Later is another voyage of the container, hours.',
      default: 48,
      exclusiveMinimum: 0,
      maximum: 8760,
    }),
  },
  { additionalProperties: false },
);

export const CargoConfig = Type.Object(
  {
    legs: Type.Array(Leg, {
      description: 'Ways on which a container stays on its truck and keeps its mass.',
      minItems: 1,
      maxItems: 200,
    }),
    pairSeconds: Type.Number({
      description:
        'A plate and a container that are read at one point and lane within so long are of one truck, seconds; shorter than two trucks follow each other there.',
      default: 20,
      exclusiveMinimum: 0,
      maximum: 3600,
    }),
    minConfidence: minConfidenceField,
    massTolerancePct: Type.Number({
      description: 'Gross masses that differ by more than this and by `massToleranceKg` differ, percent.',
      default: 2,
      minimum: 0,
      maximum: 100,
    }),
    massToleranceKg: Type.Number({
      description: 'Fuel, water and the error of two weighbridges, kg.',
      default: 400,
      minimum: 0,
      maximum: 100_000,
    }),
    latenessSeconds: { ...latenessField, default: 60 },
    maxContainers: maxKeysField('containers'),
  },
  { additionalProperties: false },
);
export type CargoConfig = Static<typeof CargoConfig>;
export type CargoLeg = Static<typeof Leg>;

/** What the schema cannot say: names of legs, and points at both ends of one. */
export function checkCargo({ legs }: CargoConfig): { path: string; message: string }[] {
  const ids = legs.map(({ id }) => id);
  return legs.flatMap(({ id, from, to }, i) => [
    ...(ids.indexOf(id) === i ? [] : [{ path: `legs[${i}].id`, message: `another leg is called ${id} too` }]),
    ...from
      .filter((point) => to.includes(point))
      .map((point) => ({ path: `legs[${i}].to`, message: `the leg begins at ${point} already` })),
  ]);
}
