/** Neighbours of a cell by number, counter-clockwise from the east; `elsewhere` is none of them. */
const elsewhere = 8;
const around = [
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
] as const;

/** How much is believed of few: so many pairs that all took the same way. */
const prior = 20;

/** A cell of the plane as one whole number. */
const span = 2 ** 24;
export const cellOf = (cx: number, cy: number): number => (cx + span / 2) * span + (cy + span / 2);

/** Which neighbour of `from` the cell `to` is. */
function direction(from: number, to: number): number {
  const dx = Math.floor(to / span) - Math.floor(from / span);
  const dy = (to % span) - (from % span);
  const found = around.findIndex(([x, y]) => x === dx && y === dy);
  return found < 0 ? elsewhere : found;
}

/** Counts of where vehicles went on to, by where they came from: nine for one cell and one way into it. */
export type TurnCounts = Map<number, number[]>;

export const turnKey = (before: number, cell: number): number => cell * 9 + direction(cell, before);

/** Counts that a vehicle went from `before` through `cell` on to `after`. */
export function learnTurn(counts: TurnCounts, before: number, cell: number, after: number): number {
  const key = turnKey(before, cell);
  const known = counts.get(key) ?? new Array<number>(9).fill(0);
  const way = direction(cell, after);
  known[way] = (known[way] as number) + 1;
  counts.set(key, known);
  return key;
}

/**
 * How likely two vehicles that have nothing to do with each other and come through a cell the same way go on the same
 * way: the share of equal pairs among those seen, and certainty as long as few were.
 */
export function sameWay(counts: TurnCounts, before: number, cell: number): number {
  const known = counts.get(turnKey(before, cell));
  if (!known) return 1;
  let [sum, equal] = [0, 0];
  for (const n of known) {
    sum += n;
    equal += n * (n - 1);
  }
  return (equal + prior) / (sum * (sum - 1) + prior);
}
