import { oreStage } from './ore-stage.ts';

export const anomaly = oreStage(
  'anomaly',
  'Looks for ore that does not look like its brand, in pictures of the belt.',
  'ore-anomaly',
);
