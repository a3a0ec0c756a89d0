/** A polygon with its holes: even-odd over all of its rings, its edges as x1, y1, x2, y2, … */
export interface Part {
  readonly edges: Float64Array;
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

/** An area by name: the union of its parts, edges included. Coordinates in degrees, WGS 84. */
export interface Fence {
  readonly id: string;
  readonly name?: string;
  readonly parts: readonly Part[];
}

export interface FenceProblem {
  /** Path below the feature collection, such as `features[3].geometry.coordinates[0]`. */
  readonly path: string;
  readonly message: string;
}

type Found = { readonly fences: Fence[]; readonly problems: FenceProblem[] };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Appends the edges of a ring; the first problem of the ring ends it. */
function readRing(ring: unknown, path: string, edges: number[]): FenceProblem | undefined {
  if (!Array.isArray(ring) || ring.length < 4) return { path, message: 'a ring has at least four positions' };
  const points: (readonly [number, number])[] = [];
  for (const [i, position] of ring.entries()) {
    const [x, y] = Array.isArray(position) ? (position as unknown[]) : [];
    if (typeof x !== 'number' || typeof y !== 'number' || !(Math.abs(x) <= 180 && Math.abs(y) <= 90)) {
      return { path: `${path}[${i}]`, message: 'a position is [longitude, latitude] in degrees' };
    }
    points.push([x, y]);
  }
  const [x0, y0] = points[0] ?? [0, 0];
  const [xn, yn] = points.at(-1) ?? [0, 0];
  if (x0 !== xn || y0 !== yn)
    return { path, message: 'the ring is not closed: its last position must be its first' };
  for (let i = 1; i < points.length; i++) {
    const [x1, y1] = points[i - 1] ?? [0, 0];
    const [x2, y2] = points[i] ?? [0, 0];
    if (Math.abs(x2 - x1) > 180) {
      const message =
        'this edge spans more than 180° of longitude: cut the fence in two at the antimeridian (RFC 7946, 3.1.9)';
      return { path: `${path}[${i}]`, message };
    }
    if (x1 !== x2 || y1 !== y2) edges.push(x1, y1, x2, y2);
  }
  return undefined;
}

function readPart(rings: unknown, path: string, problems: FenceProblem[]): Part | undefined {
  if (!Array.isArray(rings) || rings.length === 0) {
    problems.push({ path, message: 'a polygon has at least one ring' });
    return undefined;
  }
  const edges: number[] = [];
  for (const [i, ring] of rings.entries()) {
    const problem = readRing(ring, `${path}[${i}]`, edges);
    if (problem) {
      problems.push(problem);
      return undefined;
    }
  }
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < edges.length; i += 2) {
    minX = Math.min(minX, edges[i] ?? minX);
    maxX = Math.max(maxX, edges[i] ?? maxX);
    minY = Math.min(minY, edges[i + 1] ?? minY);
    maxY = Math.max(maxY, edges[i + 1] ?? maxY);
  }
  if (edges.length === 0) {
    problems.push({ path, message: 'all positions of the polygon are the same' });
    return undefined;
  }
  return { edges: Float64Array.from(edges), minX, minY, maxX, maxY };
}

function readFeature(feature: unknown, path: string, problems: FenceProblem[]): Fence | undefined {
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
  const parts = polygons.flatMap((one) => readPart(one.rings, one.path, problems) ?? []);
  return { id: String(id), parts, ...(typeof name === 'string' ? { name } : {}) };
}

/** Reads a GeoJSON FeatureCollection of fences. With problems, the fences are not to be used. */
export function readFences(collection: unknown): Found {
  if (
    !isObject(collection) ||
    collection.type !== 'FeatureCollection' ||
    !Array.isArray(collection.features)
  ) {
    return { fences: [], problems: [{ path: '', message: 'this is no GeoJSON FeatureCollection' }] };
  }
  const problems: FenceProblem[] = [];
  const fences: Fence[] = [];
  const seen = new Set<string>();
  for (const [i, feature] of collection.features.entries()) {
    const path = `features[${i}]`;
    const fence = readFeature(feature, path, problems);
    if (!fence) continue;
    if (seen.has(fence.id)) {
      problems.push({ path: `${path}.properties.id`, message: `another fence is called ${fence.id} too` });
    }
    seen.add(fence.id);
    fences.push(fence);
  }
  return { fences, problems };
}
