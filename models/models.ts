import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, type Problem } from '#flows/fault';
import type { Models, ScanModel } from '#flows/inference';
import type { FrameSource } from '#flows/scan';
import {
  type LoadedBundle,
  type LoadOptions,
  loadBundle,
  manifestFile,
  readManifest,
} from './bundle/load.ts';
import { compareVersions } from './bundle/version.ts';
import { faults } from './faults.ts';
import { Runner, type RunnerHealth, type RunnerOptions, runnerDefaults } from './runner/runner.ts';
import { tasks as knownTasks } from './tasks/registry.ts';
import type { ModelTask } from './tasks/task.ts';
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

/** Folders with a bundle.yaml in a folder, or one level deeper (`<id>/<version>`), in order. */
export async function findBundles(folder: string): Promise<string[]> {
  const found: string[] = [];
  const look = async (at: string, depth: number): Promise<void> => {
    if (await stat(join(at, manifestFile)).catch(() => undefined)) {
      found.push(at);
      return;
    }
    if (depth === 0) return;
    const entries = await readdir(at, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) if (entry.isDirectory()) await look(join(at, entry.name), depth - 1);
  };
  await look(folder, 2);
  return found.sort();
}

/** The models of a box by bundle id: what runs is the newest version that is right; a wrong one changes nothing. */
export class ModelShelf implements Models {
  readonly #options: ModelsOptions;
  readonly #models = new Map<string, VersionedModel>();
  /** Swaps are one at a time. */
  #swaps: Promise<unknown> = Promise.resolve();

  constructor(options: ModelsOptions) {
    this.#options = options;
  }

  model(id: string): ScanModel | undefined {
    return this.#models.get(id);
  }

  health(): ModelHealth[] {
    return [...this.#models.values()].map((model) => model.health());
  }

  /** Versions that were replaced and still have scans to finish. */
  retiring(): number {
    return [...this.#models.values()].reduce((sum, { retiring }) => sum + retiring, 0);
  }

  /** Loads the newest right version of every bundle below a folder; what is wrong is told and left out. */
  async loadAll(folder: string): Promise<void> {
    const found = await Promise.all((await findBundles(folder)).map((at) => this.#read(at)));
    const newestFirst = found
      .filter((bundle) => bundle !== undefined)
      .sort((a, b) => compareVersions(b.version, a.version));
    for (const { at, id, version } of newestFirst) {
      const running = this.#models.get(id)?.bundle.manifest.version;
      if (running !== undefined && compareVersions(version, running) < 0) continue;
      await this.load(at).catch((error) => this.#tell(error));
    }
  }

  async #read(at: string): Promise<{ at: string; id: string; version: string } | undefined> {
    const file = join(at, manifestFile);
    try {
      const { id, version } = readManifest(await readFile(file, 'utf8'), file);
      return { at, id, version };
    } catch (error) {
      this.#tell(error);
      return undefined;
    }
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
    const running = this.#models.get(id);
    if (running) {
      const { manifest, hash } = running.bundle;
      const order = compareVersions(version, manifest.version);
      if (order < 0) throw faults.fault('bundle.old', { id, version, running: manifest.version }, folder);
      if (order === 0 && hash === bundle.hash) return running.bundle;
      if (order === 0) throw faults.fault('bundle.conflict', { id, version }, folder);
    }
    const { runner, task } = await openRunner(bundle, this.#options);
    const scans = task.create(bundle, runner.run, this.#options.frames);
    if (!bundle.signed) this.#options.onNotice(faults.problem('bundle.unsigned', { id, version }, folder));
    for (const problem of runner.health().skipped) this.#options.onNotice(problem);
    if (running) running.take({ runner, scans });
    else this.#models.set(id, new VersionedModel({ runner, scans }));
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
