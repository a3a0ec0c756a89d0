import type { OreModel, OreModels } from '#flows/ore/model';
import type { FrameSource } from '#flows/scan';
import { openOreJudge } from './open.ts';
import { pictureModels } from './picture-models.ts';
import { PictureJudge } from './pictures.ts';
import { spectralModels } from './spectral-models.ts';

/** The models of ore by id: `ore-anomaly`, `ore-brand`, `ore-impurity`, `ore-inclusion`, `ore-slag`; from the tables of this version. */
export function openOreModels({ frames }: { readonly frames: FrameSource | undefined }): OreModels {
  const judge = openOreJudge();
  const all: OreModel[] = [
    ...spectralModels(judge),
    ...pictureModels(new PictureJudge(judge.tables.pictures), judge.tables.version, frames),
  ];
  const byId = new Map(all.map((model) => [model.id, model]));
  return { ore: (id) => byId.get(id) };
}
