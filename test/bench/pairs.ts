import { median } from './statistics.ts';

export interface Pairs {
  /** Medians of both sides, in the unit of a round, and of the ratio of ours over the other. */
  readonly value: number;
  readonly reference: number;
  readonly ratio: number;
}

/**
 * Rounds of both sides in turn, each side first in every other one: what a neighbour on the machine takes is taken
 * from both. The first pair warms up and is not counted.
 */
export async function inPairs(
  ours: () => number | Promise<number>,
  other: () => number | Promise<number>,
  pairs: number,
  signal: AbortSignal,
): Promise<Pairs> {
  const rounds: { readonly ours: number; readonly other: number }[] = [];
  for (let pair = -1; pair < pairs; pair++) {
    signal.throwIfAborted();
    const first = pair % 2 === 0;
    const before = first ? await ours() : undefined;
    const beside = await other();
    const round = { ours: before ?? (await ours()), other: beside };
    if (pair >= 0) rounds.push(round);
  }
  return {
    value: median(rounds.map((round) => round.ours)),
    reference: median(rounds.map((round) => round.other)),
    ratio: median(rounds.map((round) => round.ours / round.other)),
  };
}
