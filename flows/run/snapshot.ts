import type { Priority } from '../event.ts';
import type { StateChange } from '../runtime.ts';
import type { Progress } from './progress.ts';

/**
 * What is needed to go on with a run. As `RunOptions.resume`, `state` is the whole state; as what
 * `commit` returns, `state` is what changed since the commit before, to be merged into what is saved.
 */
export interface RunSnapshot {
  /** Hash of the flow. */
  readonly flow: string;
  readonly seed: number;
  readonly sequence: number;
  readonly previous: Readonly<Record<Priority, number>>;
  /** Sequences of events that can still be corrected, by name. */
  readonly named?: readonly (readonly [string, number])[];
  /** Virtual time, epoch milliseconds. */
  readonly clockMs: number;
  readonly progress: Progress;
  /** Values are the runtime's: serialise or copy them before the run goes on. */
  readonly state: readonly StateChange[];
}

/** A moment between two lines: everything up to `sequence` has been yielded and taken. */
export interface RunPoint {
  readonly sequence: number;
  /** Lines consumed of the input, empty ones too. */
  readonly lines: number;
  /** Nothing comes after this point: what is not saved here is run again. */
  readonly ended: boolean;
  /** Takes the changes since the last call. Whoever does not save at this point does not call it. */
  commit(): RunSnapshot;
}

const keyOf = ({ node, space, key }: StateChange): string => `${node}\n${space}\n${key}`;

/** The whole state after a commit: the saved one with what the commit changed. */
export function mergeState(saved: readonly StateChange[], changed: readonly StateChange[]): StateChange[] {
  const merged = new Map(saved.map((entry) => [keyOf(entry), entry]));
  for (const entry of changed) {
    if (entry.value === undefined) merged.delete(keyOf(entry));
    else merged.set(keyOf(entry), entry);
  }
  return [...merged.values()];
}
