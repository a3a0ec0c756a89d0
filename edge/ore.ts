import type { OreModels } from '#flows/ore/model';
import type { FrameSource } from '#flows/scan';
import type { LoadedBundle } from '#models/bundle/load';
import { openOreModels, oreBundle } from '#models/ore/models';

/**
 * Models of ore, opened at the first ask: a box without a berth does without their tables. `tables` gives the newest bundle that the box has; where it has none, the
 * repository's is used. A newer one judges from the next increment on.
 */
export function oreModels(
  frames: FrameSource,
  tables: (id: string) => LoadedBundle | undefined = () => undefined,
): OreModels {
  let [opened, hash]: [OreModels | undefined, string | undefined] = [undefined, undefined];
  return {
    ore(id) {
      const bundle = tables(oreBundle);
      if (opened === undefined || bundle?.hash !== hash) opened = openOreModels({ frames, bundle });
      hash = bundle?.hash;
      return opened.ore(id);
    },
  };
}
