import { readFileSync } from 'node:fs';
import type { OreModel, OreModels } from '#flows/ore/model';
import type { FrameSource } from '#flows/scan';
import type { LoadedBundle } from '../bundle/load.ts';
import { OreJudge } from './judge.ts';
import { readOreTables } from './open.ts';
import { pictureModels } from './picture-models.ts';
import { PictureJudge } from './pictures.ts';
import { spectralModels } from './spectral-models.ts';
import type { OreTables } from './tables.ts';

/** Id of the bundle that all models of ore are in. */
export const oreBundle = 'iron-ore';

export interface OreModelsOptions {
  readonly frames: FrameSource | undefined;
  /** A bundle that was checked and proved; absent: the repository's. */
  readonly bundle?: LoadedBundle | undefined;
}

/** The models of ore by id: `ore-anomaly`, `ore-brand`, `ore-impurity`, `ore-inclusion`, `ore-slag`, all of one bundle. */
export function openOreModels({ frames, bundle }: OreModelsOptions): OreModels {
  const tables = bundle
    ? (JSON.parse(readFileSync(bundle.file(bundle.manifest.model), 'utf8')) as OreTables)
    : readOreTables();
  const by = { version: bundle?.manifest.version ?? tables.version, signed: bundle?.signed ?? false };
  const all: OreModel[] = [
    ...spectralModels(new OreJudge(tables), by),
    ...pictureModels(new PictureJudge(tables.pictures), by, frames),
  ];
  const byId = new Map(all.map((model) => [model.id, model]));
  return { ore: (id) => byId.get(id) };
}
