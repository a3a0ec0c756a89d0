import type { StageRegistry } from './stage.ts';

/** Every stage there is, by type. */
export const stages: StageRegistry = [];
