import type { Template } from '#models/xrf/template';

/** The same baseline, step by step with an array for each. */
function baselineOf(counts: readonly number[], widths: readonly number[]): number[] {
  let now = counts.map((count) => Math.sqrt(Math.max(0, count) + 0.375));
  now = now.map((value, i) => {
    const [before, after] = [now[i - 1], now[i + 1]];
    return before === undefined || after === undefined ? value : (before + 2 * value + after) / 4;
  });
  for (const width of widths) {
    now = now.map((value, i) => {
      const [before, after] = [now[i - width], now[i + width]];
      return before === undefined || after === undefined ? value : Math.min(value, (before + after) / 2);
    });
  }
  return now.map((root) => Math.max(0, root * root - 0.375));
}

/** Inverse by Gauss and Jordan; the matrix is symmetric and positive. */
function inverted(matrix: Float64Array[]): Float64Array[] {
  const size = matrix.length;
  const work = matrix.map((row, i) => {
    const wide = new Float64Array(2 * size);
    wide.set(row);
    wide[size + i] = 1;
    return wide;
  });
  for (let column = 0; column < size; column++) {
    const pivotRow = work[column] as Float64Array;
    const pivot = pivotRow[column] as number;
    for (let k = 0; k < 2 * size; k++) pivotRow[k] = (pivotRow[k] as number) / pivot;
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const target = work[row] as Float64Array;
      const factor = target[column] as number;
      for (let k = 0; k < 2 * size; k++) target[k] = (target[k] as number) - factor * (pivotRow[k] as number);
    }
  }
  return work.map((row) => row.slice(size));
}

/**
 * A fit as people write it: dense templates, weighted normal equations, the inverse for areas and variances; what came
 * out negative is left out and the rest is solved again.
 */
export function xrfPeer(templates: readonly Template[], channels: number, clipping: Int32Array) {
  const widths = Array.from(clipping);
  const dense = templates.map(({ segments }) => {
    const row = new Float64Array(channels);
    for (const { start, values } of segments) row.set(values, start);
    return row;
  });
  const size = dense.length;
  return (counts: readonly number[]) => {
    const baseline = baselineOf(counts, widths);
    const weights = counts.map((count, i) => {
      const [before, after] = [counts[i - 1] ?? count, counts[i + 1] ?? count];
      return 4 / (before + 2 * count + after + 4);
    });
    const matrix = Array.from({ length: size }, () => new Float64Array(size));
    const right = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      const row = dense[i] as Float64Array;
      const weighted = new Float64Array(channels);
      for (let c = 0; c < channels; c++) weighted[c] = (weights[c] as number) * (row[c] as number);
      for (let j = 0; j <= i; j++) {
        const other = dense[j] as Float64Array;
        let sum = 0;
        for (let c = 0; c < channels; c++) sum += (weighted[c] as number) * (other[c] as number);
        (matrix[i] as Float64Array)[j] = sum;
        (matrix[j] as Float64Array)[i] = sum;
      }
      let sum = 0;
      for (let c = 0; c < channels; c++)
        sum += (weighted[c] as number) * ((counts[c] as number) - (baseline[c] as number));
      right[i] = sum;
    }
    let kept = dense.map((_, i) => i);
    for (;;) {
      const inverse = inverted(kept.map((i) => Float64Array.from(kept, (j) => matrix[i]?.[j] ?? 0)));
      const areas = inverse.map((row) =>
        kept.reduce((sum, place, k) => sum + (row[k] ?? 0) * (right[place] ?? 0), 0),
      );
      if (areas.every((area) => area >= 0))
        return { kept, areas, variances: inverse.map((row, i) => row[i] ?? 0) };
      kept = kept.filter((_, i) => (areas[i] ?? 0) >= 0);
    }
  };
}
