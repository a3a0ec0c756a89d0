import { oreStage } from './ore-stage.ts';

export const impurity = oreStage(
  'impurity',
  'Says what kind of foreign matter is in the ore, from spectra and pictures.',
  'ore-impurity',
);
