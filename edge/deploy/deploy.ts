import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { drivers } from '#drivers/registry';
import { compileFlow } from '#flows/compile/compile';
import type { Emission } from '#flows/event';
import { Fault, type Problem } from '#flows/fault';
import type { FlowDocument } from '#flows/flow';
import { flowHash } from '#flows/flow';
import type { PreparedFences } from '#flows/geo/prepared';
import { lintFlow } from '#flows/lint';
import { parseFlow, readFlow } from '#flows/parse';
import { stages } from '#flows/registry';
import type { Resources } from '#flows/stage';
import { canonical, digest } from '#flows/trust/canonical';
import type { Release, ReleaseBundle, ReleaseReport } from '#flows/wire';
import { faults } from '../faults.ts';
import type { PreparedSets } from '../fences/fences.ts';
import { detailOf } from '../files.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Runner } from '../runner/runner.ts';
import type { Attempts } from './attempts.ts';
import type { Begun } from './begin.ts';
import type { KnownGood } from './known-good.ts';
import type { Reading } from './reading.ts';
import type { ReleaseStore } from './release-store.ts';

export interface DeployOptions {
  readonly runner: Runner;
  readonly outbox: Outbox;
  readonly releases: ReleaseStore;
  /** What the box begins with. */
  readonly begun: Begun;
  readonly knownGood: KnownGood;
  readonly attempts: Attempts;
  readonly reading: Reading;
  /** Crashes in a row after which a release is taken back; 0: never. */
  readonly maxCrashes: number;
  /** Tells of an event of the box itself. */
  readonly notice: (emission: Emission) => void;
  readonly now: () => number;
  readonly box: string;
  /** What flows may ask for beside fence sets. */
  readonly resources: Omit<Resources, 'fenceSet' | 'preparedFences'>;
  /** Builds what is large of the fence sets. */
  readonly prepared: Pick<PreparedSets, 'get' | 'prepare' | 'use'>;
  readonly report: (report: ReleaseReport) => void;
  /** Fetches and uses the bundles of a release; `tell` hears how far it is, `fetched` that they are about to be used. */
  readonly bundles: (
    bundles: readonly ReleaseBundle[],
    signal: AbortSignal,
    tell: (words: string) => void,
    fetched: () => void,
  ) => Promise<void>;
}

/** Least time between two words on how far a release is, ms. */
const tellMs = 2000;

type Step = { readonly kind: 'start' | 'change' | 'remove'; readonly flow: string };

/** What is to be done to come from what runs to what is wanted; flows that are the same are left alone. */
export function planSteps(
  running: ReadonlyMap<string, FlowDocument>,
  wanted: ReadonlyMap<string, FlowDocument>,
  resourcesChanged: boolean,
): Step[] {
  const removed = [...running.keys()].filter((flow) => !wanted.has(flow));
  return [
    ...removed.map((flow) => ({ kind: 'remove' as const, flow })),
    ...[...wanted].flatMap(([flow, document]): Step[] => {
      const before = running.get(flow);
      if (!before) return [{ kind: 'start', flow }];
      const same = flowHash(before) === flowHash(document) && !resourcesChanged;
      return same ? [] : [{ kind: 'change', flow }];
    }),
  ];
}

/** What is wrong with a fence set is known before anything is changed. */
function refuse(error: unknown): never {
  throw error instanceof Fault ? new Refused(error.problem) : error;
}

/** Brings what the hub released, or the config's own flows, to run, and back after a restart. */
export class Deploy {
  readonly #options: DeployOptions;
  #release: Release | undefined;
  #fenceSets: Readonly<Record<string, unknown>> = {};
  /** Whether data got through under what runs. */
  #progressed = false;
  #queue: Promise<void> = Promise.resolve();
  /** The release that is being carried out, or waits for it. */
  #coming: { readonly release: Release; readonly stop: AbortController } | undefined;

  constructor(options: DeployOptions) {
    this.#options = options;
  }

  /** The release that runs; undefined: the flows of the config do. */
  get release(): Release | undefined {
    return this.#release;
  }

  /** Starts the last release, or the flows of the config while there is none. */
  async start(files: readonly string[], fenceFiles: Readonly<Record<string, string>>): Promise<void> {
    const { release } = this.#options.begun;
    this.#tellFallback();
    if (release) await this.#startRelease(release);
    else await this.#startFiles(files, fenceFiles);
  }

  #tellFallback(): void {
    const { notice, now, box, begun } = this.#options;
    if (!begun.fellBack) return;
    notice({
      type: 'quaywatch.release.fallback',
      subject: box,
      priority: 'alarm',
      stage: 'deploy',
      time: new Date(now()).toISOString(),
      data: { ...begun.fellBack },
    });
  }

  /** Data gets through under what runs: ends before it do not count any more. */
  progressed(): void {
    if (this.#progressed) return;
    this.#progressed = true;
    this.#options.knownGood.progressed(this.#release);
  }

  /** There is a link: the hub took for running what was taken back meanwhile, and sends it no more. */
  linkUp(): void {
    const version = this.#options.knownGood.takenBack;
    if (version !== undefined) this.refuse(version, faults.problem('release.fellBack', { version }));
  }

  /** What runs has run healthily for long enough to be gone back to; false: the box has ended under it too lately. */
  settle(): boolean {
    return this.#options.knownGood.settle(this.#release);
  }

  async #startRelease(release: Release): Promise<void> {
    const { runner, outbox } = this.#options;
    this.#release = release;
    this.#fenceSets = release.fenceSets;
    await this.#prepareOwn();
    const wanted = new Set<string>();
    for (const flow of release.flows) {
      const read = readFlow(flow);
      if ('problems' in read) continue; // it was checked when it came
      wanted.add(read.document.id);
      await runner.start(read.document, this.#resources());
    }
    for (const flow of outbox.flows()) if (!wanted.has(flow)) outbox.forget(flow);
  }

  async #startFiles(files: readonly string[], fenceFiles: Readonly<Record<string, string>>): Promise<void> {
    const { runner } = this.#options;
    const fenceSets: Record<string, unknown> = {};
    for (const [name, file] of Object.entries(fenceFiles)) {
      try {
        fenceSets[name] = JSON.parse(readFileSync(file, 'utf8'));
      } catch (error) {
        const detail = `the fence set ${name} in ${file}: ${detailOf(error)}`;
        runner.reportUnreadable(name, faults.problem('config.unreadable', { detail }, file));
      }
    }
    this.#fenceSets = fenceSets;
    await this.#prepareOwn();
    for (const file of files) await this.#startFile(file);
  }

  async #startFile(file: string): Promise<void> {
    const { runner } = this.#options;
    const name = basename(file).replace(/\.(flow\.)?(ya?ml|json)$/, '');
    try {
      const parsed = parseFlow(readFileSync(file, 'utf8'));
      const problems = 'problems' in parsed ? parsed.problems : lintFlow(parsed.document, stages, drivers);
      const [problem] = problems;
      if (problem) runner.reportUnreadable(name, problem);
      else if ('document' in parsed) await runner.start(parsed.document, this.#resources());
    } catch (error) {
      runner.reportUnreadable(name, faults.problem('config.unreadable', { detail: detailOf(error) }, file));
    }
  }

  /** A set that is wrong shows where a flow asks for it. */
  async #prepareOwn(): Promise<void> {
    const { prepared } = this.#options;
    prepared.use(await prepared.prepare(this.#fenceSets).catch(() => new Map<string, PreparedFences>()));
  }

  #resources(): Resources {
    const fenceSets = this.#fenceSets;
    const fenceSet = (name: string) => (Object.hasOwn(fenceSets, name) ? fenceSets[name] : undefined);
    const preparedFences = (name: string) => this.#options.prepared.get(name);
    return { fenceSet, preparedFences, ...this.#options.resources };
  }

  /** A release whose signature was checked. One at a time; the hub hears what became of it. */
  take(release: Release): Promise<void> {
    const coming = this.#coming;
    // Sent again while its bundles still come.
    if (coming && canonical(coming.release) === canonical(release)) return this.#queue;
    // What is newer need not wait for the bundles of what it replaces.
    if (coming && release.version > coming.release.version) coming.stop.abort();
    const next = { release, stop: new AbortController() };
    this.#coming = next;
    this.#queue = this.#queue.then(async () => {
      await this.#take(release, next.stop.signal);
      if (this.#coming === next) this.#coming = undefined;
    });
    return this.#queue;
  }

  /** What is on its way is left where it is, and gone on with when the hub sends the release again. */
  async stop(): Promise<void> {
    this.#coming?.stop.abort();
    await this.#queue;
  }

  /** A release that does not count. */
  refuse(version: number, problem: Problem): void {
    this.#report(version, 'refused', problem);
  }

  async #take(release: Release, signal: AbortSignal): Promise<void> {
    const { version } = release;
    try {
      if (this.#same(release)) {
        this.#report(version, 'running');
        return;
      }
      const { prepared, attempts } = this.#options;
      this.#refuseDeadly(release);
      const ready = await prepared.prepare(release.fenceSets).catch(refuse);
      const wanted = this.#check(release, ready);
      await this.#bring(release, signal);
      signal.throwIfAborted();
      this.#keep(release);
      attempts.end();
      prepared.use(ready);
      await this.#carryOut(release, wanted);
      this.#report(version, 'running');
    } catch (error) {
      if (signal.aborted) {
        this.#options.attempts.rest();
        return;
      }
      this.#options.attempts.end();
      if (error instanceof Refused) this.#report(version, 'refused', error.problem);
      else {
        const problem =
          error instanceof Fault
            ? error.problem
            : faults.problem('release.failed', { detail: detailOf(error) });
        this.#report(version, 'failed', problem);
      }
    } finally {
      this.#options.reading.end();
    }
  }

  /** A release under which the box ended again and again, whether it ran or was only looked at. */
  #refuseDeadly(release: Release): void {
    const { knownGood, attempts, reading, maxCrashes } = this.#options;
    const refusal = () => new Refused(faults.problem('release.fellBack', { version: release.version }));
    if (knownGood.wasTakenBack(release)) throw refusal();
    const bundles = (release.bundles ?? []).map(({ id, version }) => ({ id, version }));
    const deaths = attempts.begin(digest(release), bundles);
    reading.end(); // from here on its end is one of the check
    if (maxCrashes === 0 || deaths < maxCrashes) return;
    knownGood.takeBack(release);
    throw refusal();
  }

  /** Fetching ends no box, and may take hours in which something else does. */
  async #bring({ version, bundles = [] }: Release, signal: AbortSignal): Promise<void> {
    if (bundles.length === 0) return;
    const { attempts } = this.#options;
    attempts.rest();
    await this.#options.bundles(bundles, signal, this.#teller(version), () => attempts.resume());
  }

  /** What ran so far and let data through is better to go back to than nothing. */
  #keep(release: Release): void {
    const { knownGood, releases } = this.#options;
    if (this.#progressed && this.#release && !knownGood.good) knownGood.settle(this.#release);
    this.#progressed = false;
    releases.write(release);
    knownGood.renew(release);
  }

  /** Says how far a release is, now and then. */
  #teller(version: number): (words: string) => void {
    const { box, report } = this.#options;
    let toldAt = Number.NEGATIVE_INFINITY;
    return (detail) => {
      if (performance.now() - toldAt < tellMs) return;
      toldAt = performance.now();
      report({ kind: 'release-report', box, version, state: 'fetching', detail });
    };
  }

  #same(release: Release): boolean {
    const running = this.#release;
    if (!running || release.version > running.version) return false;
    if (release.version < running.version) {
      const fields = { version: release.version, running: running.version };
      throw new Refused(faults.problem('release.old', fields));
    }
    if (canonical(release) === canonical(running)) return true;
    throw new Refused(faults.problem('release.conflict', { version: release.version }));
  }

  /** Everything that can be known before anything is changed. */
  #check(release: Release, ready: ReadonlyMap<string, PreparedFences>): ReadonlyMap<string, FlowDocument> {
    const { runner } = this.#options;
    const wanted = new Map<string, FlowDocument>();
    const fenceSet = (name: string) =>
      Object.hasOwn(release.fenceSets, name) ? release.fenceSets[name] : undefined;
    release.flows.forEach((flow, index) => {
      const [problem] = lintFlow(flow, stages, drivers);
      if (problem) throw new Refused({ ...problem, at: `flows[${index}].${problem.at ?? ''}` });
      const read = readFlow(flow);
      if ('problems' in read) return;
      tryToBuild(read.document, { fenceSet, preparedFences: (name) => ready.get(name) });
      wanted.set(read.document.id, read.document);
    });
    const flows = new Set([...runner.documents().keys(), ...wanted.keys()]);
    const lost = [...flows].flatMap((flow) => runner.lost(flow, wanted.get(flow)));
    const unconfirmed = lost.filter((node) => !release.confirmLoss.includes(node));
    if (unconfirmed.length > 0) {
      throw new Refused(faults.problem('release.loss', { nodes: unconfirmed.join(', ') }));
    }
    return wanted;
  }

  async #carryOut(release: Release, wanted: ReadonlyMap<string, FlowDocument>): Promise<void> {
    const { runner } = this.#options;
    const resourcesChanged = canonical(release.fenceSets) !== canonical(this.#fenceSets);
    const steps = planSteps(runner.documents(), wanted, resourcesChanged);
    this.#release = release;
    this.#fenceSets = release.fenceSets;
    runner.clearUnreadable();
    for (const { kind, flow } of steps) {
      const document = wanted.get(flow);
      if (kind === 'remove' || !document) await runner.remove(flow);
      else if (kind === 'start') await runner.start(document, this.#resources());
      else await runner.change(document, this.#resources());
    }
  }

  #report(version: number, state: ReleaseReport['state'], problem?: Problem): void {
    const { box, report } = this.#options;
    const where = problem?.at === undefined ? '' : `${problem.at}: `;
    const said = problem ? { code: problem.code, detail: `${where}${problem.message}` } : {};
    report({ kind: 'release-report', box, version, state, ...said });
  }
}

/** What a release is refused for: nothing was changed. */
class Refused extends Fault {}

function tryToBuild(document: FlowDocument, resources: Resources): void {
  const nothing = () => undefined;
  const host = { clock: { now: () => 0 }, resources, seed: 0 };
  try {
    const instance = compileFlow(document, stages, {
      ...host,
      emit: nothing,
      fail: nothing,
      wake: nothing,
      credit: nothing,
      changed: nothing,
    });
    instance.stop();
  } catch (error) {
    const fields = { flow: document.id, detail: detailOf(error) };
    throw new Refused(error instanceof Fault ? error.problem : faults.problem('flow.invalid', fields));
  }
}
