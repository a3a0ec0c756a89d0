import {
  coarser,
  coreOf,
  type Extent,
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

/** What to draw now: each part of the view from the finest level that has it. */
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
  return tilesAcross(extent, step, from, to).flatMap((key) => {
    const core = coreOf(key, extent);
    const [left, right] = [core.from * step, Math.min(core.to * step, extent.columns)];
    for (const each of steps) {
      if (each < step) continue;
      const tile = find(coarser(key, each));
      if (!tile) continue;
      const runs = runsOf(tile, Math.floor(left / each), Math.ceil(right / each));
      if (runs.length === 0) continue;
      return runs.map((run) => ({
        tile,
        from: Math.max(left, run.from * each),
        to: Math.min(right, run.to * each),
      }));
    }
    return [];
  });
}
