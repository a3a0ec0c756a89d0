import type { Tensors } from '../runner/tensor.ts';
import { analytes } from './analytes.ts';
import { freshBaseline } from './baseline.ts';
import { spectralFeatures } from './features.ts';
import type { OreJudge } from './judge.ts';

/**
 * What the tables make of windows: `features` [batch, 56] of `brand` [batch, 1], by its place among the brands, to `waste` [batch, 3] (known wastes, lines, T2) and
 * `composition` [batch, analytes]. It is what golden outputs are taken of. Throws RangeError for other tensors.
 */
export function runTables(judge: OreJudge, { features, brand }: Tensors): Tensors {
  const [batch = 0, width] = features?.dims ?? [];
  if (!features || !brand || width !== spectralFeatures)
    throw new RangeError(`It takes features of ${spectralFeatures} numbers, and a brand.`);
  const waste = new Float64Array(3 * batch);
  const composition = new Float64Array(analytes.length * batch);
  for (let i = 0; i < batch; i++) {
    const name = judge.tables.brands[Number(brand.data[i])]?.name ?? '';
    const watch = judge.watch(name);
    if (!watch) throw new RangeError(`There is no brand ${brand.data[i]}.`);
    const row = Float64Array.from(features.data.slice(i * width, (i + 1) * width) as Float64Array);
    const { known, lines, t2 } = watch.scores(freshBaseline, row);
    waste.set([known, lines, t2], 3 * i);
    const { values } = judge.brand(name, [{ window: 0, features: row }]);
    composition.set(
      values.map(({ value }) => value),
      analytes.length * i,
    );
  }
  return {
    waste: { data: waste, dims: [batch, 3] },
    composition: { data: composition, dims: [batch, analytes.length] },
  };
}
