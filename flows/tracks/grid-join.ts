/** Cells of two numbers as one, 0 to `mask`. */
const slot = (cx: number, cy: number, mask: number): number =>
  (Math.imul(cx, 73_856_093) ^ Math.imul(cy, 19_349_663)) & mask;

/** Its own cell and half of the eight around it; the others find the pair from the other side. */
const aheadX = [0, 1, -1, 0, 1];
const aheadY = [0, 0, 1, 1, 1];

/**
 * Calls `visit` for every pair of the first `count` points that are within `reach` of each other, once, the smaller
 * number first. Points are sorted into cells by counting, with their places, so that neighbours are neighbours in
 * memory: linear in points and pairs.
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
  const slots = new Uint32Array(count);
  const first = new Uint32Array(size + 1);
  for (let i = 0; i < count; i++) {
    const at = slot(Math.floor((x[i] as number) / reach), Math.floor((y[i] as number) / reach), mask);
    slots[i] = at;
    first[at + 1] = (first[at + 1] as number) + 1;
  }
  for (let i = 1; i <= size; i++) first[i] = (first[i] as number) + (first[i - 1] as number);
  const sorted = new Uint32Array(count);
  const sx = new Float64Array(count);
  const sy = new Float64Array(count);
  const next = first.slice();
  for (let i = 0; i < count; i++) {
    const at = next[slots[i] as number] as number;
    next[slots[i] as number] = at + 1;
    sorted[at] = i;
    sx[at] = x[i] as number;
    sy[at] = y[i] as number;
  }
  const reach2 = reach * reach;
  for (let i = 0; i < count; i++) {
    const ax = sx[i] as number;
    const ay = sy[i] as number;
    const a = sorted[i] as number;
    for (let k = 0; k < 5; k++) {
      const cx = Math.floor(ax / reach) + (aheadX[k] as number);
      const cy = Math.floor(ay / reach) + (aheadY[k] as number);
      const cell = slot(cx, cy, mask);
      const end = first[cell + 1] as number;
      for (let j = first[cell] as number; j < end; j++) {
        const ex = ax - (sx[j] as number);
        const ey = ay - (sy[j] as number);
        if (ex * ex + ey * ey > reach2) continue;
        const b = sorted[j] as number;
        // cells that share a slot are told apart, and a pair of one cell is seen from its smaller number
        if (Math.floor((sx[j] as number) / reach) !== cx || Math.floor((sy[j] as number) / reach) !== cy)
          continue;
        if (k === 0 && b <= a) continue;
        visit(a < b ? a : b, a < b ? b : a);
      }
    }
  }
}
