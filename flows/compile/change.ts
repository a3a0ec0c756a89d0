import type { FlowDocument } from '../flow.ts';
import { type ChangePlan, planChange, stateFacts } from '../plan.ts';
import type { FlowHost, FlowInstance, StateChange } from '../runtime.ts';
import type { StageRegistry } from '../stage.ts';
import { compileFlow } from './compile.ts';

/** What took over. */
export interface FlowChange {
  readonly instance: FlowInstance;
  readonly plan: ChangePlan;
  /** What the host has not committed yet of the old flow, then what the change itself altered; in order. */
  readonly changes: readonly StateChange[];
}

/**
 * Changes a running flow without a gap. The new graph is compiled first (a Fault leaves the old one as it
 * was); then the old one takes no new messages (sources lose credit; what still comes is kept and is part
 * of its checkpoint), asynchronous work is finished, and in one step, between two messages, state, timers
 * and what was kept move over and `adopt` is called: from then on the host pushes to the new one. Windows
 * are not flushed. The host adds `changes` to the group that it is about to commit (deletions of lost state
 * are among them) and later calls `changes` of the new instance only.
 *
 * The host learns from `plan.sources` which sessions go on; what a source that is removed still sends is
 * handled by the old graph, so the host closes such sources first. `adopt` must not await, push or throw.
 */
export async function changeFlow(
  running: FlowInstance,
  next: FlowDocument,
  stages: StageRegistry,
  host: FlowHost,
  adopt: (change: FlowChange) => void,
): Promise<FlowChange> {
  const instance = compileFlow(next, stages, host);
  const stay = new Set(next.nodes.map(({ id }) => id));
  const leave = running.document.nodes.flatMap((node) =>
    'driver' in node && !stay.has(node.id) ? [node.id] : [],
  );
  running.pause();
  // What sources that go away still send has no place in the new graph.
  for (running.resume(leave); !running.idle(); running.resume(leave)) await running.drained();
  const checkpoint = running.checkpoint();
  const plan = planChange(running.document, next, stages, stateFacts(checkpoint));
  instance.pause(); // what was kept goes in when the host has adopted it
  instance.restore(checkpoint);
  const change = { instance, plan, changes: [...running.changes(), ...instance.changes()] };
  running.stop();
  adopt(change);
  instance.resume();
  return change;
}
