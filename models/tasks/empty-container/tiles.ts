/** Side of a pixel that the network sees, mm. */
export const gridMm = 10;
/** Rows that the network sees: 4.8 m from the top of the scan. */
export const tileRows = 480;
/** Columns that a tile answers for, and what it sees to either side. */
export const coreColumns = 256;
export const marginColumns = 32;
export const tileColumns = coreColumns + 2 * marginColumns;
/** Pixels a side that share one cell of the network's answer. */
export const cellPixels = 2;
export const cellMm = gridMm * cellPixels;
export const cellRows = tileRows / cellPixels;
export const cellColumns = tileColumns / cellPixels;

/**
 * Tiles lie on a grid that begins at the first column of the scan, whatever strips it came in: so the same
 * scan has the same tiles. Columns here are pixels of the network, of `gridMm`; those of the scan are of `pixelMm`.
 */
export const tileStart = (tile: number): number => tile * coreColumns - marginColumns;

/** Columns of a scan that tile `tile` needs: from, and to (not included); clipped at the scan's start alone. */
export function columnsOf(tile: number, pixelMm: number): { readonly from: number; readonly to: number } {
  const from = (tileStart(tile) * gridMm) / pixelMm;
  const to = ((tileStart(tile) + tileColumns) * gridMm) / pixelMm;
  return { from: Math.max(0, Math.floor(from + 1e-9)), to: Math.ceil(to - 1e-9) };
}

/** Tiles that `columns` columns of a scan hold in full; when the scan has ended, all that have a core in it. */
export function tilesWithin(columns: number, pixelMm: number, ended: boolean): number {
  if (ended) return Math.max(1, Math.ceil((columns * pixelMm) / gridMm / coreColumns - 1e-9));
  let tiles = Math.max(0, Math.floor((columns * pixelMm) / gridMm / coreColumns) - 1);
  while (columnsOf(tiles, pixelMm).to <= columns) tiles++;
  return tiles;
}

/** Tiles that become complete with a strip that brings columns [from, to) of its scan. */
export function newTiles(from: number, to: number, pixelMm: number, last: boolean): readonly number[] {
  const first = tilesWithin(from, pixelMm, false);
  const end = tilesWithin(to, pixelMm, last);
  return Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);
}
