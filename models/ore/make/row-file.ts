import { analytes } from '../analytes.ts';
import { spectralFeatures } from '../features.ts';
import type { Row } from './rows.ts';

const width = 3 + spectralFeatures + analytes.length;

/** Rows as doubles one after the other: lot, waste (-1 for none), share, features, truth. */
export function bytesOf(rows: readonly Row[]): Uint8Array {
  const all = new Float64Array(rows.length * width);
  for (const [i, { lot, admixture, features, truth }] of rows.entries()) {
    all.set([lot, admixture?.waste ?? -1, admixture?.share ?? 0], i * width);
    all.set(features, i * width + 3);
    all.set(truth, i * width + 3 + spectralFeatures);
  }
  return new Uint8Array(all.buffer);
}

export function rowsOf(bytes: Uint8Array): Row[] {
  const all = new Float64Array(bytes.slice().buffer);
  return Array.from({ length: all.length / width }, (_, i) => {
    const row = all.subarray(i * width, (i + 1) * width);
    const [lot = 0, waste = -1, share = 0] = row;
    return {
      lot,
      admixture: waste < 0 ? undefined : { waste, share },
      features: row.subarray(3, 3 + spectralFeatures),
      truth: row.subarray(3 + spectralFeatures),
    };
  });
}
