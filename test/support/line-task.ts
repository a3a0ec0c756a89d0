import type { FindingMessage } from '#flows/inference';
import type { ModelTask } from '#models/tasks/task';
import { row, valuesOf } from './runners.ts';

/** The task of `lineModel`: of each strip it takes the width, and it concludes all that the model made of them. */
export const sumTask: ModelTask = {
  task: 'line',
  evaluate: () => Promise.resolve(true),
  create: ({ manifest: { id, version } }, run) => ({
    id,
    run: async (frame) => valuesOf(await run(row(frame.width, 0, 0, 0)))[0],
    add: (known, _, result) => ({ known: [...((known as number[]) ?? []), result as number], findings: [] }),
    miss: (known, _, reason) => [...((known as unknown[]) ?? []), reason],
    conclude: (known): FindingMessage[] => [
      {
        kind: 'finding',
        quality: 'good',
        attributes: {},
        model: id,
        modelVersion: version,
        label: 'line',
        score: 0,
        evidence: known,
      },
    ],
  }),
};
