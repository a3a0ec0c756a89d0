import { type Baseline, freshBaseline } from './baseline.ts';
import { whiten } from './covariance.ts';
import { squareOf, triangleSize, unpacked } from './packed.ts';
import { bodyAround, bodySize, type Region } from './picture-body.ts';
import { cellsOf, mediansOf, type Picture } from './picture-cells.ts';
import { leastCells, pictureFeaturesOf, pictureSize } from './picture-features.ts';
import { LookWatch } from './picture-look.ts';
import { ShapeScan } from './picture-scan.ts';
import { StrangeShapes } from './picture-strange.ts';
import type { PictureTables } from './tables.ts';
import { tailP } from './tail.ts';

/** What is kept of one picture: its features, and the strangest piece of it. */
export interface Seen {
  readonly features: readonly number[];
  /** How strange the strangest piece is beside those of clean pictures, and where it lies. */
  readonly strange: number;
  readonly region: Region;
  /** Whole cells of the picture: of more cells the strangest is stranger. */
  readonly cells: number;
  /** What the piece is like (picture-body.ts). */
  readonly body: readonly number[];
}

/** Cells of the pictures that the tails were learnt from (make/fit-pictures.ts). */
const learntCells = 80 * 44;

interface BrandLook {
  readonly look: LookWatch;
  readonly shapes: StrangeShapes;
}

/** The models that look at pictures: whether the ore looks like its brand, and what lies on it that is none. */
export class PictureJudge {
  readonly #tables: PictureTables;
  readonly #brands: ReadonlyMap<string, BrandLook>;
  readonly #kinds: readonly { readonly label: string; readonly mean: Float64Array }[];
  readonly #kindLower: Float64Array;
  readonly #scan = new ShapeScan();

  constructor(tables: PictureTables) {
    this.#tables = tables;
    this.#brands = new Map(
      tables.brands.map((table) => [
        table.name,
        { look: new LookWatch(table), shapes: new StrangeShapes(table) },
      ]),
    );
    const means = unpacked(tables.kinds.means, tables.kinds.labels.length * bodySize);
    this.#kinds = tables.kinds.labels.map((label, k) => ({
      label,
      mean: means.subarray(k * bodySize, (k + 1) * bodySize),
    }));
    this.#kindLower = squareOf(unpacked(tables.kinds.lower, triangleSize(bodySize)), bodySize);
  }

  /** Undefined for a brand that is not known, or a picture that is too small. */
  look(brand: string, picture: Picture): Seen | undefined {
    const own = this.#brands.get(brand);
    const cells = cellsOf(picture);
    const { columns, rows } = cells;
    if (!own || columns < leastCells || rows < leastCells) return undefined;
    const middle = mediansOf(cells);
    const found = own.shapes.strangest(cells, middle, this.#scan);
    if (!found) return undefined;
    const { region, features: body } = bodyAround(cells, middle, found.cells, found.along);
    return {
      features: Array.from(pictureFeaturesOf(cells), short),
      strange: short(found.score),
      region,
      cells: columns * rows,
      body: Array.from(body, short),
    };
  }

  /** p-value that the ore looks so, of the mean features of a window's pictures, beside its brand and what its lot has been like so far; undefined for no pictures, or a brand that is not known. */
  anomaly(
    brand: string,
    pictures: readonly Pick<Seen, 'features'>[],
    baseline: Baseline = freshBaseline,
  ): { readonly p: number; readonly t2: number; readonly baseline: Baseline } | undefined {
    const own = this.#brands.get(brand);
    if (!own || pictures.length === 0) return undefined;
    const mean = new Float64Array(pictureSize);
    for (const { features } of pictures)
      for (let k = 0; k < pictureSize; k++)
        mean[k] = (mean[k] as number) + (features[k] as number) / pictures.length;
    const { t2, turned } = own.look.t2(baseline, mean);
    const p = tailP(this.#tables.tails.anomaly, t2);
    return { p, t2, baseline: own.look.after(baseline, turned, p) };
  }

  /** p-value that clean ore has a piece so strange, what it is most like, and how likely it is that rather than another kind. */
  inclusion({ strange, body, cells }: Pick<Seen, 'strange' | 'body' | 'cells'>): {
    readonly p: number;
    readonly label: string;
    readonly score: number;
  } {
    const p = Math.min(1, (tailP(this.#tables.tails.inclusion, strange) * cells) / learntCells);
    return { p, ...this.kindOf(body) };
  }

  /** The likeliest kind of a body of such features, and how likely it is beside the others. */
  kindOf(body: ArrayLike<number>): { readonly label: string; readonly score: number } {
    const [offset, white] = [new Float64Array(bodySize), new Float64Array(bodySize)];
    const squares = this.#kinds.map(({ mean }) => {
      for (let k = 0; k < bodySize; k++) offset[k] = (body[k] as number) - (mean[k] as number);
      whiten(this.#kindLower, offset, white);
      return white.reduce((sum, value) => sum + value * value, 0);
    });
    const nearest = Math.min(...squares);
    const weights = new Map<string, number>();
    for (const [i, { label }] of this.#kinds.entries())
      weights.set(label, (weights.get(label) ?? 0) + Math.exp((nearest - (squares[i] as number)) / 2));
    const [label, weight] = [...weights].reduce((a, b) => (b[1] > a[1] ? b : a), ['inclusion', 0]);
    const sum = [...weights.values()].reduce((all, one) => all + one, 0);
    return { label, score: sum > 0 ? weight / sum : 0 };
  }
}

const short = (value: number): number => Number(value.toPrecision(6));
