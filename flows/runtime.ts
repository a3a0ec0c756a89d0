import type { Emission } from './event.ts';
import type { FlowDocument } from './flow.ts';
import type { Message } from './message.ts';
import type { Clock, Resources } from './stage.ts';

/**
 * What a compiled flow needs of the one that runs it: a box, a hub, or a run in virtual time.
 * Everything is called synchronously, so that at any moment between two calls into the flow its
 * consequences so far are complete: emissions, errors, counters, changed state and what waits in
 * queues. A host commits all of that in one transaction and then acknowledges the sources; a message
 * that waits in a queue is on disk as part of the checkpoint and needs no further tracking.
 *
 * No method may throw. `wake` and `credit` are called at the end of a call into the flow, so the host
 * may push from within them.
 */
export interface FlowHost {
  readonly clock: Clock;
  readonly resources: Resources;
  readonly seed: number;
  emit(emission: Emission): void;
  fail(error: FlowError): void;
  /** The earliest timer moved: the host calls `fire` at that time. Undefined: none is set. */
  wake(atMs: number | undefined): void;
  /** A driver node may (true) or must not (false) be pushed to: credit came back or is withdrawn. */
  credit(node: string, open: boolean): void;
  /** Something happened outside a call into the flow (an asynchronous stage finished): commit soon. */
  changed(): void;
}

/** What left by the error port. */
export interface FlowError {
  readonly node: string;
  readonly code: string;
  readonly detail: string;
  readonly time: string;
  readonly message: Message;
}

export interface NodeMetrics {
  readonly node: string;
  readonly type: string;
  readonly received: number;
  readonly sent: number;
  readonly failed: number;
  /** Messages dropped by the queues in front of it, by policy. */
  readonly dropped: number;
  readonly queued: number;
  readonly stateKeys: number;
}

/** One change of a checkpoint: `value` undefined means that the key is gone. */
export interface StateChange {
  readonly node: string;
  readonly space: 'state' | 'timer' | 'queue' | 'counter';
  readonly key: string;
  readonly version: number;
  readonly value: unknown;
}

export interface FlowInstance {
  readonly document: FlowDocument;
  readonly hash: string;
  /**
   * Every consequence is emitted, failed, counted, in the state or in a queue when it returns. `node` is a
   * driver node, or a stage, whose first input it is. Throws a Fault for an unknown node or a flow that
   * was stopped.
   */
  push(node: string, message: Message): void;
  /** Fires every timer due at or before `nowMs`, ties by node order, then order of setting. */
  fire(nowMs: number): void;
  nextDue(): number | undefined;
  /** Changes since the last call, each key once with its last value. */
  changes(): StateChange[];
  /** The whole checkpoint, for a change of flow. */
  checkpoint(): StateChange[];
  /**
   * Before the first push. What this flow has no place for (unknown nodes, another stage type, a version
   * that does not migrate: the plan has named them) is not taken over, and the next `changes` deletes it.
   * Messages that waited in queues are taken up again right after, outside of this call.
   */
  restore(entries: Iterable<StateChange>): void;
  /**
   * Until `resume`: pushes are kept for later (in the checkpoint, space `queue` of the driver node),
   * sources have no credit, no timer fires; what waits in front of asynchronous stages is finished.
   */
  pause(): void;
  /** Goes on with what was kept. With `nodes`: lets only what these driver nodes kept through, still paused. */
  resume(nodes?: readonly string[]): void;
  /** True when nothing waits for an asynchronous stage or is under way in one. */
  idle(): boolean;
  /** Resolves when idle. */
  drained(): Promise<void>;
  /**
   * End of input: the watermark goes to infinity, one-shot timers fire (each key once), windows flush in
   * the order of the wires. Resolves when all of it is concluded.
   */
  flush(): Promise<void>;
  metrics(): NodeMetrics[];
  /**
   * Watches what leaves a port (`out`, `error`, a named one); costs nothing while nobody watches. Returns
   * the way to stop. Throws a Fault for an unknown node or port.
   */
  tap(node: string, port: string, watch: (message: Message) => void): () => void;
  /** Ends the graph; nothing is flushed. */
  stop(): void;
}
