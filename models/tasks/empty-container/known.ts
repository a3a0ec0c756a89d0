import { type CellBox, lowestPeak, type Spot, type TileAnswer } from './answer.ts';

/** What is known of a scan so far: plain JSON, bounded. */
export interface Known {
  readonly peak: number;
  readonly loadCells: number;
  readonly harmlessCells: number;
  readonly spots: readonly Spot[];
  readonly container?: { readonly cells: number; readonly box: CellBox };
  /** Why the scan cannot be judged, each once, in order of code units. */
  readonly reasons: readonly string[];
}

export const nothing: Known = { peak: lowestPeak, loadCells: 0, harmlessCells: 0, spots: [], reasons: [] };

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
  const container =
    known.container && answer.container
      ? {
          cells: known.container.cells + answer.container.cells,
          box: union(known.container.box, answer.container.box),
        }
      : (known.container ?? answer.container);
  return {
    ...known,
    peak: Math.max(known.peak, answer.peak),
    loadCells: known.loadCells + answer.loadCells,
    harmlessCells: known.harmlessCells + answer.harmlessCells,
    spots: [...spots].sort((a, b) => b.peak - a.peak).slice(0, mostSpots),
    ...(container && { container }),
  };
}

export const addReasons = (known: Known, reasons: readonly string[]): Known =>
  reasons.every((reason) => known.reasons.includes(reason))
    ? known
    : { ...known, reasons: [...new Set([...known.reasons, ...reasons])].sort() };
