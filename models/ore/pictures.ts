import { whiten } from './covariance.ts';
import { squareOf, unpacked } from './packed.ts';
import {
  blockPixels,
  blockSize,
  blocksOf,
  type Picture,
  pictureFeaturesOf,
  pictureSize,
} from './picture-features.ts';
import type { PictureTables } from './tables.ts';
import { tailP } from './tail.ts';

/** What is kept of one picture: its features, and the strangest piece of it. */
export interface Seen {
  readonly features: readonly number[];
  /** How far the strangest block is from the picture's other blocks, and where it and its neighbours lie, px. */
  readonly strange: number;
  readonly region: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
  /** Whole blocks of the picture: of more blocks the strangest is stranger. */
  readonly blocks: number;
  /** Mean deviations of the strange blocks from the rest. */
  readonly deviation: readonly number[];
}

/** Blocks of the pictures that the tails were learnt from (make/fit-pictures.ts). */
const learntBlocks = 220;
const triangle = (size: number) => (size * (size + 1)) / 2;
/** Blocks at least this share as strange as the strangest belong to the same thing. */
const sameThing = 0.35;

/** Medians of each block feature over a picture. */
function medians(blocks: Float64Array): Float64Array {
  return Float64Array.from({ length: blockSize }, (_, k) => {
    const sorted = blocks.filter((_, i) => i % blockSize === k).sort();
    return sorted[sorted.length >> 1] as number;
  });
}

/** The models that look at pictures: whether the ore looks like its brand, and what lies on it that is none. */
export class PictureJudge {
  readonly #tables: PictureTables;
  readonly #brands: ReadonlyMap<
    string,
    { readonly mean: Float64Array; readonly lower: Float64Array; readonly block: Float64Array }
  >;
  readonly #kinds: readonly { readonly label: string; readonly mean: Float64Array }[];
  readonly #kindLower: Float64Array;

  constructor(tables: PictureTables) {
    this.#tables = tables;
    this.#brands = new Map(
      tables.brands.map(({ name, mean, lower, block }) => [
        name,
        {
          mean: unpacked(mean, pictureSize),
          lower: squareOf(unpacked(lower, triangle(pictureSize)), pictureSize),
          block: squareOf(unpacked(block, triangle(blockSize)), blockSize),
        },
      ]),
    );
    const means = unpacked(tables.kinds.means, tables.kinds.labels.length * blockSize);
    this.#kinds = tables.kinds.labels.map((label, k) => ({
      label,
      mean: means.subarray(k * blockSize, (k + 1) * blockSize),
    }));
    this.#kindLower = squareOf(unpacked(tables.kinds.lower, triangle(blockSize)), blockSize);
  }

  /** Undefined for a brand that is not known, or a picture without a whole block. */
  look(brand: string, picture: Picture): Seen | undefined {
    const own = this.#brands.get(brand);
    const blocks = blocksOf(picture);
    if (!own || blocks.length < 4 * blockSize) return undefined;
    const features = new Float64Array(pictureSize);
    pictureFeaturesOf(blocks, features, 0);
    const middle = medians(blocks);
    const count = blocks.length / blockSize;
    const [offset, white] = [new Float64Array(blockSize), new Float64Array(blockSize)];
    const scores = Float64Array.from({ length: count }, (_, block) => {
      for (let k = 0; k < blockSize; k++)
        offset[k] = (blocks[block * blockSize + k] as number) - (middle[k] as number);
      whiten(own.block, offset, white);
      return white.reduce((sum, value) => sum + value * value, 0);
    });
    const strange = Math.max(...scores);
    const columns = Math.floor(picture.width / blockPixels);
    const piece = pieceAround(scores, columns, scores.indexOf(strange), sameThing * strange);
    const deviation = Array.from({ length: blockSize }, (_, k) =>
      piece.reduce(
        (sum, block) =>
          sum + ((blocks[block * blockSize + k] as number) - (middle[k] as number)) / piece.length,
        0,
      ),
    );
    return {
      features: Array.from(features, short),
      strange: short(strange),
      region: regionOf(piece, columns),
      blocks: count,
      deviation: deviation.map(short),
    };
  }

  /** p-value that the ore looks so, of the mean features of some pictures of a window. */
  anomaly(brand: string, pictures: readonly Seen[]): { readonly p: number; readonly t2: number } | undefined {
    const own = this.#brands.get(brand);
    if (!own || pictures.length === 0) return undefined;
    const [offset, white] = [new Float64Array(pictureSize), new Float64Array(pictureSize)];
    for (const { features } of pictures)
      for (let k = 0; k < pictureSize; k++)
        offset[k] = (offset[k] as number) + (features[k] as number) / pictures.length;
    for (let k = 0; k < pictureSize; k++) offset[k] = (offset[k] as number) - (own.mean[k] as number);
    whiten(own.lower, offset, white);
    const t2 = white.reduce((sum, value) => sum + value * value, 0);
    return { p: tailP(this.#tables.tails.anomaly, t2), t2 };
  }

  /** p-value that clean ore has a block so strange, and what it is most like. */
  inclusion({ strange, deviation, blocks }: Seen): {
    readonly p: number;
    readonly label: string;
    readonly score: number;
  } {
    const [offset, white] = [new Float64Array(blockSize), new Float64Array(blockSize)];
    const logs = this.#kinds.map(({ mean }) => {
      for (let k = 0; k < blockSize; k++) offset[k] = (deviation[k] as number) - (mean[k] as number);
      whiten(this.#kindLower, offset, white);
      return -white.reduce((sum, value) => sum + value * value, 0) / 2;
    });
    const best = Math.max(...logs);
    const sum = logs.reduce((all, value) => all + Math.exp(value - best), 0);
    const label = this.#kinds[logs.indexOf(best)]?.label ?? 'inclusion';
    const p = Math.min(1, (tailP(this.#tables.tails.inclusion, strange) * blocks) / learntBlocks);
    return { p, label, score: 1 / sum };
  }
}

const short = (value: number): number => Number(value.toPrecision(6));

/** Blocks that hang together with one and are above a level. */
function pieceAround(scores: Float64Array, columns: number, from: number, level: number): number[] {
  const found = new Set([from]);
  for (const block of found)
    for (const next of [
      block - columns,
      block + columns,
      ...(block % columns > 0 ? [block - 1] : []),
      ...(block % columns < columns - 1 ? [block + 1] : []),
    ])
      if ((scores[next] ?? 0) >= level && next >= 0) found.add(next);
  return [...found];
}

function regionOf(piece: readonly number[], columns: number) {
  const [xs, ys] = [piece.map((block) => block % columns), piece.map((block) => Math.floor(block / columns))];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  const side = (all: readonly number[], first: number) => (Math.max(...all) - first + 1) * blockPixels;
  return { x: x * blockPixels, y: y * blockPixels, width: side(xs, x), height: side(ys, y) };
}
