/**
 * A scan is held as a pyramid: level `step` has the mean of step x step pixels as one sample. Each level is cut
 * along the travel into tiles, so that neither a texture nor a request grows with the length of the scan.
 */
export interface Extent {
  readonly columns: number;
  readonly rows: number;
}

export interface TileKey {
  readonly step: number;
  readonly index: number;
}

/** Samples of a level, from `from` up to `to`; with the apron, what a tile holds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Columns of samples in a tile, without its apron. A multiple of every step. */
export const tileColumns = 512;
/** Columns of both neighbours that a tile holds too, so that filters see no seam. */
export const apron = 16;
/** The coarsest level has no more columns than this: it comes first and stays. */
const coarsestColumns = 1280;
const greatestStep = 32;

export const nameOf = ({ step, index }: TileKey): string => `${step}/${index}`;

/** Length of a level, samples; a last part of a step counts as one. */
export const samplesOf = (length: number, step: number): number => Math.ceil(length / step);

/** Steps of the pyramid, finest first. */
export function stepsOf(columns: number): readonly number[] {
  const steps = [1];
  for (let step = 2; step <= greatestStep && samplesOf(columns, step / 2) > coarsestColumns; step *= 2)
    steps.push(step);
  return steps;
}

/** Every step that there can be: what a growing scan keeps, as it may come to need them all. */
export const allSteps: readonly number[] = [1, 2, 4, 8, 16, 32];

/** The level to draw when one device pixel covers `pixelsPerDot` pixels of the scan. */
export function stepFor(pixelsPerDot: number, steps: readonly number[]): number {
  const fitting = steps.filter((step) => step <= Math.max(1, pixelsPerDot * 1.001));
  return fitting.at(-1) ?? 1;
}

export const tileCount = (extent: Extent, step: number): number =>
  Math.ceil(samplesOf(extent.columns, step) / tileColumns);

/** Samples that a tile stands for. */
export function coreOf({ step, index }: TileKey, extent: Extent): Span {
  const from = index * tileColumns;
  return { from, to: Math.min(from + tileColumns, samplesOf(extent.columns, step)) };
}

/** Samples that a tile has room for: also beyond the end of a scan that still grows. */
export const heldBy = ({ index }: TileKey): Span => ({
  from: Math.max(0, index * tileColumns - apron),
  to: (index + 1) * tileColumns + apron,
});

/** Tiles of a level that hold any of the columns `from` up to `to`, pixels of the scan. */
export function tilesAcross(extent: Extent, step: number, from: number, to: number): readonly TileKey[] {
  const count = tileCount(extent, step);
  const first = Math.max(0, Math.floor(from / (tileColumns * step)));
  const last = Math.min(count - 1, Math.ceil(to / (tileColumns * step)) - 1);
  const keys: TileKey[] = [];
  for (let index = first; index <= last; index++) keys.push({ step, index });
  return keys;
}

/** The tile of a coarser level that has all of a tile in it. */
export const coarser = ({ step, index }: TileKey, toStep: number): TileKey => ({
  step: toStep,
  index: Math.floor((index * step) / toStep),
});
