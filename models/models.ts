import { Fault, type Problem } from '#flows/fault';
import type { Models, ModelUse, ScanModel } from '#flows/inference';
import type { FrameSource } from '#flows/scan';
import { type LoadedBundle, type LoadOptions, loadBundle } from './bundle/load.ts';
import type { BundleManifest } from './bundle/schema.ts';
import { compareVersions } from './bundle/version.ts';
import { faults } from './faults.ts';
import { findBundles } from './find.ts';
import { Runner, type RunnerHealth, type RunnerOptions, runnerDefaults } from './runner/runner.ts';
import { tasks as knownTasks } from './tasks/registry.ts';
import type { ModelTask } from './tasks/task.ts';
import { Version } from './version.ts';
import { VersionedModel } from './versioned.ts';

export interface ModelsOptions extends LoadOptions {
  readonly frames: FrameSource;
  /** By bundle id, and for all others under `default`. */
  readonly runner?: Readonly<Record<string, Partial<RunnerOptions>>>;
  /** Said once each: an unsigned bundle, a provider that is not used, a bundle that is not loaded. */
  readonly onNotice: (problem: Problem) => void;
  readonly tasks?: Readonly<Record<string, () => Promise<ModelTask>>>;
}

export interface ModelHealth extends RunnerHealth {
  readonly id: string;
  readonly version: string;
  readonly signed: boolean;
}

/** Formats whose models are arithmetic of some microseconds, and need no thread. */
const threadless: readonly BundleManifest['format'][] = ['calibration', 'tables'];

/** The models of a box by bundle id: what runs is the newest version that is right; a wrong one changes nothing. */
export class ModelShelf implements Models {
  readonly #options: ModelsOptions;
  readonly #models = new Map<string, VersionedModel>();
  /** Bundles of tables and calibrations, by id: whoever asks for them does the arithmetic. */
  readonly #tables = new Map<string, LoadedBundle>();
  /** Swaps are one at a time. */
  #swaps: Promise<unknown> = Promise.resolve();

  constructor(options: ModelsOptions) {
    this.#options = options;
  }

  model(id: string, use: ModelUse = {}): ScanModel | undefined {
    return this.#models.get(id)?.view(use);
  }

  health(): ModelHealth[] {
    return [...this.#models.values()].map(({ newest: { runner } }) => {
      const { manifest, signed } = runner.bundle;
      return { id: manifest.id, version: manifest.version, signed, ...runner.health() };
    });
  }

  /** The newest right version of a bundle of tables, or of a calibration; undefined where there is none. */
  tables(id: string): LoadedBundle | undefined {
    return this.#tables.get(id);
  }

  /** All bundles of tables and calibrations that are in use. */
  allTables(): LoadedBundle[] {
    return [...this.#tables.values()];
  }

  /** Versions that were replaced and still have scans to finish. */
  retiring(): number {
    return [...this.#models.values()].reduce((sum, { retiring }) => sum + retiring, 0);
  }

  /** Loads the newest right version of every bundle below a folder; what is wrong is told and left out. */
  async loadAll(folder: string): Promise<void> {
    const found = await findBundles(folder, this.#options.onNotice);
    for (const { folder: at, manifest } of found) {
      const running = this.#running(manifest.id)?.manifest.version;
      if (running !== undefined && compareVersions(manifest.version, running) < 0) continue;
      await this.load(at).catch((error) => this.#tell(error));
    }
  }

  #running(id: string): LoadedBundle | undefined {
    return this.#tables.get(id) ?? this.#models.get(id)?.newest.bundle;
  }

  #tell(error: unknown): void {
    if (!(error instanceof Fault)) throw error;
    this.#options.onNotice(error.problem);
  }

  /**
   * Takes a bundle in: signature, hashes, golden outputs and warm-up come first, then new scans go to it, and the
   * version before ends when its last scan has. Rejects with the fault for which it is not used; what ran goes on.
   */
  load(folder: string): Promise<LoadedBundle> {
    const swap = this.#swaps.then(() => this.#load(folder));
    this.#swaps = swap.catch(() => undefined);
    return swap;
  }

  async #load(folder: string): Promise<LoadedBundle> {
    const bundle = await loadBundle(folder, this.#options);
    const { id, version } = bundle.manifest;
    const before = this.#running(id);
    if (before) {
      const order = compareVersions(version, before.manifest.version);
      if (order < 0)
        throw faults.fault('bundle.old', { id, version, running: before.manifest.version }, folder);
      if (order === 0 && before.hash === bundle.hash) return before;
      if (order === 0) throw faults.fault('bundle.conflict', { id, version }, folder);
    }
    if (threadless.includes(bundle.manifest.format)) {
      await proveBundle(bundle);
      if (!bundle.signed) this.#options.onNotice(faults.problem('bundle.unsigned', { id, version }, folder));
      this.#tables.set(id, bundle);
      return bundle;
    }
    const running = this.#models.get(id);
    const { runner, task } = await openRunner(bundle, this.#options);
    const next = new Version(runner, task, this.#options.frames);
    if (!bundle.signed) this.#options.onNotice(faults.problem('bundle.unsigned', { id, version }, folder));
    for (const problem of runner.health().skipped) this.#options.onNotice(problem);
    if (running) running.take(next);
    else this.#models.set(id, new VersionedModel(next));
    return bundle;
  }

  async close(): Promise<void> {
    await this.#swaps;
    await Promise.all([...this.#models.values()].map((model) => model.close()));
  }
}

/** A bundle's task and its model, proved and warm. Rejects with `model.task`, `bundle.golden`, `model.load`, … */
export async function openRunner(
  bundle: LoadedBundle,
  { runner: settings = {}, tasks = knownTasks }: Pick<ModelsOptions, 'runner' | 'tasks'>,
): Promise<{ runner: Runner; task: ModelTask }> {
  const { id, task: name } = bundle.manifest;
  const load = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (!load)
    throw faults.fault('model.task', { id, task: name, known: Object.keys(tasks).join(', ') || 'none' });
  const task = await load();
  const options = { ...runnerDefaults, ...settings['default'], ...settings[id] };
  const runner = new Runner(bundle, options, task.prepare);
  await runner.start();
  return { runner, task };
}

/** Proves a bundle outside of any stream: its golden outputs on the first provider that gives them. */
export async function proveBundle(
  bundle: LoadedBundle,
  options: Partial<RunnerOptions> = {},
): Promise<RunnerHealth> {
  const runner = new Runner(bundle, { ...runnerDefaults, ...options }, undefined);
  await runner.start();
  const health = runner.health();
  await runner.close();
  return health;
}
