import { type Static, Type } from 'typebox';

const lon = Type.Number({ description: 'Longitude, degrees east.', minimum: -180, maximum: 180 });
const lat = Type.Number({ description: 'Latitude, degrees north.', minimum: -90, maximum: 90 });

const Point = Type.Object(
  {
    point: Type.String({ description: 'The point as its passages name it.', minLength: 1 }),
    lon,
    lat,
    radiusM: Type.Number({
      description: 'What it reads is no farther from there, metres.',
      default: 50,
      minimum: 0,
      maximum: 10_000,
    }),
  },
  { additionalProperties: false },
);

/** Points that read who passes, and where they are. */
export const pointsField = Type.Array(Point, {
  description: 'Gates, cameras and weighbridges, and where they are.',
  default: [],
});

/** A point is in one place. */
export const checkPoints = (points: Static<typeof pointsField>): { path: string; message: string }[] =>
  points.flatMap(({ point }, i) =>
    points.findIndex((one) => one.point === point) === i
      ? []
      : [{ path: `points[${i}].point`, message: `another point is called ${point} too` }],
  );

export const minConfidenceField = Type.Number({
  description: 'Readings that are less certain are no witness, 0 to 1.',
  default: 0.8,
  minimum: 0,
  maximum: 1,
});

/** Names as they are compared: readers and people write plates and numbers as they like. */
export const plain = (name: string): string => name.toUpperCase().replace(/[\s\-._·]/g, '');
