import { SaxesParser } from 'saxes';

/** Ways that no lorry drives on. */
const onFoot = new Set([
  'bridleway',
  'bus_stop',
  'construction',
  'corridor',
  'cycleway',
  'elevator',
  'footway',
  'path',
  'pedestrian',
  'platform',
  'proposed',
  'razed',
  'abandoned',
  'steps',
]); // prettier-ignore
const told = ['oneway', 'junction', 'highway', 'layer', 'bridge', 'tunnel', 'maxspeed', 'name', 'ref'];

interface Way {
  readonly id: string;
  readonly nodes: string[];
  readonly tags: Record<string, string>;
}

const isRoad = ({ tags }: Way): boolean => tags.highway !== undefined && !onFoot.has(tags.highway);

/**
 * OpenStreetMap XML to the GeoJSON that roads are read from: every way with a `highway` that is driven on is a line
 * with the way's id, as text; lines meet only where ways share a node. Nodes that an extract leaves out are passed
 * over. Throws an Error with line and column for what is no such document.
 */
export function osmToGeoJson(pieces: Iterable<string>): unknown {
  const parser = new SaxesParser();
  const places = new Map<string, readonly [number, number]>();
  const ways: Way[] = [];
  let way: Way | undefined;
  let root = '';
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    root ||= name;
    if (root !== 'osm') throw new Error(`its root is <${root}>, not <osm>`);
    const { id = '', lon, lat, ref = '', k = '', v = '' } = attributes;
    if (name === 'node') {
      const place = [Number(lon), Number(lat)] as const;
      if (lon !== undefined && lat !== undefined && place.every(Number.isFinite)) places.set(id, place);
    } else if (name === 'way') way = { id, nodes: [], tags: {} };
    else if (name === 'nd') way?.nodes.push(ref);
    else if (name === 'tag' && way && told.includes(k)) way.tags[k] = v;
  });
  parser.on('closetag', ({ name }) => {
    if (name !== 'way' || !way) return;
    if (isRoad(way)) ways.push(way);
    way = undefined;
  });
  for (const piece of pieces) parser.write(piece);
  parser.close();
  if (root !== 'osm') throw new Error('it has no root <osm>');
  const features = ways.flatMap(({ id, nodes, tags }) => {
    const coordinates = nodes.flatMap((node) => {
      const place = places.get(node);
      return place ? [place] : [];
    });
    if (coordinates.length < 2) return [];
    return [{ type: 'Feature', properties: { ...tags, id }, geometry: { type: 'LineString', coordinates } }];
  });
  return { type: 'FeatureCollection', noded: true, features };
}
