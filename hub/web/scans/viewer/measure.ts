import type { Point } from '../draw/view.ts';
import { depthOf } from '../pixels/depth.ts';
import type { PixelStore } from '../pixels/store.ts';

type Sampler = Pick<PixelStore, 'sample'>;
const reach = 3;

/** Mean depth of the 7 x 7 pixels around one; undefined where none has come. */
export function meanDepth(store: Sampler, plane: number, at: Point, airLevel: number): number | undefined {
  let [sum, count] = [0, 0];
  for (let x = at.x - reach; x <= at.x + reach; x++)
    for (let y = at.y - reach; y <= at.y + reach; y++) {
      const sample = store.sample(plane, x, y);
      if (!sample) continue;
      sum += depthOf(sample.value, airLevel);
      count++;
    }
  return count === 0 ? undefined : sum / count;
}

export interface Profile {
  /** Depths along the line, evenly; NaN where nothing has come. */
  readonly depths: readonly number[];
  readonly lengthPx: number;
}

/** Depths along a line, one for every pixel of its length, at most `most`. */
export function profileOf(
  store: Sampler,
  plane: number,
  [x0, y0, x1, y1]: readonly [number, number, number, number],
  airLevel: number,
  most = 1000,
): Profile {
  const lengthPx = Math.hypot(x1 - x0, y1 - y0);
  const count = Math.max(2, Math.min(most, Math.round(lengthPx) + 1));
  const depths = Array.from({ length: count }, (_, i) => {
    const share = i / (count - 1);
    const sample = store.sample(
      plane,
      Math.floor(x0 + share * (x1 - x0)),
      Math.floor(y0 + share * (y1 - y0)),
    );
    return sample ? depthOf(sample.value, airLevel) : Number.NaN;
  });
  return { depths, lengthPx };
}
