import type { Feature, FeatureCollection, Position } from 'geojson';
import type { FenceDiff } from '#hub/api/fence-types';
import type { MapLayers } from '#hub/api/types';
import { changesOf, type Draft } from './draft.ts';
import { pathsOf } from './shape.ts';
import type { SnapLine, Snapped } from './snap.ts';

const point = (role: string, at: Position): Feature => ({
  type: 'Feature',
  properties: { role },
  geometry: { type: 'Point', coordinates: at },
});
const line = (role: string, points: readonly Position[]): Feature => ({
  type: 'Feature',
  properties: { role },
  geometry: { type: 'LineString', coordinates: [...points] },
});
const withRole = (role: string, feature: Feature): Feature => ({
  ...feature,
  properties: { ...feature.properties, role },
});

const middle = (a: Position, b: Position): Position => [
  ((a[0] ?? 0) + (b[0] ?? 0)) / 2,
  ((a[1] ?? 0) + (b[1] ?? 0)) / 2,
];

/** Corners of the chosen one and the middles of its edges, where a new corner can be pulled out. */
export function handlesOf(
  draft: Draft,
): { path: number; point: number; at: Position; role: 'corner' | 'middle' }[] {
  const feature = draft.chosen === undefined ? undefined : draft.features.get(draft.chosen);
  if (!feature || draft.drawing) return [];
  return pathsOf(feature).flatMap(({ points, closed }, path) =>
    points.flatMap((at, n) => {
      const next = points[n + 1] ?? (closed ? points[0] : undefined);
      return [
        { path, point: n, at, role: 'corner' as const },
        ...(next ? [{ path, point: n, at: middle(at, next), role: 'middle' as const }] : []),
      ];
    }),
  );
}

/** The draft as the map draws it: what changed, what is chosen with its handles, what is being drawn, and the cursor. */
export function drawnDraft(
  draft: Draft,
  hover: Snapped | undefined,
  cursor: Position | undefined,
): FeatureCollection {
  const features: Feature[] = changesOf(draft).flatMap(({ after, before }) =>
    after ? [withRole('changed', after)] : before ? [withRole('gone', before)] : [],
  );
  const chosen = draft.chosen === undefined ? undefined : draft.features.get(draft.chosen);
  if (chosen) features.push(withRole('chosen', chosen));
  const { drawing, corner } = draft;
  const next = hover?.at ?? cursor;
  if (drawing) {
    const open = next ? [...drawing, next] : drawing;
    if (open.length > 1) features.push(line('drawing', open));
    if (draft.kind === 'fences' && open.length > 2)
      features.push(line('closing', [open.at(-1), open[0]] as Position[]));
    for (const at of drawing) features.push(point('corner', at));
  }
  for (const { at, role, path, point: n } of handlesOf(draft))
    features.push(
      point(role === 'corner' && corner?.path === path && corner.point === n ? 'held' : role, at),
    );
  if (hover && hover.to !== 'nothing') features.push(point('snap', hover.at));
  if (cursor) features.push(point('cursor', cursor));
  return { type: 'FeatureCollection', features };
}

/** Two versions over each other: as it was, and as it became. */
export const drawnDiff = ({ changes }: FenceDiff): FeatureCollection => ({
  type: 'FeatureCollection',
  features: changes.flatMap(({ before, after }) => [
    ...(before ? [withRole('gone', before)] : []),
    ...(after ? [withRole('changed', after)] : []),
  ]),
});

/** All that one can snap to: fences, routes and the port's own lines, without the fence that is in hand. */
export function snapLines(layers: MapLayers | undefined, draft: Draft): SnapLine[] {
  const named = [...draft.features].filter(([id]) => id !== draft.chosen).map(([, feature]) => feature);
  const drawn = new Set([...draft.features.keys(), ...draft.base.keys()]);
  const others = [...(layers?.fences.features ?? []), ...(layers?.routes?.features ?? [])].filter(
    ({ properties }) => !drawn.has(String(properties?.id)),
  );
  const lines = [...named, ...others, ...(layers?.port.features ?? [])].flatMap(pathsOf);
  // What is being drawn meets its own begin.
  return draft.drawing ? [...lines, { points: draft.drawing.slice(0, -1), closed: false }] : lines;
}
