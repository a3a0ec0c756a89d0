import { makeFences } from './fences.ts';
import { makeOracle, type Transition, transitionKey } from './oracle.ts';
import type { System } from './system.ts';
import { makeTraffic } from './traffic.ts';

/** What must have come out after so many fixes; computed once, as far as somebody asks. */
export class Expected {
  private readonly next = makeTraffic();
  private readonly judge = makeOracle(makeFences());
  private readonly transitions: Transition[] = [];
  private fixes = 0;

  /** Transitions of the fixes 0 to `fixes` - 1, in order of fix. */
  upto(fixes: number): readonly Transition[] {
    for (; this.fixes < fixes; this.fixes += 1) this.transitions.push(...this.judge(this.next()));
    const all = this.transitions;
    if (this.fixes === fixes) return all;
    const end = all.findIndex((each) => each.index >= fixes);
    return end < 0 ? all : all.slice(0, end);
  }
}

export interface Comparison {
  readonly expected: number;
  readonly seen: number;
  readonly missing: string[];
  readonly doubled: string[];
  readonly foreign: string[];
}

/** Holds what came out against what must have: each transition exactly once and none else. */
export function compare(
  expected: readonly Transition[],
  seen: readonly { readonly key: string }[],
): Comparison {
  const count = new Map<string, number>();
  for (const { key } of seen) count.set(key, (count.get(key) ?? 0) + 1);
  const keys = new Set(expected.map(transitionKey));
  return {
    expected: expected.length,
    seen: seen.length,
    missing: [...keys].filter((key) => !count.has(key)),
    doubled: [...count].filter(([, times]) => times > 1).map(([key]) => key),
    foreign: [...count.keys()].filter((key) => !keys.has(key)),
  };
}

export const agrees = (c: Comparison) => c.missing.length + c.doubled.length + c.foreign.length === 0;

/** Throws with examples when a system lost, doubled or invented a transition. */
export function mustAgree(system: System, expected: readonly Transition[]): Comparison {
  const result = compare(expected, system.seen);
  if (agrees(result)) return result;
  const some = (keys: string[]) => `${keys.length}${keys.length ? ` (${keys.slice(0, 3).join('; ')})` : ''}`;
  throw new Error(
    `${system.name} gave ${result.seen} transitions instead of ${result.expected}: missing ${some(result.missing)}, doubled ${some(result.doubled)}, foreign ${some(result.foreign)}`,
  );
}
