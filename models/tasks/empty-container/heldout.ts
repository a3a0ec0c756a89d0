import type { MaterialId } from '#models/physics/xray/materials';
import type { ContainerId } from '#models/physics/xray/scene/containers';
import { containerIds } from '#models/physics/xray/scene/containers';
import type { GoodsId } from '#models/physics/xray/scene/goods';
import { goodsIds } from '#models/physics/xray/scene/goods';
import type { VehicleId } from '#models/physics/xray/scene/vehicles';
import { vehicleIds } from '#models/physics/xray/scene/vehicles';
import { type SceneOptions, smallLoadMaterials } from '#models/physics/xray/scene-spec';

/** What no training or validation scan has in it; beside it all scans of the scanners other than G1's make. */
export const unseen = {
  goods: ['copper-cathodes', 'electronics', 'fruit', 'furniture', 'plastic-pellets', 'tyres'],
  materials: ['cocaine', 'lead', 'tobacco'],
  containers: ['dry-20-wide', 'dry-45-hc'],
  vehicles: ['bonneted-6x4'],
} as const satisfies {
  readonly goods: readonly GoodsId[];
  readonly materials: readonly MaterialId[];
  readonly containers: readonly ContainerId[];
  readonly vehicles: readonly VehicleId[];
};

const without = <T extends string>(all: readonly T[], some: readonly string[]): readonly T[] =>
  all.filter((one) => !some.includes(one));

/** What scenes for training, validation and the in-domain test are drawn from. */
export const seen = {
  goods: without<GoodsId>(goodsIds, unseen.goods),
  materials: without<MaterialId>(smallLoadMaterials, unseen.materials),
  containers: without<ContainerId>(containerIds, unseen.containers),
  vehicles: without<VehicleId>(vehicleIds, unseen.vehicles),
} as const satisfies SceneOptions;
