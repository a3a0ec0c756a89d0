import { maxDepth } from '../pixels/depth.ts';
import { coreOf, type Extent } from '../pixels/levels.ts';
import type { Tile } from '../pixels/tile.ts';

export const bins = 160;

/** How many samples of a plane have each depth, from 0 (air) to `maxDepth`, as shares of the fullest bin. */
export function histogram(
  tiles: readonly Tile[],
  extent: Extent,
  plane: number,
  depths: Float32Array,
): Float32Array {
  const counts = new Float32Array(bins);
  for (const tile of tiles) {
    const { from, to } = coreOf(tile.key, extent);
    for (let column = from; column < to; column++) {
      const at = column - tile.column0;
      if (tile.have[at] !== 1) continue;
      const base = (at * tile.planes + plane) * tile.rows;
      for (let row = 0; row < tile.rows; row++) {
        const depth = depths[tile.samples[base + row] as number] as number;
        const bin = Math.min(bins - 1, Math.max(0, Math.floor((depth / maxDepth) * bins)));
        counts[bin] = (counts[bin] as number) + 1;
      }
    }
  }
  // Air is most of a scan: on a square root the rest can be seen beside it.
  const scaled = counts.map(Math.sqrt);
  const most = scaled.slice(2).reduce((a, b) => Math.max(a, b), 1e-9);
  return scaled.map((count) => Math.min(1, count / most));
}
