import type { Random } from './random.ts';

/**
 * Edges of the columns along the object, mm: even but for what is wrong with the measured speed, which wanders over
 * some seconds.
 */
export function columnEdges(
  from: number,
  to: number,
  pixelMm: number,
  speedError: number,
  random: Random,
): Float64Array {
  const mean = speedError * 0.6 * (2 * random.next() - 1);
  const swing = speedError * 0.4;
  const waveMm = random.between(3000, 12_000);
  const phase = random.between(0, 2 * Math.PI);
  const edges = [from];
  for (let x = from; x < to; ) {
    x += pixelMm * (1 + mean + swing * Math.sin((2 * Math.PI * x) / waveMm + phase));
    edges.push(x);
  }
  return Float64Array.from(edges);
}
