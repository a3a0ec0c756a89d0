import type { ModelUse, ScanModel } from '#flows/inference';
import type { FrameSource } from '#flows/scan';
import { abstaining } from './abstain.ts';
import type { LoadedBundle } from './bundle/load.ts';
import type { Runner } from './runner/runner.ts';
import type { ModelTask, RunModel } from './tasks/task.ts';

const everywhere = 'unified';

/** One way of using a model, as text: the same use is the same model. */
export const keyOfUse = ({ deployment = everywhere, deadlineMs }: ModelUse): string =>
  `${deployment}/${deadlineMs ?? ''}`;

/** A bundle whose model is proved and warm, and the code of its task. */
export class Version {
  readonly runner: Runner;
  readonly #task: ModelTask;
  readonly #frames: FrameSource;
  readonly #models = new Map<string, ScanModel>();

  constructor(runner: Runner, task: ModelTask, frames: FrameSource) {
    this.runner = runner;
    this.#task = task;
    this.#frames = frames;
  }

  get bundle(): LoadedBundle {
    return this.runner.bundle;
  }

  get name(): string {
    return this.bundle.manifest.version;
  }

  /** The pure part and the way to the threads, for one use. */
  model(use: ModelUse): ScanModel {
    const key = keyOfUse(use);
    const made = this.#models.get(key) ?? this.#make(use);
    this.#models.set(key, made);
    return made;
  }

  #make({ deployment = everywhere, deadlineMs }: ModelUse): ScanModel {
    const { thresholds, id, version } = this.bundle.manifest;
    if (!Object.hasOwn(thresholds, deployment)) {
      const reason = `${id} ${version} has no thresholds for the deployment class ${deployment}`;
      return abstaining(this.bundle, reason);
    }
    const run: RunModel = (inputs, call) =>
      this.runner.run(inputs, { ...(deadlineMs !== undefined && { deadlineMs }), ...call });
    return this.#task.create(this.bundle, run, this.#frames, deployment);
  }
}
