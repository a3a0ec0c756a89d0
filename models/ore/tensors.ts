import type { Tensors } from '../runner/tensor.ts';
import { analytes } from './analytes.ts';
import { freshBaseline } from './baseline.ts';
import { spectralFeatures } from './features.ts';
import type { OreJudge } from './judge.ts';
import { bodySize } from './picture-body.ts';
import { pictureSize } from './picture-features.ts';
import type { PictureJudge } from './pictures.ts';

/**
 * What the tables make of windows of `brand` [batch, 1], by its place among the brands: of `features` [batch, 56] of spectra `waste` [batch, 3] (known wastes, lines, T2) and
 * `composition` [batch, analytes]; of a picture's `look` [batch, 15] `unlike` [batch, 1] (T2), and of the `body` [batch, 8] in it `kind` [batch, 1] (how surely it is of the likeliest kind). It
 * is what golden outputs are taken of. Throws RangeError for other tensors.
 */
export function runTables(judge: OreJudge, pictures: PictureJudge, feeds: Tensors): Tensors {
  const { features, brand, look, body } = feeds;
  const [batch = 0, width] = features?.dims ?? [];
  if (!features || !brand || width !== spectralFeatures)
    throw new RangeError(`It takes features of ${spectralFeatures} numbers, and a brand.`);
  if (look?.dims[1] !== pictureSize || body?.dims[1] !== bodySize)
    throw new RangeError(`It takes a look of ${pictureSize} numbers, and a body of ${bodySize}.`);
  const waste = new Float64Array(3 * batch);
  const composition = new Float64Array(analytes.length * batch);
  const [unlike, kind] = [new Float64Array(batch), new Float64Array(batch)];
  for (let i = 0; i < batch; i++) {
    const name = judge.tables.brands[Number(brand.data[i])]?.name ?? '';
    const watch = judge.watch(name);
    if (!watch) throw new RangeError(`There is no brand ${brand.data[i]}.`);
    const row = rowOf(features, i);
    const { known, lines, t2 } = watch.scores(freshBaseline, row);
    waste.set([known, lines, t2], 3 * i);
    const { values } = judge.brand(name, [{ window: 0, features: row }]);
    composition.set(
      values.map(({ value }) => value),
      analytes.length * i,
    );
    unlike[i] = pictures.anomaly(name, [{ features: [...rowOf(look, i)] }])?.t2 ?? Number.NaN;
    kind[i] = pictures.kindOf(rowOf(body, i)).score;
  }
  return {
    waste: { data: waste, dims: [batch, 3] },
    composition: { data: composition, dims: [batch, analytes.length] },
    unlike: { data: unlike, dims: [batch, 1] },
    kind: { data: kind, dims: [batch, 1] },
  };
}

function rowOf({ data, dims }: NonNullable<Tensors[string]>, i: number): Float64Array {
  const width = dims[1] ?? 0;
  return Float64Array.from(data.slice(i * width, (i + 1) * width) as Float64Array);
}
