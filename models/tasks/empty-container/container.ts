import { type Bin, binColumns, type CellBox, lowestPeak, type Spot } from './answer.ts';
import type { Known } from './known.ts';
import { cellMm } from './tiles.ts';

/** A bin is of a container when so much of it is inside one: 1.2 m up. */
const leastInside = (1200 / cellMm) * binColumns;
/** Bins within a container that heavy cargo may hide. */
const mostMissing = 3;

/** The container of a scan: its longest stretch of bins, and what is in it. */
export interface Container {
  readonly box: CellBox;
  readonly cells: number;
  /** Greatest smoothed logit of load. */
  readonly peak: number;
  readonly loadCells: number;
  readonly harmlessCells: number;
  readonly spots: readonly Spot[];
}

/** First and last bin (not included) of the longest stretch; undefined where there is none. */
function longest(bins: readonly Bin[]): readonly [number, number] | undefined {
  let best: readonly [number, number] | undefined;
  let from = -1;
  let to = -1;
  bins.forEach(({ inside }, i) => {
    if (inside < leastInside) return;
    if (from < 0 || i - to > mostMissing) from = i;
    to = i + 1;
    if (!best || to - from > best[1] - best[0]) best = [from, to];
  });
  return best;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** What the bins say of a container; cabs and wheels that look like one for a moment are left out. */
export function containerOf({ bins, spots }: Pick<Known, 'bins' | 'spots'>): Container | undefined {
  const found = longest(bins);
  if (!found) return undefined;
  const within = bins.slice(...found);
  const full = within.filter(({ inside }) => inside >= leastInside);
  const box = {
    fromColumn: found[0] * binColumns,
    toColumn: found[1] * binColumns,
    fromRow: median(full.map(({ fromRow }) => fromRow)),
    toRow: median(full.map(({ toRow }) => toRow)),
  };
  const sum = (of: (bin: Bin) => number) => within.reduce((total, bin) => total + of(bin), 0);
  return {
    box,
    cells: sum(({ inside }) => inside),
    peak: Math.max(lowestPeak, ...within.map(({ peak }) => peak)),
    loadCells: sum(({ load }) => load),
    harmlessCells: sum(({ harmless }) => harmless),
    spots: spots.filter((spot) => spot.box.fromColumn < box.toColumn && spot.box.toColumn > box.fromColumn),
  };
}
