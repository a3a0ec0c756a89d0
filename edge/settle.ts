import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readTrial } from '#firmware-config/slots/layout';
import { replaceFile } from './files.ts';

export interface SettleOptions {
  /** Whether the box is healthy now. */
  readonly healthy: () => boolean;
  /** Messages that were taken in and committed since the start. */
  readonly received: () => number;
  readonly monotonic: () => number;
  /** Health for `afterMs` in a row, with data getting through; `reached` may answer false: not yet. */
  readonly goals: readonly { readonly afterMs: number; readonly reached: () => unknown }[];
}

/** Without any data, health has to last so much longer: devices may be silent at night. */
const quietFactor = 5;

/**
 * Watches for health that lasts. Looked at every few seconds by the caller; a goal is reached once. Health begins anew with
 * every moment without it.
 */
export function settling({ healthy, received, monotonic, goals }: SettleOptions): () => void {
  let since: number | undefined;
  const open = new Set(goals);
  return () => {
    if (!healthy()) {
      since = undefined;
      return;
    }
    since ??= monotonic();
    const lasted = monotonic() - since;
    for (const goal of open) {
      if (lasted < goal.afterMs * (received() > 0 ? 1 : quietFactor)) continue;
      try {
        if (goal.reached() !== false) open.delete(goal);
      } catch {
        // What cannot be written now is tried again with the next look.
      }
    }
  };
}

/** Tells the guard of the slots that the version on trial is healthy; nothing where none is. */
export function confirmTrial(software: string | undefined, data: string): void {
  const trial = software === undefined ? undefined : readTrial(software);
  if (!trial) return;
  const folder = join(data, 'update');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  replaceFile(join(folder, 'healthy'), `${trial.id}\n`);
}
