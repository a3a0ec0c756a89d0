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
  /** Every consequence is emitted, failed, counted, in the state or in a queue when it returns. */
  push(node: string, message: Message): void;
  /** Fires every timer due at or before `nowMs`, ties by node order, then order of setting. */
  fire(nowMs: number): void;
  nextDue(): number | undefined;
  /** Changes since the last call, each key once with its last value. */
  changes(): StateChange[];
  /** The whole checkpoint, for a change of flow. */
  checkpoint(): StateChange[];
  /** Before the first push. Entries of unknown nodes are ignored: the plan has named them. */
  restore(entries: Iterable<StateChange>): void;
  /** True when no queue holds anything and nothing asynchronous is under way. */
  idle(): boolean;
  /** Resolves when idle. */
  drained(): Promise<void>;
  /** End of input: the watermark goes to infinity, one-shot timers fire, windows flush. */
  flush(): void;
  metrics(): NodeMetrics[];
  /** Watches what leaves a port; costs nothing while nobody watches. Returns the way to stop. */
  tap(node: string, port: string, watch: (message: Message) => void): () => void;
  /** Ends the graph; nothing is flushed. */
  stop(): void;
}
