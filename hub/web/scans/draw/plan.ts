import {
  allSteps,
  coarser,
  coreOf,
  type Extent,
  type Span,
  stepFor,
  stepsOf,
  type TileKey,
  tileCount,
  tilesAcross,
} from '../pixels/levels.ts';
import { runsOf, type Tile } from '../pixels/tile.ts';
import type { Size, View } from './view.ts';

/** A piece of the picture: columns `from` up to `to`, pixels of the scan, out of one tile. */
export interface Quad {
  readonly tile: Tile;
  readonly from: number;
  readonly to: number;
}

/** Tiles that a view wants, the most useful first: all of the coarsest level, then what is looked at. */
export function wantedTiles(extent: Extent, view: View, size: Size, dots: number): readonly TileKey[] {
  const steps = stepsOf(extent.columns);
  const coarsest = steps.at(-1) ?? 1;
  const step = stepFor(1 / (view.zoom * dots), steps);
  const all = Array.from({ length: tileCount(extent, coarsest) }, (_, index) => ({ step: coarsest, index }));
  const [from, to] = acrossView(view, size, extent);
  return step === coarsest ? all : [...all, ...tilesAcross(extent, step, from, to)];
}

/** Columns in view, pixels of the scan. */
export function acrossView(view: View, size: Size, extent: Extent): readonly [number, number] {
  const half = size.width / 2 / view.zoom;
  return [Math.max(0, view.x - half), Math.min(extent.columns, view.x + half)];
}

/** What to draw now: each column of the view from the finest level that has it, from the wanted one up. */
export function planQuads(
  extent: Extent,
  view: View,
  size: Size,
  dots: number,
  find: (key: TileKey) => Tile | undefined,
): readonly Quad[] {
  const steps = stepsOf(extent.columns);
  const step = stepFor(1 / (view.zoom * dots), steps);
  const [from, to] = acrossView(view, size, extent);
  // Also the levels that only a growing scan has: a slow link sends coarse strips.
  const usable = allSteps.filter((each) => each >= step);
  return tilesAcross(extent, step, from, to).flatMap((key) => {
    const core = coreOf(key, extent);
    const span = { from: core.from * step, to: Math.min(core.to * step, extent.columns) };
    return fill(
      span,
      usable.map((each) => find(coarser(key, each))),
    );
  });
}

/** Covers a span by the first tile as far as that has it, and what is left by those after it. */
function fill(span: Span, tiles: readonly (Tile | undefined)[]): readonly Quad[] {
  const [tile, ...coarserTiles] = tiles;
  if (span.to <= span.from || tiles.length === 0) return [];
  if (!tile) return fill(span, coarserTiles);
  const { step } = tile.key;
  const quads: Quad[] = [];
  let at = span.from;
  for (const run of runsOf(tile, Math.floor(span.from / step), Math.ceil(span.to / step))) {
    const from = Math.max(at, run.from * step);
    const to = Math.min(span.to, run.to * step);
    if (to <= from) continue;
    quads.push(...fill({ from: at, to: from }, coarserTiles), { tile, from, to });
    at = to;
  }
  return [...quads, ...fill({ from: at, to: span.to }, coarserTiles)];
}
