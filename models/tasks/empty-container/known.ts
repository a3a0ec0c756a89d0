import type { Bin, CellBox, Spot, TileAnswer } from './answer.ts';

/** What is known of a scan so far: plain JSON, bounded by its length. */
export interface Known {
  /** From the start of the scan, `binColumns` columns of cells each. */
  readonly bins: readonly Bin[];
  readonly spots: readonly Spot[];
  /** Why the scan cannot be judged, each once, in order of code units. */
  readonly reasons: readonly string[];
}

export const nothing: Known = { bins: [], spots: [], reasons: [] };

/** Spots that are kept of a scan, the strongest. */
const mostSpots = 64;

const union = (a: CellBox, b: CellBox): CellBox => ({
  fromColumn: Math.min(a.fromColumn, b.fromColumn),
  toColumn: Math.max(a.toColumn, b.toColumn),
  fromRow: Math.min(a.fromRow, b.fromRow),
  toRow: Math.max(a.toRow, b.toRow),
});

/** Tiles are read one by one: what goes on over their seam is one spot. */
const meet = (left: Spot, right: Spot): boolean =>
  left.box.toColumn === right.box.fromColumn &&
  left.box.fromRow <= right.box.toRow &&
  right.box.fromRow <= left.box.toRow;

const join = (a: Spot, b: Spot): Spot => ({
  box: union(a.box, b.box),
  cells: a.cells + b.cells,
  peak: Math.max(a.peak, b.peak),
});

function addSpot(spots: readonly Spot[], spot: Spot): readonly Spot[] {
  const before = spots.filter((known) => meet(known, spot));
  const rest = spots.filter((known) => !before.includes(known));
  return [...rest, before.reduce(join, spot)];
}

/** Takes a tile into what is known; tiles come in their order. */
export function addTile(known: Known, answer: TileAnswer): Known {
  const spots = answer.spots.reduce(addSpot, known.spots);
  return {
    ...known,
    bins: [...known.bins, ...answer.bins],
    spots: [...spots].sort((a, b) => b.peak - a.peak).slice(0, mostSpots),
  };
}

export const addReasons = (known: Known, reasons: readonly string[]): Known =>
  reasons.every((reason) => known.reasons.includes(reason))
    ? known
    : { ...known, reasons: [...new Set([...known.reasons, ...reasons])].sort() };
