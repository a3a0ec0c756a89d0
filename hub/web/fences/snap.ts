import type { Position } from 'geojson';

/** Something to snap to: its corners in order, the last joined to the first when closed. */
export interface SnapLine {
  readonly points: readonly Position[];
  readonly closed: boolean;
}

export interface Snapped {
  readonly at: Position;
  readonly to: 'corner' | 'edge' | 'nothing';
}

/** A corner wins over an edge within this share of the reach: corners are what shapes meet at. */
const cornerReach = 1;

/**
 * The corner nearest to a place within reach, else the nearest place on an edge, else the place itself. `pxPerDegree` of
 * longitude and latitude here, `reachPx` on the screen.
 */
export function snap(
  at: Position,
  lines: Iterable<SnapLine>,
  pxPerDegree: { readonly lon: number; readonly lat: number },
  reachPx: number,
): Snapped {
  const [x = 0, y = 0] = at;
  const [reachX, reachY] = [reachPx / pxPerDegree.lon, reachPx / pxPerDegree.lat];
  let corner: { at: Position; px: number } | undefined;
  let edge: { at: Position; px: number } | undefined;
  const px = (lon: number, lat: number) =>
    Math.hypot((lon - x) * pxPerDegree.lon, (lat - y) * pxPerDegree.lat);
  for (const { points, closed } of lines) {
    const count = closed ? points.length : points.length - 1;
    for (let i = 0; i < points.length; i++) {
      const [ax = 0, ay = 0] = points[i] as Position;
      const far = px(ax, ay);
      if (far <= reachPx * cornerReach && (!corner || far < corner.px)) corner = { at: [ax, ay], px: far };
      if (i >= count) continue;
      const [bx = 0, by = 0] = points[(i + 1) % points.length] as Position;
      if (Math.min(ax, bx) > x + reachX || Math.max(ax, bx) < x - reachX) continue;
      if (Math.min(ay, by) > y + reachY || Math.max(ay, by) < y - reachY) continue;
      const [dx, dy] = [(bx - ax) * pxPerDegree.lon, (by - ay) * pxPerDegree.lat];
      const length2 = dx * dx + dy * dy;
      const along =
        length2 === 0 ? 0 : ((x - ax) * pxPerDegree.lon * dx + (y - ay) * pxPerDegree.lat * dy) / length2;
      const share = Math.max(0, Math.min(1, along));
      const foot: Position = [ax + (bx - ax) * share, ay + (by - ay) * share];
      const off = px(foot[0] as number, foot[1] as number);
      if (off <= reachPx && (!edge || off < edge.px)) edge = { at: foot, px: off };
    }
  }
  if (corner) return { at: corner.at, to: 'corner' };
  return edge ? { at: edge.at, to: 'edge' } : { at, to: 'nothing' };
}
