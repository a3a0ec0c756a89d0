import type { Feature, FeatureCollection, Geometry } from 'geojson';
import type { MapLayers } from '#hub/api/types';

/** An invented port, drawn coarsely: quay, gate, road and yard, with fences. */
export const origin = { lon: 119.6, lat: 34.75 };
const metresPerDegree = 111_320;

export const spot = (eastM: number, northM: number): [number, number] => [
  origin.lon + eastM / (metresPerDegree * Math.cos((origin.lat * Math.PI) / 180)),
  origin.lat + northM / metresPerDegree,
];

const box = (west: number, south: number, east: number, north: number): Geometry => ({
  type: 'Polygon',
  coordinates: [
    [spot(west, south), spot(east, south), spot(east, north), spot(west, north), spot(west, south)],
  ],
});
const feature = (properties: Record<string, string>, geometry: Geometry): Feature => ({
  type: 'Feature',
  properties,
  geometry,
});
const collection = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features });

/** Where trucks drive, metres east and north. */
export const road: readonly (readonly [number, number])[] = [
  [-200, 250],
  [300, 250],
  [700, 120],
  [1500, 0],
  [2800, -350],
  [4200, -400],
  [5200, -150],
  [5600, -100],
];

export const layers: MapLayers = {
  port: collection([
    feature({ layer: 'water', name: 'Basin' }, box(-1300, 700, 1200, 1700)),
    feature({ layer: 'quay', name: 'North quay' }, box(-1200, 560, 1100, 700)),
    feature({ layer: 'yard', name: 'Stacks' }, box(-1200, 100, 500, 520)),
    ...[0, 1, 2, 3].map((i) =>
      feature({ layer: 'berth', name: `Berth ${i + 1}` }, box(-1150 + i * 560, 640, -640 + i * 560, 700)),
    ),
    feature({ layer: 'gate', name: 'Gate A' }, box(640, 60, 760, 200)),
    feature({ layer: 'building', name: 'Customs hall' }, box(560, 230, 740, 330)),
    feature(
      { layer: 'road', name: 'Port road' },
      { type: 'LineString', coordinates: road.map(([x, y]) => spot(x, y)) },
    ),
    feature({ layer: 'yard', name: 'Yard B' }, box(5200, -420, 6000, 180)),
  ]),
  fences: collection([
    feature({ id: 'gate-a', name: 'Gate A', set: 'port' }, box(610, 30, 790, 230)),
    feature({ id: 'yard-b', name: 'Yard B', set: 'port' }, box(5180, -440, 6020, 200)),
    feature({ id: 'restricted', name: 'Restricted area', set: 'port' }, box(-1200, 300, -800, 520)),
    feature(
      { id: 'corridor', name: 'Corridor', set: 'port' },
      {
        type: 'Polygon',
        coordinates: [
          [
            ...road.slice(2).map(([x, y]) => spot(x, y + 160)),
            ...road
              .slice(2)
              .reverse()
              .map(([x, y]) => spot(x, y - 160)),
            spot(700, 280),
          ],
        ],
      },
    ),
  ]),
};

/** Where one is after `distanceM` on the road and back again, and the course there. */
export function onRoad(distanceM: number): { lon: number; lat: number; courseDeg: number; eastM: number } {
  const legs = road.slice(1).map(([x, y], i) => {
    const [fromX, fromY] = road[i] as readonly [number, number];
    return { fromX, fromY, x, y, length: Math.hypot(x - fromX, y - fromY) };
  });
  const total = legs.reduce((sum, leg) => sum + leg.length, 0);
  const lap = distanceM % (2 * total);
  const back = lap > total;
  let rest = back ? 2 * total - lap : lap;
  let index = 0;
  while (index < legs.length - 1 && rest > (legs[index]?.length ?? 0)) {
    rest -= legs[index]?.length ?? 0;
    index += 1;
  }
  const leg = legs[index];
  if (!leg) throw new Error('the road has no legs');
  const share = rest / leg.length;
  const [east, north] = [leg.fromX + (leg.x - leg.fromX) * share, leg.fromY + (leg.y - leg.fromY) * share];
  const course = (Math.atan2(leg.x - leg.fromX, leg.y - leg.fromY) * 180) / Math.PI + (back ? 180 : 0);
  const [lon, lat] = spot(east, north + (back ? 6 : -6));
  return { lon, lat, courseDeg: (course + 360) % 360, eastM: east };
}
