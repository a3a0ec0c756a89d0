import type { ModelTask } from '../task.ts';
import { EmptyContainer } from './model.ts';
import { settingsOf } from './settings.ts';

/** Threshold on the calibrated score, in the class that is deployed everywhere. */
export const thresholdName = 'loaded';

export const emptyContainer: ModelTask = {
  task: 'empty-container',
  prepare: 'tasks/empty-container/prepare.js',
  create({ folder, manifest, hash, signed }, run, frames, deployment) {
    const { id, version, validation, thresholds } = manifest;
    const threshold = thresholds[deployment]?.[thresholdName] ?? 1;
    const identity = {
      id,
      version,
      signed,
      sha256: hash,
      simulationValidated: validation === 'simulated',
      threshold,
    };
    return new EmptyContainer(identity, settingsOf(manifest, folder), frames, run);
  },
  async evaluate(bundle, run, options) {
    const { evaluate } = await import('./eval/evaluate.ts');
    return evaluate(emptyContainer, bundle, run, options);
  },
};
