import { cholesky, Moments } from '../covariance.ts';
import { packed, triangleOf } from '../packed.ts';
import { type Cells, mediansOf, scannedSize } from '../picture-cells.ts';
import { ShapeScan, shapeCells, shapeKinds } from '../picture-scan.ts';
import { StrangeShapes } from '../picture-strange.ts';
import type { PictureTable } from '../tables.ts';

/** Every so many places are enough to learn how shapes of clean ore vary. */
const everyPlace = 11;
/** Deviations that a shape's mean has at least, by feature: a camera's coding makes as much. */
const least = [0.02, 0.01, 0.01, 0.03] as const;
/** How much of a brand's own spread of the strangest counts, beside that of all brands. */
const ownShare = 0.5;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** How a brand's clean pictures look in each kind of shape. */
export function fitShapes(pictures: readonly Cells[]): Pick<PictureTable, 'shapes' | 'usual' | 'spread'> {
  const scan = new ShapeScan();
  const moments = shapeKinds.map(() => new Moments(scannedSize));
  let place = 0;
  for (const cells of pictures) {
    const middle = mediansOf(cells);
    scan.scan(cells, ({ kind, planes, from, to, every }) => {
      for (let at = from; at < to; at += every)
        if (place++ % everyPlace === 0)
          (moments[kind] as Moments).add(
            middle.map((value, k) => (planes[k]?.[at] as number) / (shapeCells[kind] as number) - value),
          );
      return -1;
    });
  }
  const shapes = packed(
    moments.flatMap((one) => {
      const covariance = one.covariance();
      for (let k = 0; k < scannedSize; k++)
        covariance[k * (scannedSize + 1)] =
          (covariance[k * (scannedSize + 1)] as number) + (least[k] as number) ** 2;
      return triangleOf(cholesky(covariance, scannedSize), scannedSize);
    }),
  );
  const plain = new StrangeShapes({
    shapes,
    usual: shapeKinds.map(() => 0),
    spread: shapeKinds.map(() => 1),
  });
  const largest = pictures.map((cells) => plain.distances(cells, mediansOf(cells), scan));
  const of = shapeKinds.map((_, kind) => largest.map((distances) => distances[kind] as number));
  const usual = of.map(mean);
  return {
    shapes,
    usual: usual.map(short),
    spread: of.map((values, kind) =>
      short(Math.sqrt(mean(values.map((value) => (value - (usual[kind] as number)) ** 2)))),
    ),
  };
}

/** Spreads of all brands, each drawn towards the mean of all. */
export function pooledSpreads(spreads: readonly (readonly number[])[]): number[][] {
  const common = shapeKinds.map((_, kind) => mean(spreads.map((own) => own[kind] as number)));
  return spreads.map((own) =>
    own.map((value, kind) => short(ownShare * value + (1 - ownShare) * (common[kind] as number))),
  );
}

const short = (value: number): number => Number(value.toPrecision(6));
