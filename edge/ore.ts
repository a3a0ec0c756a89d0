import type { OreModels } from '#flows/ore/model';
import type { FrameSource } from '#flows/scan';
import { openOreModels } from '#models/ore/models';

/** Models of ore, opened at the first ask: a box without a berth does without their tables. */
export function oreModels(frames: FrameSource): OreModels {
  let opened: OreModels | undefined;
  return {
    ore(id) {
      opened ??= openOreModels({ frames });
      return opened.ore(id);
    },
  };
}
