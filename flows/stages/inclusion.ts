import { oreStage } from './ore-stage.ts';

export const inclusion = oreStage(
  'inclusion',
  'Looks for foreign bodies on the belt: metal, timber, plastic, rubber, lumps of slag.',
  'ore-inclusion',
);
