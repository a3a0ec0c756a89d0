import { faults } from '../faults.ts';
import { type FlowDocument, flowHash } from '../flow.ts';
import type { Message } from '../message.ts';
import type { FlowHost, FlowInstance, NodeMetrics, StateChange } from '../runtime.ts';
import type { StageRegistry } from '../stage.ts';
import { allChanges, markStages, restoreInto } from './checkpoint.ts';
import { hold, release } from './credit.ts';
import { finish } from './finish.ts';
import { type NodeRuntime, outletOf, type Wired, wire } from './graph.ts';
import { Scope } from './scope.ts';
import { SourceRuntime } from './source-runtime.ts';
import type { StageRuntime } from './stage-runtime.ts';

/** One running graph. See FlowInstance for what its methods promise. */
export class Instance implements FlowInstance {
  readonly document: FlowDocument;
  readonly hash: string;
  readonly #scope: Scope;
  readonly #wired: Wired;
  readonly #nodes: ReadonlyMap<string, NodeRuntime>;
  readonly #sources: readonly SourceRuntime[];
  /** Deletions of what a checkpoint had and this flow has no place for. */
  #orphans: StateChange[] = [];
  #paused = false;
  #stopped = false;
  /** Restored messages wait to be taken up. */
  #restored = false;

  constructor(document: FlowDocument, stages: StageRegistry, host: FlowHost) {
    this.document = document;
    this.hash = flowHash(document);
    this.#scope = new Scope(host, { id: document.id, hash: this.hash });
    this.#wired = wire(document, stages, this.#scope);
    this.#nodes = new Map(this.#wired.nodes.map((node) => [node.id, node]));
    this.#sources = this.#wired.nodes.filter((node) => node instanceof SourceRuntime);
    for (const stage of this.#wired.downstream) stage.start();
    markStages(this.#wired.nodes);
  }

  push(id: string, message: Message): void {
    const node = this.#node(id);
    if (this.#stopped) throw faults.fault('flow.stopped', { flow: this.document.id });
    this.#scope.enter();
    try {
      if (this.#restored) this.#takeUp();
      if (node instanceof SourceRuntime) {
        if (this.#paused) node.keep(message);
        else node.next(message);
      } else {
        Object.values(node.inlets)[0]?.next(message);
      }
    } finally {
      this.#scope.leave();
    }
  }

  fire(nowMs: number): void {
    if (this.#paused || this.#stopped) return;
    this.#scope.enter();
    try {
      if (this.#restored) this.#takeUp();
      for (let first = this.#scope.timers.first; first !== undefined && first.atMs <= nowMs; ) {
        this.#scope.raiseClock(first.atMs);
        const { owner } = first;
        owner.fire(first, (key, atMs) => this.#stageAt(owner.order).fire(key, atMs));
        first = this.#scope.timers.first;
      }
    } finally {
      this.#scope.leave();
    }
  }

  nextDue(): number | undefined {
    return this.#paused ? undefined : this.#scope.timers.first?.atMs;
  }

  changes(): StateChange[] {
    const changes = this.#orphans;
    this.#orphans = [];
    for (const store of this.#scope.dirty.splice(0)) store.takeChanges(changes);
    return changes;
  }

  checkpoint(): StateChange[] {
    return allChanges(this.#wired.nodes);
  }

  restore(entries: Iterable<StateChange>): void {
    this.#orphans.push(...restoreInto(this.#nodes, entries));
    const waits = this.#scope.pending > 0 || this.#sources.some(({ kept }) => kept.size > 0);
    this.#scope.enter();
    this.#scope.leave();
    if (!waits) return;
    this.#restored = true;
    if (!this.#sources.every(({ kept }) => kept.size === 0)) this.#scope.pending++;
    void Promise.resolve().then(() => {
      if (this.#restored && !this.#stopped) this.#scope.outside(() => this.#takeUp());
    });
  }

  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#bracket(() => hold(this.#sources));
  }

  resume(nodes?: readonly string[]): void {
    if (!this.#paused) return;
    this.#bracket(() => {
      if (this.#restored) this.#takeUp();
      for (const source of this.#sources) if (nodes?.includes(source.id) ?? true) source.release();
      if (nodes !== undefined) return;
      this.#paused = false;
      release(this.#sources);
      this.#scope.forgetWake(); // a wake-up during the pause was in vain
    });
  }

  idle(): boolean {
    return this.#scope.pending === 0;
  }

  drained(): Promise<void> {
    return this.#scope.drained();
  }

  flush(): Promise<void> {
    return finish(this.#scope, this.#wired);
  }

  metrics(): NodeMetrics[] {
    return this.#wired.nodes.map((node) => (node instanceof SourceRuntime ? ofSource(node) : ofStage(node)));
  }

  tap(id: string, port: string, watch: (message: Message) => void): () => void {
    return outletOf(this.#node(id), port).watch(watch);
  }

  stop(): void {
    this.#stopped = true;
    for (const stage of this.#wired.downstream) stage.stop();
  }

  #node(id: string): NodeRuntime {
    const node = this.#nodes.get(id);
    if (node === undefined) throw faults.fault('flow.unknownNode', { id, hint: '' });
    return node;
  }

  #stageAt(order: number): StageRuntime {
    return this.#wired.nodes[order] as StageRuntime;
  }

  /** What waited in queues when the checkpoint was taken goes on. */
  #takeUp(): void {
    this.#restored = false;
    for (const { worker } of this.#wired.downstream) worker?.begin();
    const kept = this.#sources.filter((source) => source.kept.size > 0);
    if (kept.length === 0) return;
    for (const source of kept) source.release();
    this.#scope.pending--;
  }

  #bracket(step: () => void): void {
    this.#scope.enter();
    try {
      step();
    } finally {
      this.#scope.leave();
    }
  }
}

function ofSource(source: SourceRuntime): NodeMetrics {
  const { id: node, type, received } = source;
  const queued = source.kept.size;
  return { node, type, received, sent: source.outlet.sent, failed: 0, dropped: 0, queued, stateKeys: 0 };
}

function ofStage(stage: StageRuntime): NodeMetrics {
  return {
    node: stage.id,
    type: stage.stage.type,
    received: stage.received,
    sent: stage.sent,
    failed: stage.counter('failed'),
    dropped: stage.counter('dropped'),
    queued: stage.worker?.queued ?? 0,
    stateKeys: stage.state.size,
  };
}
