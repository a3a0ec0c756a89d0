import type { Feature } from 'geojson';
import { canonical } from '#flows/trust/canonical';
import type { FenceProblem } from '../api/fence-types.ts';
import type { FenceChange } from '../store/fence-sets.ts';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names under which GeoJSON of old says that it is in WGS 84 after all. */
const wgs84 = /(CRS84|EPSG:(:|.*:)?4326|WGS ?84)$/i;

function crsProblem(collection: Record<string, unknown>): string | undefined {
  const { crs } = collection;
  if (crs === undefined || crs === null) return undefined;
  const name = isObject(crs) && isObject(crs.properties) ? crs.properties.name : crs;
  return typeof name === 'string' && wgs84.test(name)
    ? undefined
    : `the file says that its coordinates are in ${JSON.stringify(name)}: export it as WGS 84 (EPSG:4326)`;
}

/** The id of a feature: its property, or GeoJSON's own, as other programs write it. */
function withId(feature: Record<string, unknown>): Feature | undefined {
  const properties = isObject(feature.properties) ? feature.properties : {};
  const id = properties.id ?? feature.id;
  if ((typeof id !== 'string' && typeof id !== 'number') || id === '') return undefined;
  const { type, geometry } = feature as unknown as Feature;
  return { type, properties: { ...properties, id: String(id) }, geometry };
}

/** Characters of an id, at most. */
export const longestId = 200;

export interface Imported {
  readonly changes: readonly FenceChange[];
  readonly problems: readonly FenceProblem[];
}

/** Changes that make a set what a GeoJSON FeatureCollection says; with `replace`, what is not in it goes. */
export function importChanges(
  collection: unknown,
  there: ReadonlyMap<string, Feature>,
  replace: boolean,
): Imported {
  const refuse = (path: string, message: string): Imported => ({
    changes: [],
    problems: [{ id: '', path, message }],
  });
  if (!isObject(collection) || collection.type !== 'FeatureCollection' || !Array.isArray(collection.features))
    return refuse('', 'this is no GeoJSON FeatureCollection');
  const crs = crsProblem(collection);
  if (crs !== undefined) return refuse('crs', crs);
  const changes: FenceChange[] = [];
  const problems: FenceProblem[] = [];
  const named = new Set<string>();
  for (const [i, raw] of (collection.features as unknown[]).entries()) {
    const feature = isObject(raw) && raw.type === 'Feature' ? withId(raw) : undefined;
    const id = String(feature?.properties?.id ?? '');
    const path = `features[${i}].properties.id`;
    if (!feature) problems.push({ id, path, message: 'it needs an id' });
    else if (id.length > longestId)
      problems.push({ id, path, message: `its id is longer than ${longestId} characters` });
    else if (named.has(id)) problems.push({ id, path, message: `another one is called ${id} too` });
    else {
      const before = there.get(id);
      if (!before || canonical(before) !== canonical(feature)) changes.push({ id, feature });
    }
    named.add(id);
  }
  if (replace) for (const id of there.keys()) if (!named.has(id)) changes.push({ id });
  return { changes, problems };
}
