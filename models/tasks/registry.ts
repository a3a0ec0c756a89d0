import type { ModelTask } from './task.ts';

/** Every task by name, in alphabetical order; its code is loaded when a bundle needs it. */
export const tasks: Readonly<Record<string, () => Promise<ModelTask>>> = {
  'empty-container': async () => (await import('./empty-container/task.ts')).emptyContainer,
};
