import type { Feature, FeatureCollection } from 'geojson';

export interface Bounds {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** Steps of the graticule, degrees: down to a minute of arc, then its tenth. */
const steps = [30, 10, 5, 2, 1, 0.5, 1 / 6, 1 / 12, 1 / 30, 1 / 60, 1 / 120, 1 / 300, 1 / 600];

export interface Grid {
  readonly stepDeg: number;
  readonly meridians: readonly number[];
  readonly parallels: readonly number[];
}

/** Meridians and parallels for a view, at most `most` across: as many as have room for their names. */
export function gridFor(bounds: Bounds, most = 12): Grid {
  const span = Math.max(bounds.east - bounds.west, 1e-6);
  const stepDeg = steps.findLast((step) => span / step <= most) ?? (steps[0] as number);
  const between = (from: number, to: number) => {
    const first = Math.ceil(from / stepDeg);
    const count = Math.min(60, Math.floor(to / stepDeg) - first + 1);
    return Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * stepDeg);
  };
  return {
    stepDeg,
    meridians: between(bounds.west, bounds.east),
    parallels: between(Math.max(-85, bounds.south), Math.min(85, bounds.north)),
  };
}

/** The graticule as lines, beyond the view on all sides so that a small move shows no end. */
export function gridLines(grid: Grid, bounds: Bounds): FeatureCollection {
  const [padX, padY] = [bounds.east - bounds.west, bounds.north - bounds.south];
  const [south, north] = [Math.max(-85, bounds.south - padY), Math.min(85, bounds.north + padY)];
  const line = (coordinates: number[][]): Feature => ({
    type: 'Feature',
    properties: {},
    geometry: { type: 'LineString', coordinates },
  });
  return {
    type: 'FeatureCollection',
    features: [
      ...grid.meridians.map((lon) =>
        line([
          [lon, south],
          [lon, north],
        ]),
      ),
      ...grid.parallels.map((lat) =>
        line([
          [bounds.west - padX, lat],
          [bounds.east + padX, lat],
        ]),
      ),
    ],
  };
}

/** `34°45.0′N`: as fine as the step needs. */
export function gridLabel(value: number, axis: 'lat' | 'lon', stepDeg: number): string {
  const wrapped = axis === 'lon' ? ((((value + 180) % 360) + 360) % 360) - 180 : value;
  const side = axis === 'lat' ? (wrapped < 0 ? 'S' : 'N') : wrapped < 0 ? 'W' : 'E';
  const tenths = Math.round(Math.abs(wrapped) * 600);
  const degrees = Math.floor(tenths / 600);
  if (stepDeg >= 1) return `${degrees}°${side}`;
  const minutes = (tenths % 600) / 10;
  return `${degrees}°${minutes.toFixed(stepDeg < 1 / 60 - 1e-9 ? 1 : 0).padStart(2, '0')}′${side}`;
}
