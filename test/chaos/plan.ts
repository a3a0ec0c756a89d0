import type { Fault } from './faults/fault.ts';
import { kills } from './faults/kills.ts';
import { others } from './faults/others.ts';

/** A step: wait, then let something go wrong. */
export interface Step {
  readonly waitMs: number;
  /** Something must have gone well first: else most kills would meet a process that is still starting. */
  readonly progress: boolean;
  readonly fault: Fault;
}

/** Deals without end: every card once, in an order of its own, before any comes again. */
function* deal<T>(cards: readonly T[], random: () => number): Generator<T, never> {
  for (;;) {
    const deck = [...cards];
    while (deck.length > 0) yield deck.splice(Math.floor(random() * deck.length), 1)[0] as T;
  }
}

/** What goes wrong and when, by the seed: at least so many kills, and between them everything else in turn. */
export function plan(wanted: number, random: () => number, shim: boolean): Step[] {
  const usable = (list: readonly Fault[]) => list.filter((fault) => shim || !fault.shim);
  const killing = deal(usable(kills), random);
  const other = deal(usable(others), random);
  const steps: Step[] = [];
  const add = (fault: Fault, most: number) => {
    const progress = fault.kills > 0 && random() < 0.7;
    steps.push({ waitMs: Math.floor(random() ** 2 * most), progress, fault });
  };
  for (let count = 0; count < wanted; ) {
    let fault = killing.next().value;
    while (count + fault.kills > wanted) fault = killing.next().value;
    const more = 1 + Math.floor(random() * 3);
    for (let i = 0; i < more; i++) add(other.next().value, 1200);
    add(fault, 2500);
    count += fault.kills;
  }
  return steps;
}
