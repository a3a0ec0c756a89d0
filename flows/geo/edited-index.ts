import type { FenceIndex } from './fence-index.ts';

/**
 * A large set of which a few fences were edited: the first index without the fences in `replaced`, and a second, small one of
 * those that are new. Asking both costs a few percent; building the large one anew takes seconds. Fences of
 * the second go by numbers behind those of the first.
 */
export function editedIndex(
  first: FenceIndex,
  second: FenceIndex,
  replaced: ReadonlySet<string>,
): FenceIndex {
  const offset = first.fences.length;
  const hidden = new Uint8Array(offset);
  first.fences.forEach(({ id }, fence) => {
    if (replaced.has(id)) hidden[fence] = 1;
  });
  const found: number[] = [];
  return {
    fences: [...first.fences, ...second.fences],
    numberOf(id) {
      const edited = second.numberOf(id);
      if (edited !== undefined) return offset + edited;
      return replaced.has(id) ? undefined : first.numberOf(id);
    },
    near(segment, visit) {
      first.near(segment, (fence, inside) => {
        if (hidden[fence] === 0) visit(fence, inside);
      });
      second.near(segment, (fence, inside) => visit(offset + fence, inside));
    },
    containing(x, y, out) {
      const all = first.containing(x, y, out);
      let count = 0;
      for (let i = 0; i < all; i++) {
        const fence = out[i] as number;
        if (hidden[fence] === 0) out[count++] = fence;
      }
      const more = second.containing(x, y, found);
      for (let i = 0; i < more; i++) out[count++] = offset + (found[i] as number);
      return count;
    },
    contains: (fence, x, y) =>
      fence < offset ? first.contains(fence, x, y) : second.contains(fence - offset, x, y),
    meetings: (fence, segment) =>
      fence < offset ? first.meetings(fence, segment) : second.meetings(fence - offset, segment),
    isWithin: (fence, x, y, metres) =>
      fence < offset ? first.isWithin(fence, x, y, metres) : second.isWithin(fence - offset, x, y, metres),
    anyWithin(x, y, metres) {
      if (second.anyWithin(x, y, metres)) return true;
      if (replaced.size === 0 || !first.anyWithin(x, y, metres)) return first.anyWithin(x, y, metres);
      return first.fences.some(
        (_, fence) =>
          hidden[fence] === 0 && (first.contains(fence, x, y) || first.isWithin(fence, x, y, metres)),
      );
    },
  };
}
