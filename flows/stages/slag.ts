import { oreStage } from './ore-stage.ts';

export const slag = oreStage(
  'slag',
  'Compares spectra of the ore with those of slags and other wastes.',
  'ore-slag',
);
