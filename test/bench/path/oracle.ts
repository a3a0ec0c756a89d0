import type { FeatureCollection, Polygon, Position } from 'geojson';
import type { Fix } from './traffic.ts';

/** What must come out: one transition, of the fix with that index. */
export interface Transition {
  readonly index: number;
  readonly device: string;
  readonly fence: string;
  readonly change: 'enter' | 'exit';
}

export const transitionKey = (t: Transition) => `${t.index} ${t.fence} ${t.change}`;

/** The classic even-odd test (W. R. Franklin), on purpose none of the code that is measured. */
function contains(ring: readonly Position[], x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [x1 = 0, y1 = 0] = ring[i] ?? [];
    const [x2 = 0, y2 = 0] = ring[j] ?? [];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

/**
 * The transitions that the fixes so far must have caused, by brute force over every fence: the difference of
 * what contains a vehicle at consecutive fixes; before its first, nothing does.
 */
export function makeOracle(fences: FeatureCollection<Polygon, { id: string }>) {
  const shapes = fences.features.map((feature) => ({
    id: feature.properties.id,
    ring: feature.geometry.coordinates[0] ?? [],
  }));
  const boxes = Float64Array.from(
    shapes.flatMap(({ ring }) => {
      const xs = ring.map(([x = 0]) => x);
      const ys = ring.map(([, y = 0]) => y);
      return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    }),
  );
  const outside = (at: number, { lon, lat }: Fix) =>
    lon < (boxes[at] ?? 0) ||
    lat < (boxes[at + 1] ?? 0) ||
    lon > (boxes[at + 2] ?? 0) ||
    lat > (boxes[at + 3] ?? 0);
  const last = new Map<string, string[]>();
  return (fix: Fix): Transition[] => {
    const now: string[] = [];
    shapes.forEach(({ id, ring }, i) => {
      if (!outside(4 * i, fix) && contains(ring, fix.lon, fix.lat)) now.push(id);
    });
    const before = last.get(fix.device) ?? [];
    last.set(fix.device, now);
    const of = (change: 'enter' | 'exit') => (fence: string) => ({
      index: fix.index,
      device: fix.device,
      fence,
      change,
    });
    return [
      ...now.filter((id) => !before.includes(id)).map(of('enter')),
      ...before.filter((id) => !now.includes(id)).map(of('exit')),
    ];
  };
}
