import type { Pixels } from '#flows/scan';

/**
 * The mean of `step` x `step` samples; what is left over at the right and lower edge is the mean of
 * fewer. Laid out as the pixels that it is of.
 */
export function reduce(pixels: Pick<Pixels, 'samples' | 'rows' | 'columns'>, planes: number, step: number) {
  const { samples, rows, columns } = pixels;
  const outRows = Math.ceil(rows / step);
  const outColumns = Math.ceil(columns / step);
  if (step === 1) return { samples: samples.slice(), rows, columns };
  const out = new Uint16Array(outColumns * planes * outRows);
  const sums = new Float64Array(outRows);
  for (let x = 0; x < outColumns; x += 1) {
    const wide = Math.min(step, columns - x * step);
    for (let plane = 0; plane < planes; plane += 1) {
      sums.fill(0);
      for (let dx = 0; dx < wide; dx += 1) {
        const from = ((x * step + dx) * planes + plane) * rows;
        for (let y = 0, cell = 0, left = step; y < rows; y += 1) {
          sums[cell] = (sums[cell] as number) + (samples[from + y] as number);
          left -= 1;
          if (left === 0) {
            cell += 1;
            left = step;
          }
        }
      }
      const to = (x * planes + plane) * outRows;
      for (let y = 0; y < outRows; y += 1) {
        const high = Math.min(step, rows - y * step);
        out[to + y] = Math.round((sums[y] as number) / (wide * high));
      }
    }
  }
  return { samples: out, rows: outRows, columns: outColumns };
}
