/** Cells of two numbers as one, 0 to `mask`. */
const slot = (cx: number, cy: number, mask: number): number =>
  (Math.imul(cx, 73_856_093) ^ Math.imul(cy, 19_349_663)) & mask;

/** Half of the eight cells around one; the others find the pair from the other side. */
const ahead = [
  [0, 0],
  [1, 0],
  [-1, 1],
  [0, 1],
  [1, 1],
] as const;

/**
 * Calls `visit` for every pair of the first `count` points that are within `reach` of each other, once, the smaller
 * number first. Points are sorted into cells by counting: linear in points and pairs.
 */
export function joinNear(
  count: number,
  x: Float64Array,
  y: Float64Array,
  reach: number,
  visit: (a: number, b: number) => void,
): void {
  let size = 16;
  while (size < 2 * count) size *= 2;
  const mask = size - 1;
  const cellX = new Int32Array(count);
  const cellY = new Int32Array(count);
  const first = new Uint32Array(size + 1);
  for (let i = 0; i < count; i++) {
    cellX[i] = Math.floor((x[i] as number) / reach);
    cellY[i] = Math.floor((y[i] as number) / reach);
    const at = slot(cellX[i] as number, cellY[i] as number, mask) + 1;
    first[at] = (first[at] as number) + 1;
  }
  for (let i = 1; i <= size; i++) first[i] = (first[i] as number) + (first[i - 1] as number);
  const sorted = new Uint32Array(count);
  const next = first.slice();
  for (let i = 0; i < count; i++) {
    const cell = slot(cellX[i] as number, cellY[i] as number, mask);
    const at = next[cell] as number;
    sorted[at] = i;
    next[cell] = at + 1;
  }
  const reach2 = reach * reach;
  for (let a = 0; a < count; a++) {
    for (let k = 0; k < ahead.length; k++) {
      const [dx, dy] = ahead[k] as readonly [number, number];
      const cx = (cellX[a] as number) + dx;
      const cy = (cellY[a] as number) + dy;
      const cell = slot(cx, cy, mask);
      for (let i = first[cell] as number; i < (first[cell + 1] as number); i++) {
        const b = sorted[i] as number;
        if (cellX[b] !== cx || cellY[b] !== cy || (dx === 0 && dy === 0 && b <= a)) continue;
        const ex = (x[a] as number) - (x[b] as number);
        const ey = (y[a] as number) - (y[b] as number);
        if (ex * ex + ey * ey <= reach2) visit(Math.min(a, b), Math.max(a, b));
      }
    }
  }
}
