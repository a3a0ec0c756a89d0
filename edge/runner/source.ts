import type { CommandDefinition, DeviceOrder } from '#drivers/command';
import type {
  DeliveryMemory,
  DeviceSession,
  DriverEntry,
  DriverEnvironment,
  LocalBroker,
  Sink,
} from '#drivers/driver';
import { driverEntry } from '#drivers/registry';
import { describeProblem, Fault, type Problem } from '#flows/fault';
import type { DriverNode } from '#flows/flow';
import { withDefaults } from '#flows/lint/schema';
import type { Message } from '#flows/message';
import type { PictureStore } from '#flows/picture';
import type { ScanStore } from '#flows/scan';
import type { DeviceHealth } from '#flows/wire';
import { faults } from '../faults.ts';
import { detailOf } from '../files.ts';
import type { BoxClock } from './clock.ts';
import { completeTime } from './complete.ts';
import { SourceLag } from './lag.ts';

export interface Gap {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** What a source hands on to: the flow that it is a node of, whichever instance runs. */
export interface SourceTarget {
  take(node: string, message: Message, committed?: () => void): void;
  gap(node: string, gap: Gap, device: string | undefined): void;
  reject(node: string, problem: Problem, bytes: Uint8Array, committed?: () => void): void;
  /** A message of a source that cannot be held and for which there is no room. */
  refuse(node: string): void;
  /** A source that cannot repeat itself was heard. */
  heard(node: string, time: string): void;
}

/** What sources need of the box. */
export interface SourceWorld {
  readonly clock: BoxClock;
  readonly box: string;
  readonly broker?: LocalBroker;
  readonly scans?: ScanStore;
  readonly pictures?: PictureStore;
  /** Of a node, `flow/node`. */
  deliveries(node: string): DeliveryMemory;
  random(): number;
  secret(name: string): string | undefined;
  /** Whether there is room for a message that its source would not send again. */
  hasRoom(): boolean;
  onHealth(): void;
  /** Sees every message of a node whose devices take commands. */
  see(message: Message): void;
}

/** One driver node of a running flow: its session and where its messages go. */
export class Source {
  readonly node: DriverNode;
  readonly lag = new SourceLag();
  readonly #flow: string;
  readonly #world: SourceWorld;
  readonly #entry: DriverEntry | undefined;
  readonly #heardUntil: string | undefined;
  #target: SourceTarget;
  #session: DeviceSession | undefined;
  #problem: Problem | undefined;
  #flowOpen = true;
  #boxOpen = true;
  #open = true;
  #listeners: ((open: boolean) => void)[] = [];
  #heardAt = 0;
  readonly #since: string;

  constructor(
    node: DriverNode,
    flow: string,
    target: SourceTarget,
    world: SourceWorld,
    heardUntil: string | undefined,
  ) {
    this.node = node;
    this.#flow = flow;
    this.#target = target;
    this.#world = world;
    this.#heardUntil = heardUntil;
    this.#entry = driverEntry(node.driver);
    this.#since = new Date(world.clock.now()).toISOString();
  }

  get problem(): Problem | undefined {
    return this.#problem;
  }

  /** Loads the driver and starts to listen. Never throws: what is wrong is in `problem` and `health`. */
  async start(): Promise<void> {
    const at = `${this.#flow}/${this.node.id}`;
    try {
      if (!this.#entry) throw new TypeError(`there is no driver ${this.node.driver}`);
      const driver = await this.#entry.load();
      const config = withDefaults(this.#entry.config, this.node.config);
      this.#session = driver.open(config, this.#environment(at));
      this.#session.start();
    } catch (error) {
      this.#problem =
        error instanceof Fault
          ? error.problem
          : faults.problem('driver.failed', { node: at, detail: detailOf(error) });
    }
  }

  async stop(): Promise<void> {
    await this.#session?.stop();
  }

  /** Actions that its devices can be told. */
  get commands(): readonly CommandDefinition[] {
    return this.#entry?.commands ?? [];
  }

  /** As `DeviceSession.command`. */
  async command(order: DeviceOrder): Promise<void> {
    const node = `${this.#flow}/${this.node.id}`;
    if (!this.#session?.command) throw faults.fault('command.unknown', { action: order.action, node });
    await this.#session.command(order);
  }

  /** Another instance of the flow takes over. */
  retarget(target: SourceTarget): void {
    this.#target = target;
  }

  /** Credit of the flow for this node. */
  setFlowOpen(open: boolean): void {
    this.#flowOpen = open;
    this.#update();
  }

  /** Whether the box can commit. */
  setBoxOpen(open: boolean): void {
    this.#boxOpen = open;
    this.#update();
  }

  #update(): void {
    const open = this.#flowOpen && this.#boxOpen;
    if (open === this.#open) return;
    this.#open = open;
    for (const listener of this.#listeners) listener(open);
  }

  health(): DeviceHealth {
    const known = this.#session?.health();
    if (known && !this.#problem) return known;
    const detail = this.#problem ? describeProblem(this.#problem) : 'It was not opened yet.';
    const node = `${this.#flow}/${this.node.id}`;
    const { driver } = this.node;
    return { node, driver, state: 'stopped', since: this.#since, messages: 0, errors: 0, detail };
  }

  #environment(at: string): DriverEnvironment {
    const { clock, box, broker, scans, pictures, random, secret, onHealth } = this.#world;
    return {
      node: at,
      sink: this.#sink(),
      clock,
      box,
      deliveries: this.#world.deliveries(at),
      ...(broker ? { broker } : {}),
      ...(scans ? { scans } : {}),
      ...(pictures ? { pictures } : {}),
      ...(this.#heardUntil === undefined ? {} : { heardUntil: this.#heardUntil }),
      random,
      secret,
      onHealth,
    };
  }

  #sink(): Sink {
    const source = this;
    const { id } = this.node;
    const repeats = this.#entry?.repeats ?? false;
    const isSeen = this.commands.length > 0;
    const device = typeof this.node.config.device === 'string' ? this.node.config.device : undefined;
    return {
      get open() {
        return source.#open;
      },
      onCredit: (listener) => {
        this.#listeners.push(listener);
      },
      push: (message, committed) => {
        if (!repeats) {
          if (!this.#open && !this.#world.hasRoom()) {
            this.#target.refuse(id);
            committed?.(); // it is counted; nobody waits for it
            return;
          }
          this.#noteHeard();
        }
        const whole = message.time === undefined ? completeTime(message, this.#world.clock.now()) : message;
        this.lag.sample(whole.time as string);
        this.#target.take(id, whole, committed);
        if (isSeen) this.#world.see(whole);
      },
      gap: (gap) => this.#target.gap(id, gap, device),
      reject: (problem, bytes, committed) => this.#target.reject(id, problem, bytes, committed),
    };
  }

  /** Once a second, so that after a restart the gap is known to about a second. */
  #noteHeard(): void {
    const now = this.#world.clock.now();
    if (now - this.#heardAt < 1000) return;
    this.#heardAt = now;
    this.#target.heard(this.node.id, new Date(now).toISOString());
  }
}
