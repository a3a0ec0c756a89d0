import { oreStage } from './ore-stage.ts';

export const brand = oreStage(
  'brand',
  'Tells brand, elements, ignition loss and moisture of the ore from its spectra, and whether it is the declared brand.',
  'ore-brand',
);
