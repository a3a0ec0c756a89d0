/** A road as it was drawn: one line, or several of a MultiLineString, that count as one length. */
export interface Road {
  /** `properties.id`, as it stands. */
  readonly id: string | number;
  /** Longitude and latitude in turn, degrees; each line has at least two different positions. */
  readonly lines: readonly Float64Array[];
  /** 1: only as it is drawn, -1: only against it, 0: both ways. */
  readonly oneway: -1 | 0 | 1;
  /** Level: lines of different levels that cross do not meet (`layer`, `bridge`, `tunnel`). */
  readonly level: string;
  /** Speed limit where it is known, km/h. */
  readonly speedKph?: number;
}

export interface RoadProblem {
  /** Path below the feature collection, such as `features[3].geometry.coordinates[0]`. */
  readonly path: string;
  readonly message: string;
}

export interface Roads {
  readonly roads: readonly Road[];
  /** Lines meet only where they have a position in common; else also where they cross. */
  readonly noded: boolean;
  /** Features that are no lines. */
  readonly others: number;
  readonly problems: readonly RoadProblem[];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Longitude and latitude in turn without repeated positions, or what is wrong with the line. */
function readLine(line: unknown, path: string): Float64Array | RoadProblem {
  if (!Array.isArray(line) || line.length < 2) return { path, message: 'a line has at least two positions' };
  const flat: number[] = [];
  for (const [i, position] of line.entries()) {
    const [x, y] = Array.isArray(position) ? (position as unknown[]) : [];
    if (typeof x !== 'number' || typeof y !== 'number' || !(Math.abs(x) <= 180 && Math.abs(y) <= 90))
      return { path: `${path}[${i}]`, message: 'a position is [longitude, latitude] in degrees' };
    const before = flat.at(-2);
    if (before !== undefined && Math.abs(x - before) > 180)
      return { path: `${path}[${i}]`, message: 'the line spans more than 180° of longitude: cut it in two' };
    if (x !== before || y !== flat.at(-1)) flat.push(x, y);
  }
  if (flat.length < 4) return { path, message: 'all positions of the line are the same' };
  return Float64Array.from(flat);
}

const forward = new Set<unknown>(['yes', 'true', '1', 1, true]);
const backward = new Set<unknown>(['-1', -1, 'reverse']);

/** As OpenStreetMap has it: a roundabout and a motorway are one way unless they say otherwise. */
function onewayOf({ oneway, junction, highway }: Record<string, unknown>): Road['oneway'] {
  if (forward.has(oneway)) return 1;
  if (backward.has(oneway)) return -1;
  if (oneway !== undefined && oneway !== null) return 0;
  return junction === 'roundabout' || junction === 'circular' || highway === 'motorway' ? 1 : 0;
}

const isSet = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== 'no' && value !== false;

function levelOf({ layer, bridge, tunnel }: Record<string, unknown>): string {
  if (isSet(layer) && String(layer) !== '0') return `layer ${layer}`;
  return isSet(bridge) ? 'bridge' : isSet(tunnel) ? 'tunnel' : '';
}

/** `maxspeed` in km/h: a number, or as OpenStreetMap writes it. */
function speedOf({ maxspeed }: Record<string, unknown>): number | undefined {
  const [, digits, mph] = /^(\d{1,3})( ?mph)?$/.exec(String(maxspeed)) ?? [];
  if (digits === undefined || Number(digits) === 0) return undefined;
  return Number(digits) * (mph ? 1.609344 : 1);
}

function readRoad(feature: Record<string, unknown>, path: string, problems: RoadProblem[]): Road | undefined {
  const properties = isObject(feature.properties) ? feature.properties : {};
  const { id } = properties;
  if ((typeof id !== 'string' && typeof id !== 'number') || id === '') {
    problems.push({ path: `${path}.properties.id`, message: 'a road needs an id' });
    return undefined;
  }
  const { type, coordinates } = isObject(feature.geometry) ? feature.geometry : {};
  const at = `${path}.geometry.coordinates`;
  const drawn = type === 'LineString' ? [coordinates] : Array.isArray(coordinates) ? coordinates : [];
  const lines: Float64Array[] = [];
  for (const [i, line] of drawn.entries()) {
    const read = readLine(line, type === 'LineString' ? at : `${at}[${i}]`);
    if ('message' in read) problems.push(read);
    else lines.push(read);
  }
  if (drawn.length === 0) problems.push({ path: at, message: 'a road has at least one line' });
  if (lines.length === 0) return undefined;
  const speedKph = speedOf(properties);
  const level = levelOf(properties);
  return { id, lines, oneway: onewayOf(properties), level, ...(speedKph !== undefined && { speedKph }) };
}

const isLine = (feature: unknown): feature is Record<string, unknown> =>
  isObject(feature) &&
  isObject(feature.geometry) &&
  (feature.geometry.type === 'LineString' || feature.geometry.type === 'MultiLineString');

/**
 * Reads roads from a GeoJSON FeatureCollection of lines with `properties.id`; `oneway`, `layer`, `bridge`,
 * `tunnel` and `maxspeed` mean what they mean in OpenStreetMap. Features that are no lines are passed over.
 * A member `noded: true` of the collection says that lines meet only at positions that they share.
 */
export function readRoads(collection: unknown): Roads {
  const none = { roads: [], noded: false, others: 0 };
  if (!isObject(collection) || collection.type !== 'FeatureCollection' || !Array.isArray(collection.features))
    return { ...none, problems: [{ path: '', message: 'this is no GeoJSON FeatureCollection' }] };
  const problems: RoadProblem[] = [];
  const roads: Road[] = [];
  const seen = new Set<string | number>();
  let others = 0;
  for (const [i, feature] of collection.features.entries()) {
    if (!isLine(feature)) {
      others++;
      continue;
    }
    const road = readRoad(feature, `features[${i}]`, problems);
    if (!road) continue;
    if (seen.has(road.id))
      problems.push({
        path: `features[${i}].properties.id`,
        message: `another road is called ${road.id} too`,
      });
    seen.add(road.id);
    roads.push(road);
  }
  if (roads.length === 0 && problems.length === 0)
    problems.push({ path: 'features', message: 'there is no line' });
  return { roads, noded: collection.noded === true, others, problems };
}
