import type { Lattice } from './lattice.ts';

/**
 * Fences classified by cell: what a point must be held against is found by one look-up. Only typed arrays, so
 * that a worker can build it and hand it over. Lists are sorted by part.
 */
export interface Grid {
  readonly lattice: Lattice;
  /**
   * Two numbers a block, and one block more for the end: its first cell, or -1 when no edge is in it; and where in
   * `full` the parts begin that cover it whole.
   */
  readonly blocks: Int32Array;
  readonly full: Uint32Array;
  /** Entries of a cell are those from `starts[cell]` up to `starts[cell + 1]`. */
  readonly starts: Uint32Array;
  /**
   * Two numbers an entry. The first is part << 9 | edges << 1 | parity: a run of edges of the part that touches the
   * cell, none when the part covers it whole. The parities of a part's entries in a cell, taken together, say
   * whether its centre is inside. The second is the vertex at which the run begins.
   */
  readonly entries: Uint32Array;
}

/** Edges in one entry, and parts in a grid, at most. */
export const maxRun = 255;
export const maxParts = 1 << 23;
