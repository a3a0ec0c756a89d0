import { type Observable, Subscriber } from 'rxjs';
import { faults } from '../faults.ts';
import type { Message } from '../message.ts';
import { Refusal, timerMessage } from '../process.ts';
import type { HandlerSlots, Inputs, Operator, Stage, StageContext, StopSignal } from '../stage.ts';
import { Inlet, Outlet, type Owner } from './ports.ts';
import { Random } from './random.ts';
import type { Scope } from './scope.ts';
import { Store } from './store.ts';
import { NodeTimers } from './timers.ts';
import { Worker } from './worker.ts';

/** What is subscribed to a stage's output. A stage is not to end; when it does, its node hears of it. */
class Exit extends Subscriber<Message> {
  readonly #outlet: Outlet;
  readonly #ended: (exit: Exit, error: unknown) => void;

  constructor(outlet: Outlet, ended: (exit: Exit, error: unknown) => void) {
    super();
    this.#outlet = outlet;
    this.#ended = ended;
  }

  override next(message: Message): void {
    if (!this.isStopped) this.#outlet.next(message);
  }

  protected override _error(error: unknown): void {
    this.unsubscribe();
    this.#ended(this, error);
  }

  protected override _complete(): void {
    this.unsubscribe();
    this.#ended(this, undefined);
  }
}

/** Where a stage of a running flow lives: its ports, its state, and what happens when it fails. */
export class StageRuntime implements Owner {
  readonly id: string;
  readonly order: number;
  readonly stage: Stage;
  readonly scope: Scope;
  readonly inlets: Readonly<Record<string, Inlet>>;
  readonly outlets: ReadonlyMap<string, Outlet>;
  readonly state: Store;
  readonly counters: Store;
  readonly timers: NodeTimers;
  readonly worker: Worker | undefined;
  received = 0;
  emitted = 0;
  current: Message | undefined;
  readonly #slots: HandlerSlots = {};
  readonly #operator: Operator;
  #exit: Exit | undefined;

  constructor(scope: Scope, id: string, order: number, stage: Stage, config: Record<string, unknown>) {
    this.scope = scope;
    this.id = id;
    this.order = order;
    this.stage = stage;
    this.inlets = Object.fromEntries((stage.inputs ?? ['in']).map((port) => [port, new Inlet(this)]));
    const ports = ['out', 'error', ...(stage.outputs?.(config) ?? [])];
    this.outlets = new Map(ports.map((port) => [port, new Outlet()]));
    this.state = new Store(scope.dirty, id, 'state', stage.stateVersion ?? 1);
    this.counters = new Store(scope.dirty, id, 'counter');
    this.timers = new NodeTimers(scope.timers, scope.dirty, id, order);
    this.#operator = stage.build(config, this.#context());
    if (stage.asynchronous) this.worker = new Worker(this, stage.concurrency?.(config) ?? 1);
  }

  /** Subscribes the stage. Throws when an asynchronous stage cannot be driven. */
  start(): void {
    this.#subscribe();
    if (this.worker !== undefined && this.#slots.work === undefined) {
      const detail = 'an asynchronous stage is written with `work`';
      throw faults.fault('flow.build', { type: this.stage.type, detail }, this.id);
    }
  }

  stop(): void {
    this.worker?.stop();
    this.#exit?.unsubscribe();
    for (const outlet of this.outlets.values()) outlet.unwatchAll();
  }

  get sent(): number {
    let sent = this.emitted;
    for (const [port, outlet] of this.outlets) if (port !== 'error') sent += outlet.sent;
    return sent;
  }

  counter(name: string): number {
    return (this.counters.get(name) as number | undefined) ?? 0;
  }

  count(name: 'failed' | 'dropped'): void {
    this.counters.set(name, this.counter(name) + 1);
  }

  fail(code: string, detail: string, message: Message): void {
    this.count('failed');
    const time = isoTime(this.scope.clock.now());
    this.scope.host.fail({ node: this.id, code, detail, time, message });
    const outlet = this.outlets.get('error') as Outlet;
    const error = { node: this.id, code, detail };
    outlet.next({ ...message, attributes: { ...message.attributes, error } });
  }

  threw(error: unknown, message: Message): void {
    const code = error instanceof Refusal ? error.code : 'stage.threw';
    this.fail(code, error instanceof Error ? error.message : String(error), message);
  }

  revive(): boolean {
    if (this.#exit !== undefined && !this.#exit.closed) return false; // it does not use this input
    this.#subscribe();
    return !(this.#exit?.closed ?? true);
  }

  fire(key: string, atMs: number): void {
    this.#guarded(() => this.#slots.timer?.(key, atMs));
  }

  flush(): void {
    this.#guarded(() => this.#slots.flush?.());
  }

  async work(message: Message, port: string, signal: StopSignal): Promise<unknown> {
    return await this.#slots.work?.(message, port, signal);
  }

  conclude(message: Message, port: string, result: unknown): void {
    this.current = message;
    this.#slots.conclude?.(message, port, result);
  }

  #guarded(step: () => void): void {
    if (this.#exit?.closed) this.revive();
    this.current = undefined;
    try {
      step();
    } catch (error) {
      this.threw(error, timerMessage(this.id));
    }
  }

  #subscribe(): void {
    const exit = new Exit(this.outlets.get('out') as Outlet, (ended, error) => this.#ended(ended, error));
    this.#exit = exit;
    const inputs: Inputs = Object.fromEntries(
      Object.entries(this.inlets).map(([port, inlet]) => [port, inlet.messages]),
    );
    const [first] = Object.values(inputs);
    try {
      this.#operator(inputs.in ?? (first as Observable<Message>), inputs).subscribe(exit);
    } catch (error) {
      exit.error(error);
    }
  }

  /** Its state is kept; the next message or timer subscribes it again. */
  #ended(exit: Exit, error: unknown): void {
    if (exit !== this.#exit) return;
    const message = this.current ?? timerMessage(this.id);
    if (error !== undefined) this.threw(error, message);
    else this.fail('stage.ended', 'the stage completed by itself', message);
  }

  #context(): StageContext {
    const { scope, id } = this;
    const random = new Random(this.counters, scope.flow.hash, id, scope.host.seed);
    return {
      node: id,
      flow: scope.flow,
      clock: scope.clock,
      timers: this.timers,
      state: this.state,
      resources: scope.host.resources,
      random: () => random.next(),
      send: (port, message) => {
        const outlet = this.outlets.get(port);
        if (outlet === undefined) throw new Refusal('stage.port', `the stage has no port ${port}`);
        outlet.next(message);
      },
      emit: (emission) => {
        this.emitted++;
        scope.host.emit(emission);
      },
      fail: (code, detail, message) => this.fail(code, detail, message),
      handlers: this.#slots,
    };
  }
}

/** Epoch milliseconds as ISO 8601; a clock that is out of range is shown as the epoch. */
function isoTime(ms: number): string {
  return new Date(Math.abs(ms) <= 8.64e15 ? ms : 0).toISOString();
}
