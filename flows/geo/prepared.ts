import { editedIndex } from './edited-index.ts';
import { type FenceIndex, indexFences } from './fence-index.ts';
import type { FenceSet } from './fences.ts';
import type { Grid } from './grid.ts';

/** A set with its grid: plain data, so that another thread can build it and hand it over. */
export interface BuiltFences {
  readonly set: FenceSet;
  readonly grid: Grid;
}

/** A fence set that was built before anybody asks for it. */
export interface PreparedFences extends BuiltFences {
  /** What events call the version of the set; absent: they find out themselves. */
  readonly version?: string;
  /** Fences that were changed or added since, and the ids of all that the first ones do not count for any more. */
  readonly edits?: BuiltFences & { readonly replaced: readonly string[] };
}

export function indexPrepared({ set, grid, edits }: PreparedFences): FenceIndex {
  const index = indexFences(set, grid);
  if (!edits) return index;
  return editedIndex(index, indexFences(edits.set, edits.grid), new Set(edits.replaced));
}
