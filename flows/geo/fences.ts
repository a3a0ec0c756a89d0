import { type FenceRules, readRules } from './fence-rules.ts';
import { type ShapeBuilder, type Shapes, shapeBuilder } from './shapes.ts';

/** An area by name. Its outline is in the shapes of its set, under the number that it has in the list. */
export interface Fence {
  readonly id: string;
  readonly name?: string;
  /** When, to whom and which way it applies; absent: always. */
  readonly rules?: FenceRules;
}

/** Fences and their outlines. */
export interface FenceSet {
  readonly fences: readonly Fence[];
  readonly shapes: Shapes;
}

export interface FenceProblem {
  /** Path below the feature collection, such as `features[3].geometry.coordinates[0]`. */
  readonly path: string;
  readonly message: string;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Points = readonly (readonly [number, number])[];

/** Corners of a ring without those that repeat the one before, or its first problem. */
function readRing(ring: unknown, path: string): Points | FenceProblem {
  if (!Array.isArray(ring) || ring.length < 4) return { path, message: 'a ring has at least four positions' };
  const points: (readonly [number, number])[] = [];
  for (const [i, position] of ring.entries()) {
    const [x, y] = Array.isArray(position) ? (position as unknown[]) : [];
    if (typeof x !== 'number' || typeof y !== 'number' || !(Math.abs(x) <= 180 && Math.abs(y) <= 90)) {
      return { path: `${path}[${i}]`, message: 'a position is [longitude, latitude] in degrees' };
    }
    const before = points.at(-1);
    if (before && Math.abs(x - before[0]) > 180) {
      const message =
        'this edge spans more than 180° of longitude: cut the fence in two at the antimeridian (RFC 7946, 3.1.9)';
      return { path: `${path}[${i}]`, message };
    }
    if (!before || before[0] !== x || before[1] !== y) points.push([x, y]);
  }
  const [x0, y0] = (ring as [number, number][])[0] ?? [0, 0];
  const [xn, yn] = (ring as [number, number][]).at(-1) ?? [0, 0];
  if (x0 !== xn || y0 !== yn)
    return { path, message: 'the ring is not closed: its last position must be its first' };
  return points;
}

function readPart(rings: unknown, path: string, problems: FenceProblem[], shapes: ShapeBuilder): void {
  if (!Array.isArray(rings) || rings.length === 0) {
    problems.push({ path, message: 'a polygon has at least one ring' });
    return;
  }
  const read: Points[] = [];
  for (const [i, ring] of rings.entries()) {
    const points = readRing(ring, `${path}[${i}]`);
    if ('message' in points) {
      problems.push(points);
      return;
    }
    if (points.length > 1) read.push(points);
  }
  if (read.length === 0) {
    problems.push({ path, message: 'all positions of the polygon are the same' });
    return;
  }
  shapes.part();
  for (const points of read) shapes.ring(points);
}

function readFeature(
  feature: unknown,
  path: string,
  problems: FenceProblem[],
  shapes: ShapeBuilder,
): Fence | undefined {
  if (!isObject(feature) || feature.type !== 'Feature') {
    problems.push({ path, message: 'this is no GeoJSON Feature' });
    return undefined;
  }
  const { id, name } = isObject(feature.properties) ? feature.properties : {};
  if ((typeof id !== 'string' && typeof id !== 'number') || id === '') {
    problems.push({ path: `${path}.properties.id`, message: 'a fence needs an id' });
  }
  if (id === '__proto__') problems.push({ path: `${path}.properties.id`, message: 'this is no usable id' });
  const { type, coordinates } = isObject(feature.geometry) ? feature.geometry : {};
  const at = `${path}.geometry.coordinates`;
  const polygons: { rings: unknown; path: string }[] = [];
  if (type === 'Polygon') polygons.push({ rings: coordinates, path: at });
  else if (type === 'MultiPolygon' && Array.isArray(coordinates)) {
    polygons.push(...coordinates.map((rings: unknown, i) => ({ rings, path: `${at}[${i}]` })));
  } else {
    problems.push({ path: `${path}.geometry`, message: 'a fence is a Polygon or a MultiPolygon' });
    return undefined;
  }
  const rules = readRules(feature.properties, `${path}.properties`, problems);
  shapes.fence();
  for (const one of polygons) readPart(one.rings, one.path, problems, shapes);
  return { id: String(id), ...(typeof name === 'string' ? { name } : {}), ...(rules ? { rules } : {}) };
}

/** How many positions there are at any depth. */
function countPositions(coordinates: unknown): number {
  if (!Array.isArray(coordinates)) return 0;
  if (!Array.isArray(coordinates[0])) return 1;
  return coordinates.reduce<number>((sum, one) => sum + countPositions(one), 0);
}

const positionsOf = (feature: unknown): number =>
  isObject(feature) && isObject(feature.geometry) ? countPositions(feature.geometry.coordinates) : 0;

export type ReadFences = FenceSet & { readonly problems: readonly FenceProblem[] };

/** Reads fences feature by feature, so that not all of a large set has to be there at once. */
export interface FenceReader {
  add(features: readonly unknown[]): void;
  /** With problems, the fences are not to be used. */
  finish(): ReadFences;
}

/** `expected`: how many positions there will be, so that memory is taken once. */
export function fenceReader(expected = 0): FenceReader {
  const problems: FenceProblem[] = [];
  const fences: Fence[] = [];
  const seen = new Set<string>();
  const shapes = shapeBuilder(expected);
  let count = 0;
  return {
    add(features) {
      for (const feature of features) {
        const path = `features[${count++}]`;
        const fence = readFeature(feature, path, problems, shapes);
        if (!fence) continue;
        if (seen.has(fence.id)) {
          problems.push({
            path: `${path}.properties.id`,
            message: `another fence is called ${fence.id} too`,
          });
        }
        seen.add(fence.id);
        fences.push(fence);
      }
    },
    finish: () => ({ fences, shapes: shapes.shapes(), problems }),
  };
}

/** Features of a GeoJSON FeatureCollection; undefined when it is none. */
export function featuresOf(collection: unknown): readonly unknown[] | undefined {
  const { type, features } = isObject(collection) ? collection : {};
  return type === 'FeatureCollection' && Array.isArray(features) ? features : undefined;
}

/** How many positions features have. */
export const countOf = (features: readonly unknown[]): number =>
  features.reduce<number>((sum, feature) => sum + positionsOf(feature), 0);

/** Reads a GeoJSON FeatureCollection of fences. With problems, the fences are not to be used. */
export function readFences(collection: unknown): ReadFences {
  const features = featuresOf(collection);
  const reader = fenceReader(features ? countOf(features) : 0);
  if (features) reader.add(features);
  const read = reader.finish();
  return features
    ? read
    : { ...read, problems: [{ path: '', message: 'this is no GeoJSON FeatureCollection' }] };
}
