import type { Outbox } from './outbox/outbox.ts';
import type { Runner } from './runner/runner.ts';

export interface Health {
  readonly healthy: boolean;
  /** What is wrong, in words; empty when healthy. */
  readonly reasons: readonly string[];
}

/** A message that waits so long for its commit means that data does not get through, ms. */
const stuckMs = 30_000;

/**
 * Health by the progress of data: whether what comes in is committed. A dead link or a silent device
 * is no illness of the box: both are shown in the status, and a restart would not help.
 */
export function healthOf(runner: Runner, outbox: Outbox): Health {
  const reasons: string[] = [];
  const { problem } = runner.group;
  if (outbox.full) reasons.push('outbox.full: nothing more may be dropped, sources are paused');
  else if (problem) reasons.push(`${problem.code}: ${problem.message}`);
  if (runner.group.lagMs() > stuckMs) reasons.push('messages wait for more than 30 s to be committed');
  for (const { id, state, detail } of runner.status()) {
    if (state === 'failed') reasons.push(`flow ${id}: ${detail ?? 'failed'}`);
  }
  return { healthy: reasons.length === 0, reasons };
}
