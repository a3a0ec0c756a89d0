import type { Feature, FeatureCollection } from 'geojson';
import type { Track } from '#hub/api/types';

type Point = Track['points'][number];

/** A pause longer than this between fixes is a gap, unless the object always speaks that slowly. */
const gapMs = 60_000;

/** Between which fixes a track has gaps: longer than a minute and five times its usual step. */
export function gapLimitMs(points: readonly Point[]): number {
  const steps = points.slice(1).map((p, i) => Date.parse(p.time) - Date.parse(points[i]?.time ?? ''));
  const usual = steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  return Math.max(gapMs, 5 * usual);
}

/** The points of each body under the name; a spike is of none, and no line goes there. */
function bodiesOf(points: readonly Point[]): Point[][] {
  const bodies = new Map<number | undefined, Point[]>();
  // a live fix comes without: it is drawn on from the last
  let last: number | undefined;
  for (const point of points) {
    const segment = point.segment ?? last;
    if (segment === 0) continue;
    last = segment;
    const body = bodies.get(segment) ?? [];
    bodies.set(segment, body);
    body.push(point);
  }
  return [...bodies.values()];
}

/** A track as lines where it was driven, dashes in the gaps that the hub told and in those since, and its fixes; each body by itself. */
export function trackLines(
  points: readonly Point[],
  gaps: Track['gaps'] = [],
  finestGapS = 0,
): FeatureCollection {
  const limit = Math.max(finestGapS * 1000, gapLimitMs(points));
  const begins = new Set(gaps.map(({ from }) => Date.parse(from)));
  const features: Feature[] = [];
  const line = (part: 'driven' | 'gap', coordinates: number[][]) => {
    if (coordinates.length > 1)
      features.push({ type: 'Feature', properties: { part }, geometry: { type: 'LineString', coordinates } });
  };
  for (const body of bodiesOf(points)) {
    let piece: number[][] = [];
    body.forEach((point, i) => {
      const before = body[i - 1];
      const here = [point.lon, point.lat];
      const sinceMs = before ? Date.parse(before.time) : Number.NaN;
      if (before && (begins.has(sinceMs) || Date.parse(point.time) - sinceMs > limit)) {
        line('driven', piece);
        line('gap', [[before.lon, before.lat], here]);
        piece = [];
      }
      piece.push(here);
    });
    line('driven', piece);
  }
  for (const { lon, lat } of points)
    features.push({
      type: 'Feature',
      properties: { part: 'fix' },
      geometry: { type: 'Point', coordinates: [lon, lat] },
    });
  return { type: 'FeatureCollection', features };
}

/** The track with a live fix at its end; one that is not newer changes nothing. */
export function extendTrack(points: readonly Point[], fix: Point, from: number): readonly Point[] {
  const last = points.at(-1);
  if (last && Date.parse(fix.time) <= Date.parse(last.time)) return points;
  return [...points.filter((p) => Date.parse(p.time) >= from), fix];
}
