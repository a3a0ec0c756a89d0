import type { CommandDefinition, DeviceOrder } from '#drivers/command';
import type { LocalBroker } from '#drivers/driver';
import { describeProblem, Fault, type Problem } from '#flows/fault';
import { type DriverNode, type FlowDocument, flowHash, isDriverNode } from '#flows/flow';
import type { Message } from '#flows/message';
import type { PictureStore } from '#flows/picture';
import { planChange, stateFacts } from '#flows/plan';
import { stages } from '#flows/registry';
import type { ScanStore } from '#flows/scan';
import type { Resources } from '#flows/stage';
import { canonical } from '#flows/trust/canonical';
import type { DeviceHealth, Status } from '#flows/wire';
import { faults } from '../faults.ts';
import { detailOf } from '../files.ts';
import type { Outbox, PendingEvent } from '../outbox/outbox.ts';
import { ClockDoubt } from '../time/doubt.ts';
import type { BoxClock } from './clock.ts';
import { Deliveries } from './deliveries.ts';
import { FlowRunner } from './flow-runner.ts';
import { GroupCommit } from './group.ts';
import { Heard } from './heard.ts';
import { Notices } from './notices.ts';
import { type FlowProgress, Progress } from './progress.ts';
import { Source, type SourceWorld } from './source.ts';

/** Lag that is announced, and at which it is over, ms. */
const lagRaisedMs = 5000;
const lagClearedMs = 2500;
/** Nothing was dropped for so long: it is over, ms. */
const dropsOverMs = 60_000;
/** Uncommitted messages above which a source that cannot be held is refused. */
const maxUncommitted = 20_000;

export interface RunnerOptions {
  readonly outbox: Outbox;
  readonly clock: BoxClock;
  readonly groupMs: number;
  readonly groupMessages: number;
  readonly broker?: LocalBroker & { freeze(): void; thaw(): void };
  /** Where drivers write scans. */
  readonly scans?: ScanStore;
  /** Where drivers put pictures. */
  readonly pictures?: PictureStore;
  readonly random: () => number;
  readonly secret: (name: string) => string | undefined;
  /** Events are on disk and may be sent. */
  readonly onCommit: (events: readonly PendingEvent[]) => void;
  readonly onHealth: () => void;
  /** As `SourceWorld.see`. */
  readonly see: (message: Message) => void;
}

interface Running {
  runner: FlowRunner | undefined;
  document: FlowDocument;
  resources: Resources;
  sources: Map<string, Source>;
  problem: Problem | undefined;
}

/**
 * Hosts the flows of a box: opens their drivers, commits what they conclude and then acknowledges the
 * sources. Each flow stands alone: one that cannot run is shown as failed, and the others go on.
 */
export class Runner {
  readonly group: GroupCommit;
  readonly #options: RunnerOptions;
  readonly #notices: Notices;
  readonly #clockDoubt: ClockDoubt;
  readonly #heard: Heard;
  readonly #deliveries: Deliveries;
  readonly #flows = new Map<string, Running>();
  readonly #unreadable = new Map<string, Problem>();
  readonly #ticker: NodeJS.Timeout;
  /** How much was ever dropped, and when that was last seen to grow. */
  #dropped: { readonly sum: number; readonly atMs?: number };
  readonly #world: SourceWorld;

  constructor(options: RunnerOptions) {
    this.#options = options;
    const { outbox, clock, groupMs, groupMessages, onCommit, broker, random, secret, onHealth, see } =
      options;
    this.group = new GroupCommit({
      outbox,
      clock,
      groupMs,
      groupMessages,
      onBlocked: (blocked) => this.#onBlocked(blocked),
      onCommit,
      onError: () => this.group.count('acknowledge.threw'),
    });
    const before = outbox.counters();
    this.#dropped = { sum: (before.get('dropped.telemetry') ?? 0) + (before.get('dropped.verdict') ?? 0) };
    this.#notices = new Notices({
      outbox,
      emit: (emission, changes) => this.group.notice(emission, undefined, changes),
      now: () => clock.now(),
    });
    this.#clockDoubt = new ClockDoubt(clock, this.#notices.left('clock'));
    this.#heard = new Heard(outbox, (changes) => this.group.change(changes));
    this.#deliveries = new Deliveries(outbox, this.group);
    const deliveries = (node: string) => this.#deliveries.of(node);
    const hasRoom = () => this.group.uncommitted < maxUncommitted;
    const box = outbox.origin.box;
    const { scans, pictures } = options;
    const places = {
      ...(broker ? { broker } : {}),
      ...(scans ? { scans } : {}),
      ...(pictures ? { pictures } : {}),
    };
    this.#world = { clock, box, ...places, deliveries, random, secret, hasRoom, onHealth, see };
    if (outbox.damage) this.#notices.corrupt({ ...outbox.damage });
    this.#ticker = setInterval(() => this.#tick(), 1000);
    this.#ticker.unref();
  }

  /** Starts a flow from its state on disk. Never throws: what is wrong with it is in its status. */
  async start(document: FlowDocument, resources: Resources): Promise<void> {
    const running: Running = {
      runner: undefined,
      document,
      resources,
      sources: new Map(),
      problem: undefined,
    };
    this.#flows.set(document.id, running);
    try {
      const runner = this.#create(document, resources);
      const stored = this.#options.outbox.restore(document.id);
      if (stored) runner.restore(stored.entries);
      const same = stored?.document !== undefined && canonical(stored.document) === canonical(document);
      if (!same) this.#reset(runner);
      running.runner = runner;
      this.group.commit();
    } catch (error) {
      running.problem = problemOf(document.id, error);
      return;
    }
    await this.#open(running, document.nodes.filter(isDriverNode));
  }

  /**
   * Puts another document in the place of a running one: sources that are the same go on, asynchronous
   * work is finished, state is taken over, and what comes meanwhile waits. Throws a Fault before
   * anything has changed when the new document is not valid.
   */
  async change(document: FlowDocument, resources: Resources): Promise<void> {
    const running = this.#flows.get(document.id);
    if (!running?.runner) {
      await this.remove(document.id);
      await this.start(document, resources);
      return;
    }
    const next = this.#create(document, resources);
    const { sources } = planChange(running.document, document, stages);
    const kept = new Set(sources.filter(({ change }) => change === 'keep').map(({ node }) => node));
    this.#options.broker?.freeze();
    try {
      const leaving = [...running.sources].filter(([node]) => !kept.has(node));
      await Promise.all(leaving.map(([, source]) => source.stop()));
      await running.runner.pause();
      // From here on nothing is awaited: no message comes between the old and the new.
      next.restore(running.runner.checkpoint());
      running.runner.changes(); // all of it is in the new one's checkpoint
      running.runner.stop();
      for (const [node, source] of running.sources) {
        if (kept.has(node)) source.retarget(next);
        else running.sources.delete(node);
      }
      running.runner = next;
      running.document = document;
      running.resources = resources;
      this.#reset(next);
      this.group.commit();
      for (const [node, source] of running.sources) source.setFlowOpen(next.hasCredit(node));
      await this.#open(
        running,
        document.nodes.filter(isDriverNode).filter(({ id }) => !kept.has(id)),
      );
    } finally {
      this.#options.broker?.thaw();
    }
  }

  /** Stops a flow and forgets its state. */
  async remove(flow: string): Promise<void> {
    const running = this.#flows.get(flow);
    if (!running) return;
    await this.#stopFlow(running);
    this.#flows.delete(flow);
    this.#deliveries.forget(flow);
    this.group.commit();
    this.#options.outbox.forget(flow);
  }

  /** Nodes whose state a change of the flow would lose, `flow/node`; `next` undefined: its removal. */
  lost(flow: string, next: FlowDocument | undefined): readonly string[] {
    const running = this.#flows.get(flow);
    if (!running) return [];
    const entries = running.runner?.checkpoint() ?? this.#options.outbox.restore(flow)?.entries ?? [];
    return planChange(running.document, next, stages, stateFacts(entries)).lost;
  }

  /** A flow that could not even be read, under the name that it was found by. */
  reportUnreadable(flow: string, problem: Problem): void {
    this.#unreadable.set(flow, problem);
  }

  /** Something that the box had kept is lost or was damaged. */
  damaged(data: Record<string, unknown>): void {
    this.#notices.corrupt(data);
  }

  clearUnreadable(): void {
    this.#unreadable.clear();
  }

  documents(): ReadonlyMap<string, FlowDocument> {
    return new Map([...this.#flows].map(([id, { document }]) => [id, document]));
  }

  /** Actions of the devices of a driver node; undefined: there is no such node. */
  commands(flow: string, node: string): readonly CommandDefinition[] | undefined {
    return this.#flows.get(flow)?.sources.get(node)?.commands;
  }

  /** As `DeviceSession.command`. */
  async command(flow: string, node: string, order: DeviceOrder): Promise<void> {
    const source = this.#flows.get(flow)?.sources.get(node);
    if (!source) throw faults.fault('command.unknown', { action: order.action, node: `${flow}/${node}` });
    await source.command(order);
  }

  /** Watches a port of a running flow; throws a Fault where there is none. */
  tap(flow: string, node: string, port: string, watch: (message: Message) => void): () => void {
    const runner = this.#flows.get(flow)?.runner;
    if (!runner) throw faults.fault('flow.unknown', { flow });
    return runner.tap(node, port, watch);
  }

  /** Soft: sources stop and what they brought is committed. False: not all of it could be. */
  async stop(): Promise<boolean> {
    clearInterval(this.#ticker);
    this.#options.broker?.freeze();
    await Promise.all([...this.#flows.values()].map((running) => this.#stopFlow(running)));
    const done = this.group.commit();
    this.group.close();
    return done;
  }

  async #stopFlow(running: Running): Promise<void> {
    await Promise.all([...running.sources.values()].map((source) => source.stop()));
    this.group.commit();
    running.runner?.stop();
  }

  #create(document: FlowDocument, resources: Resources): FlowRunner {
    const { clock } = this.#options;
    return new FlowRunner(document, {
      clock,
      group: this.group,
      resources,
      credit: (runner, node, open) => {
        const running = this.#flows.get(document.id);
        if (running?.runner === runner) running.sources.get(node)?.setFlowOpen(open);
      },
      heard: (node, time) => this.#heard.note(node, time),
    });
  }

  #reset(runner: FlowRunner): void {
    runner.changes();
    const { document } = runner;
    this.group.change({ flow: document.id, entries: runner.checkpoint(), reset: { document } });
  }

  async #open(running: Running, nodes: readonly DriverNode[]): Promise<void> {
    const { runner } = running;
    if (!runner) return;
    const { id } = running.document;
    for (const node of nodes) {
      const source = new Source(node, id, runner, this.#world, this.#heard.until(`${id}/${node.id}`));
      source.setBoxOpen(!this.group.blocked);
      source.setFlowOpen(runner.hasCredit(node.id));
      running.sources.set(node.id, source);
    }
    await Promise.all(nodes.map(({ id: node }) => running.sources.get(node)?.start()));
  }

  #onBlocked(blocked: boolean): void {
    for (const { sources, runner } of this.#flows.values()) {
      for (const source of sources.values()) source.setBoxOpen(!blocked);
      if (!blocked) runner?.catchUp();
    }
    this.#tellFull();
    this.#options.onHealth();
  }

  #tellFull(): void {
    const { problem, blocked } = this.group;
    const { bytes, pending } = this.#options.outbox.fill();
    this.#notices.set('full', blocked, { ...(problem ? { code: problem.code } : {}), bytes, pending });
  }

  /** Age of the oldest message not committed, or how far the slowest source has fallen behind, ms. */
  lagMs(): number {
    let lag = this.group.lagMs();
    for (const { sources } of this.#flows.values()) {
      for (const source of sources.values()) lag = Math.max(lag, source.lag.lagMs);
    }
    return Math.round(lag);
  }

  #tick(): void {
    const now = this.#options.clock.now();
    for (const { sources } of this.#flows.values()) {
      for (const source of sources.values()) source.lag.tick(now);
    }
    const lagMs = this.lagMs();
    if (lagMs > lagRaisedMs) this.#notices.set('lag', true, { lagMs });
    else if (lagMs < lagClearedMs) this.#notices.set('lag', false, { lagMs });
    this.#lookForDrops(this.#options.clock.monotonic());
    const clock = this.#clockDoubt.look();
    this.#notices.set('clock', clock.off, clock.data, clock.since);
    if (!this.group.blocked && this.#notices.isRaised('full')) this.#tellFull();
  }

  #lookForDrops(nowMs: number): void {
    const counters = this.#options.outbox.counters();
    const telemetry = counters.get('dropped.telemetry') ?? 0;
    const verdict = counters.get('dropped.verdict') ?? 0;
    const sum = telemetry + verdict;
    if (sum > this.#dropped.sum) this.#dropped = { sum, atMs: nowMs };
    const dropping = this.#dropped.atMs !== undefined && nowMs - this.#dropped.atMs < dropsOverMs;
    this.#notices.set('dropping', dropping, { telemetry, verdict });
  }

  /** Whether data gets through, as the watchdog wants to know. */
  progress(): Progress {
    return new Progress({
      monotonic: () => this.#options.clock.monotonic(),
      lagMs: () => this.group.lagMs(),
      blocked: () => this.group.blocked,
      flows: () => this.#progressOfFlows(),
    });
  }

  #progressOfFlows(): FlowProgress[] {
    return [...this.#flows].flatMap(([flow, { runner, sources }]) => {
      if (!runner) return [];
      const held = [...sources.keys()].some((node) => !runner.hasCredit(node));
      const moved = runner.metrics().reduce((sum, node) => sum + node.received, 0);
      return [{ flow, held, moved }];
    });
  }

  devices(): DeviceHealth[] {
    return [...this.#flows.values()].flatMap(({ sources }) =>
      [...sources.values()].map((source) => source.health()),
    );
  }

  status(): Status['flows'] {
    const none = { received: 0, emitted: 0, failed: 0, dropped: 0 };
    const unreadable = [...this.#unreadable].map(([id, problem]) => {
      const detail = describeProblem(problem);
      return { id, version: 0, hash: '', state: 'failed' as const, detail, ...none };
    });
    const known = [...this.#flows.values()].map(({ document, runner, problem }) => {
      const { id, version } = document;
      const counts = runner?.status() ?? none;
      const state = problem ? ('failed' as const) : ('running' as const);
      const detail = problem ? { detail: describeProblem(problem) } : {};
      return { id, version, hash: runner?.identity.hash ?? flowHash(document), state, ...detail, ...counts };
    });
    return [...known, ...unreadable];
  }

  metrics() {
    return [...this.#flows].flatMap(([flow, { runner }]) =>
      (runner?.metrics() ?? []).map((node) => ({ flow, ...node })),
    );
  }
}

function problemOf(flow: string, error: unknown): Problem {
  return error instanceof Fault
    ? error.problem
    : faults.problem('flow.invalid', { flow, detail: detailOf(error) });
}
