import { compileFlow } from '#flows/compile/compile';
import type { Emission } from '#flows/event';
import { describeProblem, Fault, type Problem } from '#flows/fault';
import { type FlowDocument, flowHash } from '#flows/flow';
import type { Message } from '#flows/message';
import { stages } from '#flows/registry';
import type { FlowError, FlowHost, FlowInstance, StateChange } from '#flows/runtime';
import type { Resources } from '#flows/stage';
import type { Status } from '#flows/wire';
import { faults } from '../faults.ts';
import { detailOf } from '../files.ts';
import type { FlowIdentity } from '../outbox/event-text.ts';
import type { BoxClock } from './clock.ts';
import type { Contributor, GroupCommit } from './group.ts';
import type { Gap, SourceTarget } from './source.ts';

/** Node timers: the longest that one call of setTimeout takes, ms. */
const longestTimerMs = 2 ** 31 - 1;
/** Bytes of a refused frame that are kept. */
const keptBytes = 1024;

export interface FlowWorld {
  readonly clock: BoxClock;
  readonly group: GroupCommit;
  readonly resources: Resources;
  /** Credit of a driver node changed. */
  credit(runner: FlowRunner, node: string, open: boolean): void;
  /** A source that cannot repeat itself was heard. */
  heard(node: string, time: string): void;
}

/**
 * One running instance of a flow: what it concludes goes to the group, what it waits for is kept in
 * time. Nothing that a flow does leaves it but through here, and what it throws stays here.
 */
export class FlowRunner implements SourceTarget, Contributor {
  readonly document: FlowDocument;
  readonly identity: FlowIdentity;
  readonly #world: FlowWorld;
  readonly #instance: FlowInstance;
  readonly #withoutCredit = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #timerAt: number | undefined;
  #stopped = false;
  #emitted = 0;
  #failed = 0;
  #received = 0;

  /** Throws a Fault for a flow that is not valid. */
  constructor(document: FlowDocument, world: FlowWorld) {
    this.document = document;
    this.identity = { id: document.id, hash: flowHash(document) };
    this.#world = world;
    this.#instance = compileFlow(document, stages, this.#host());
  }

  #host(): FlowHost {
    const { clock, resources, group } = this.#world;
    return {
      clock,
      resources,
      seed: 0,
      emit: (emission) => this.#emit(emission),
      fail: (error) => this.#fail(error),
      wake: (atMs) => this.#wake(atMs),
      credit: (node, open) => this.#credit(node, open),
      changed: () => group.touched(this),
    };
  }

  #credit(node: string, open: boolean): void {
    if (open) this.#withoutCredit.delete(node);
    else this.#withoutCredit.add(node);
    this.#world.credit(this, node, open);
  }

  /** Whether a driver node may be pushed to, as far as the flow's queues go. */
  hasCredit(node: string): boolean {
    return !this.#withoutCredit.has(node);
  }

  #emit(emission: Emission): void {
    this.#emitted += 1;
    this.#world.group.emit(this.identity, emission);
  }

  #fail(error: FlowError): void {
    this.#failed += 1;
    this.#world.group.fail(this.document.id, error);
  }

  take(node: string, message: Message, committed?: () => void): void {
    this.#received += 1;
    try {
      this.#instance.push(node, message);
    } catch (error) {
      this.#threw(node, error, message);
    }
    this.#world.group.taken(this, committed);
  }

  gap(node: string, gap: Gap, device: string | undefined): void {
    this.#emit({
      priority: 'verdict',
      type: 'quaywatch.device.gap',
      subject: device ?? `${this.document.id}/${node}`,
      time: gap.to,
      data: { ...gap, node },
      stage: node,
    });
    this.#world.group.touched(this);
  }

  reject(node: string, problem: Problem, bytes: Uint8Array, committed?: () => void): void {
    const data = {
      bytes: Buffer.from(bytes.subarray(0, keptBytes)).toString('base64'),
      length: bytes.length,
    };
    const type = 'quaywatch.driver.reject';
    const message: Message = { kind: 'event', type, quality: 'bad', attributes: {}, data };
    const { code } = problem;
    this.#fail({ node, code, detail: describeProblem(problem), time: this.#time(), message });
    // Acknowledged like a message: what is set aside is on disk before its source forgets it.
    if (committed) this.#world.group.taken(this, committed);
    else this.#world.group.touched(this);
  }

  refuse(node: string): void {
    this.#world.group.count(`refused.${this.document.id}/${node}`);
  }

  heard(node: string, time: string): void {
    this.#world.heard(`${this.document.id}/${node}`, time);
  }

  #threw(node: string, error: unknown, message: Message): void {
    const fields = { flow: this.document.id, detail: detailOf(error) };
    const problem = error instanceof Fault ? error.problem : faults.problem('flow.threw', fields);
    this.#fail({ node, code: problem.code, detail: problem.message, time: this.#time(), message });
  }

  #time(): string {
    return new Date(this.#world.clock.now()).toISOString();
  }

  changes(): StateChange[] {
    return this.#instance.changes();
  }

  checkpoint(): StateChange[] {
    return this.#instance.checkpoint();
  }

  restore(entries: Iterable<StateChange>): void {
    this.#instance.restore(entries);
    this.#wake(this.#instance.nextDue());
  }

  /** Takes messages and keeps them for later; resolves when asynchronous work has finished. */
  async pause(): Promise<void> {
    this.#instance.pause();
    await this.#instance.drained();
  }

  /** Watches a port; throws a Fault where there is none. */
  tap(node: string, port: string, watch: (message: Message) => void): () => void {
    return this.#instance.tap(node, port, watch);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#instance.stop();
  }

  /** Timers do not fire while nothing can be committed; this makes up for it. */
  catchUp(): void {
    this.#timerAt = undefined;
    this.#wake(this.#instance.nextDue());
  }

  #wake(atMs: number | undefined): void {
    if (atMs === undefined || this.#stopped) return;
    // An earlier call finds out by itself when the next timer is due; moving it each time costs more.
    if (this.#timerAt !== undefined && this.#timerAt <= atMs) return;
    clearTimeout(this.#timer);
    this.#timerAt = atMs;
    const wait = Math.max(0, atMs - this.#world.clock.now());
    this.#timer = setTimeout(() => this.#fire(), Math.min(wait, longestTimerMs));
    this.#timer.unref();
  }

  #fire(): void {
    this.#timerAt = undefined;
    if (this.#stopped || this.#world.group.blocked) return;
    try {
      this.#instance.fire(this.#world.clock.now());
    } catch (error) {
      const nothing: Message = {
        kind: 'event',
        type: 'quaywatch.flow.timer',
        quality: 'good',
        attributes: {},
        data: {},
      };
      this.#threw('timer', error, nothing);
    }
    this.#world.group.touched(this);
    this.#wake(this.#instance.nextDue());
  }

  status(): Pick<Status['flows'][number], 'received' | 'emitted' | 'failed' | 'dropped'> {
    const dropped = this.#instance.metrics().reduce((sum, node) => sum + node.dropped, 0);
    return { received: this.#received, emitted: this.#emitted, failed: this.#failed, dropped };
  }

  metrics() {
    return this.#instance.metrics();
  }
}
