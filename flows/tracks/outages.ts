/** A silence of one device, epoch ms. */
export interface Silence {
  readonly device: string;
  readonly from: number;
  readonly to: number;
}

/** Parts of a list in which neighbours, in order of a time, are no farther apart than `withinMs`. */
function parts<T extends Silence>(list: readonly T[], by: 'from' | 'to', withinMs: number): T[][] {
  const sorted = [...list].sort((a, b) => a[by] - b[by]);
  const found: T[][] = [];
  for (const one of sorted) {
    const part = found.at(-1);
    const before = part?.at(-1);
    if (part && before && one[by] - before[by] <= withinMs) part.push(one);
    else found.push([one]);
  }
  return found;
}

/**
 * Silences that began together and ended together, each within `withinMs` of the next one: lists of one are what happened to one
 * alone. The same silences in any order give the same lists.
 */
export function together<T extends Silence>(list: readonly T[], withinMs: number): T[][] {
  const begun = parts(list, 'from', withinMs);
  const both = begun.flatMap((part) => parts(part, 'to', withinMs));
  // what an end has cut apart may have been held together at its begin only by what is gone
  return both.length === begun.length ? both : both.flatMap((part) => together(part, withinMs));
}
