/** A cell of the grid, which is folded so that it has no end: far cells share a slot, and distance tells them apart. */
const fold = (at: number, reach: number, mask: number): number => Math.floor(at / reach) & mask;

/**
 * Calls `visit` for every pair of the first `count` points that are within `reach` of each other, once, the point of the smaller
 * number first, by their places in the order by cells, which `prepare` is given before: what a caller looks up of points
 * that are near each other is then near in memory too. Points are sorted row by row into cells by counting, with their places, so that the neighbours of a cell
 * are two stretches of memory: what follows in its own row, and three cells of the row above. Linear in points and pairs.
 */
export function joinNear(
  count: number,
  x: Float64Array,
  y: Float64Array,
  reach: number,
  prepare: (order: Uint32Array) => void,
  visit: (a: number, b: number) => void,
): void {
  let bits = 2;
  while (1 << (2 * bits) < count) bits += 1;
  const width = 1 << bits;
  const mask = width - 1;
  const cells = new Uint32Array(count);
  const first = new Uint32Array(width * width + 1);
  for (let i = 0; i < count; i++) {
    const cell = (fold(y[i] as number, reach, mask) << bits) + fold(x[i] as number, reach, mask);
    cells[i] = cell;
    first[cell + 1] = (first[cell + 1] as number) + 1;
  }
  for (let i = 1; i < first.length; i++) first[i] = (first[i] as number) + (first[i - 1] as number);
  const sorted = new Uint32Array(count);
  const sx = new Float64Array(count);
  const sy = new Float64Array(count);
  const next = first.slice();
  for (let i = 0; i < count; i++) {
    const at = next[cells[i] as number] as number;
    next[cells[i] as number] = at + 1;
    sorted[at] = i;
    sx[at] = x[i] as number;
    sy[at] = y[i] as number;
  }
  prepare(sorted);
  const reach2 = reach * reach;
  const look = (i: number, from: number, to: number): void => {
    const [ax, ay] = [sx[i] as number, sy[i] as number];
    for (let j = from; j < to; j++) {
      const ex = ax - (sx[j] as number);
      const ey = ay - (sy[j] as number);
      if (ex * ex + ey * ey > reach2) continue;
      if ((sorted[i] as number) < (sorted[j] as number)) visit(i, j);
      else visit(j, i);
    }
  };
  for (let i = 0; i < count; i++) {
    const cell = cells[sorted[i] as number] as number;
    const [cx, row] = [cell & mask, cell & ~mask];
    const above = (row + width) & (width * width - 1);
    // the last column is followed by the first of its row
    if (cx === mask) {
      look(i, i + 1, first[cell + 1] as number);
      look(i, first[row] as number, first[row + 1] as number);
      look(i, first[above + cx - 1] as number, first[above + cx + 1] as number);
      look(i, first[above] as number, first[above + 1] as number);
      continue;
    }
    look(i, i + 1, first[cell + 2] as number);
    look(i, first[above + Math.max(0, cx - 1)] as number, first[above + cx + 2] as number);
    if (cx === 0) look(i, first[above + mask] as number, first[above + width] as number);
  }
}
