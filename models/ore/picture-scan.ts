import { type Cells, scannedSize } from './picture-cells.ts';

/** A place of a cell beside another. */
type Offset = readonly [x: number, y: number];

/** What a foreign body's piece may look like, in cells. Lines lie in eight directions. */
export const shapeKinds = ['square of 2', 'square of 4', 'line of 4', 'line of 8', 'line of 16'] as const;

/** Shapes that are put together of one another: each is the one before, added up at some offsets, and looked at in every so many columns and rows. */
interface Step {
  readonly kind: number;
  readonly offsets: readonly Offset[];
  /** Columns and rows from one that is looked at to the next. */
  readonly every: Offset;
}

const directions = 8;

function lines(direction: number): readonly Step[] {
  const angle = (Math.PI * direction) / directions;
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  const longer = Math.max(Math.abs(dx), Math.abs(dy));
  const at = (cells: number): Offset => [
    Math.round((cells * dx) / longer) + 0,
    Math.round((cells * dy) / longer) + 0,
  ];
  // Along a line half of its length is near enough, across it each place is another.
  const every = (cells: number): Offset => (Math.abs(dx) > Math.abs(dy) ? [cells, 1] : [1, cells]);
  return [
    { kind: 2, offsets: [at(0), at(1), at(2), at(3)], every: every(2) },
    { kind: 3, offsets: [at(0), at(4)], every: every(4) },
    { kind: 4, offsets: [at(0), at(8)], every: every(8) },
  ];
}

const square = (side: number): readonly Offset[] => [
  [0, 0],
  [side, 0],
  [0, side],
  [side, side],
];

const families: readonly (readonly Step[])[] = [
  [
    { kind: 0, offsets: square(1), every: [1, 1] },
    { kind: 1, offsets: square(2), every: [2, 2] },
  ],
  ...Array.from({ length: directions }, (_, direction) => lines(direction)),
];

/** Cells of each kind of shape. */
export const shapeCells: readonly number[] = [4, 16, 4, 8, 16];

/** Where a shape lies: sums of its features are at one cell of the planes, and these are its cells. */
export interface Placed {
  readonly kind: number;
  readonly cells: readonly number[];
}

/** Sums of features over shapes of a kind that begin in one row: at `from` of the planes, and at every so many until `to`. */
export interface ShapeRow {
  readonly kind: number;
  readonly planes: readonly Float32Array[];
  readonly from: number;
  readonly to: number;
  readonly every: number;
}

/** Looks at a row of shapes; where the one is that it likes better than all before, or -1. */
export type Look = (row: ShapeRow) => number;

/** Adds up shapes all over a picture. Keeps its planes from picture to picture. */
export class ShapeScan {
  #levels: readonly (readonly Float32Array[])[] = [];
  #cells = 0;

  /** Shows `look` each shape everywhere, and says which it liked best. */
  scan(cells: Cells, look: Look): Placed | undefined {
    const { columns, rows, values } = cells;
    this.#fit(columns * rows);
    let best: { readonly family: readonly Step[]; readonly upTo: number; readonly at: number } | undefined;
    for (const family of families) {
      let from = values;
      let [left, right, bottom] = [0, 0, 0];
      for (const [level, { kind, offsets, every }] of family.entries()) {
        left += Math.max(...offsets.map(([x]) => -x));
        right += Math.max(...offsets.map(([x]) => x));
        bottom += Math.max(...offsets.map(([, y]) => y));
        const into = this.#levels[level] as readonly Float32Array[];
        add(from, into, offsets, { columns, left, right: columns - right, bottom: rows - bottom });
        for (let y = 0; y < rows - bottom; y += every[1]) {
          const line = y * columns;
          const at = look({
            kind,
            planes: into,
            from: line + left,
            to: line + columns - right,
            every: every[0],
          });
          if (at >= 0) best = { family, upTo: level, at };
        }
        from = into;
      }
    }
    return best && placed(best.family, best.upTo, best.at, columns);
  }

  #fit(cells: number): void {
    if (this.#cells === cells) return;
    this.#cells = cells;
    this.#levels = Array.from({ length: 3 }, () =>
      Array.from({ length: scannedSize }, () => new Float32Array(cells)),
    );
  }
}

interface Inside {
  readonly columns: number;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
}

function add(
  from: readonly Float32Array[],
  into: readonly Float32Array[],
  offsets: readonly Offset[],
  { columns, left, right, bottom }: Inside,
): void {
  const places = offsets.map(([x, y]) => y * columns + x);
  const [a = 0, b = 0, c = 0, d = 0] = places;
  for (let k = 0; k < scannedSize; k++) {
    const [source, target] = [from[k] as Float32Array, into[k] as Float32Array];
    for (let y = 0; y < bottom; y++) {
      const [first, end] = [y * columns + left, y * columns + right];
      if (places.length === 2)
        for (let at = first; at < end; at++)
          target[at] = (source[at + a] as number) + (source[at + b] as number);
      else
        for (let at = first; at < end; at++)
          target[at] =
            (source[at + a] as number) +
            (source[at + b] as number) +
            (source[at + c] as number) +
            (source[at + d] as number);
    }
  }
}

function placed(family: readonly Step[], upTo: number, at: number, columns: number): Placed {
  let cells = [at];
  for (const { offsets } of family.slice(0, upTo + 1).reverse())
    cells = cells.flatMap((cell) => offsets.map(([x, y]) => cell + y * columns + x));
  return { kind: (family[upTo] as Step).kind, cells: [...new Set(cells)] };
}
