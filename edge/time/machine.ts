import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/** What only a start of the machine changes, and what only counts up until then. */
export interface Machine {
  readonly boot: string;
  /** Since the machine started, ms. */
  upMs(): number;
}

export const machine: Machine = { boot: bootId(), upMs: () => uptime() * 1000 };

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
