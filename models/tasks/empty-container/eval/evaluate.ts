import type { ModelTask } from '../../task.ts';

export const evaluate: ModelTask['evaluate'] = async () => false;
