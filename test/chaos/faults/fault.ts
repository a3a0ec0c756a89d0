import type { Ledger } from '../ledger.ts';
import type { Stand } from '../stand.ts';

export interface FaultWorld {
  readonly stand: Stand;
  readonly ledger: Ledger;
  readonly random: () => number;
  /** A number of ms between two. */
  between(least: number, most: number): number;
}

/** Something that goes wrong. It mends what it broke before it resolves. */
export interface Fault {
  readonly name: string;
  /** How many processes it kills. */
  readonly kills: number;
  /** Needs the shim below the processes. */
  readonly shim?: boolean;
  run(world: FaultWorld): Promise<void>;
}
