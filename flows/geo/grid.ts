import type { Lattice } from './lattice.ts';

/**
 * Fences classified by cell: what a point must be held against is found by one look-up. Only typed arrays, so
 * that a worker can build it and hand it over. Lists are sorted by part.
 */
export interface Grid {
  readonly lattice: Lattice;
  /**
   * One number a block: twice one more than where in `cells` it begins, 0 when no edge is in it; and 1 more when parts cover it
   * whole, as few blocks are: then those are in `full` from `fullStarts[block]` up to `fullStarts[block + 1]`.
   */
  readonly blocks: Int32Array;
  readonly fullStarts: Uint32Array;
  readonly full: Uint32Array;
  /**
   * Block after block: where in this array the entries of each of its cells begin, row by row, and where those of the last end;
   * then the entries themselves. What is asked for together lies together, since waiting for memory is what costs.
   *
   * The first number of an entry is part << 9 | edges << 1 | parity: a run of edges of the part that touches the cell, none
   * when the part covers it whole. The parities of a part's entries in a cell, taken together, say whether its centre is inside.
   * A run goes on with the vertex at which it begins, and with its corners as cell-runs.ts packs them, one more than edges.
   */
  readonly cells: Int32Array;
}

/** Where in `cells` a block of `blocks` begins; -1 when no edge is in it. */
export const baseOf = (block: number): number => (block >> 1) - 1;

/** Of the entries in `cells`: how many edges, and numbers it takes in all. */
export const edgesOf = (word: number): number => (word >>> 1) & maxRun;
export const sizeOf = (edges: number): number => (edges === 0 ? 1 : edges + 3);

/** Edges in one entry, and parts in a grid, at most. */
export const maxRun = 255;
export const maxParts = 1 << 23;
