import type { MaterialId } from '#models/physics/xray/materials';
import { type CalibrationFault, overdueCalibration, scanners } from '#models/physics/xray/scanner';
import { drawScene, type SceneOptions, type SceneSpec } from '#models/physics/xray/scene-spec';
import { seen, unseen } from '../heldout.ts';
import { gridMm } from '../tiles.ts';

/** Scans of one kind: seeds from `seed` on. */
export interface Group {
  readonly id: string;
  readonly kind: 'empty' | 'cargo' | 'small';
  readonly seed: number;
  readonly count: number;
  /** Of a quick run. */
  readonly quick: number;
  readonly scene: SceneOptions;
  readonly scanner: keyof typeof scanners;
  /** Absent: the network's own pixel, which spares time and is shown by `N` to say the same. */
  readonly pixelMm?: number;
  readonly fault?: CalibrationFault;
}

/** Held-out scans that are reported together. */
export interface HeldOutSet {
  readonly id: string;
  readonly title: string;
  readonly groups: readonly Group[];
}

const empty: SceneOptions = { ...seen, empty: 1 };
const cargo: SceneOptions = { ...seen, empty: 0, small: 0 };
const small: SceneOptions = { ...seen, empty: 0, small: 1 };
/** Materials of the ladder: none so dense or so thin that litres say nothing. */
const ladderMaterials: readonly MaterialId[] = ['polyethylene', 'rice', 'sugar', 'water', 'wine'];
const open: SceneOptions = { ...small, materials: ladderMaterials, hidden: 0 };
const hidden: SceneOptions = { ...small, materials: ladderMaterials, hidden: 1 };
const vehicles: SceneOptions = { vehicles: unseen.vehicles, containers: unseen.containers };
const goods: SceneOptions = { goods: unseen.goods, materials: unseen.materials };

/** Litres of the ladder. */
export const litres = [0.25, 0.5, 1, 2, 4, 8, 16, 32] as const;
/** The size that an aim is set for, and how many scans more of it make the interval narrow. */
const aimed = { litre: 2, times: 4 };

const group = (
  id: string,
  kind: Group['kind'],
  seed: number,
  count: number,
  scene: SceneOptions,
  more: Partial<Group> = {},
): Group => ({
  id,
  kind,
  seed,
  count,
  quick: 1,
  scene,
  scanner: 'g1',
  pixelMm: gridMm,
  ...more,
});

const ladder = (id: string, seed: number, count: number, scene: SceneOptions): Group[] =>
  litres.map((litre, i) =>
    group(
      `${id}-${litre}`,
      'small',
      seed + 1000 * i,
      id === 'open' && litre === aimed.litre ? aimed.times * count : count,
      { ...scene, litres: [litre, litre] },
      { quick: 0 },
    ),
  );

const h1 = { scanner: 'h1', pixelMm: scanners.h1.pixelMm, quick: 0 } as const;
const h5 = { fault: overdueCalibration };

/** Nothing here was trained on or calibrated on; S and T were not looked at before the model was made. */
export const heldOutSets: readonly HeldOutSet[] = [
  {
    id: 'G',
    title: 'Same make of scanner, other scenes',
    groups: [
      group('empty', 'empty', 11_000_000, 600, empty, { quick: 4 }),
      group('cargo', 'cargo', 11_100_000, 160, cargo),
      group('small', 'small', 11_200_000, 100, small),
    ],
  },
  {
    id: 'H1',
    title: 'Other scanner, outside of the limits of use: 9/6 MV, 4 mm, twice the noise, other blur and speed',
    groups: [
      group('empty', 'empty', 2_000_000, 30, empty, h1),
      group('cargo', 'cargo', 2_100_000, 8, cargo, h1),
      group('small', 'small', 2_200_000, 16, small, h1),
    ],
  },
  {
    id: 'H3',
    title: 'Unseen goods and materials',
    groups: [
      group('cargo', 'cargo', 3_100_000, 30, { ...cargo, ...goods }),
      group('small', 'small', 3_200_000, 50, { ...small, ...goods }),
    ],
  },
  {
    id: 'H4',
    title: 'Unseen vehicle and containers',
    groups: [
      group('empty', 'empty', 4_000_000, 50, { ...empty, ...vehicles }),
      group('cargo', 'cargo', 4_100_000, 15, { ...cargo, ...vehicles }),
      group('small', 'small', 4_200_000, 25, { ...small, ...vehicles }),
    ],
  },
  {
    id: 'H5',
    title: 'Calibration gone bad, and nobody noticed',
    groups: [
      group('empty', 'empty', 5_000_000, 30, empty, h5),
      group('cargo', 'cargo', 5_100_000, 10, cargo, h5),
      group('small', 'small', 5_200_000, 20, small, h5),
    ],
  },
  {
    id: 'N',
    title: "Same scenes at the scanner's own 5 mm",
    groups: [
      group('empty', 'empty', 11_000_000, 6, empty, { pixelMm: 5, quick: 0 }),
      group('small', 'small', 11_200_000, 6, small, { pixelMm: 5, quick: 0 }),
    ],
  },
  { id: 'S', title: 'One load in the open, by its size', groups: ladder('open', 26_000_000, 16, open) },
  { id: 'T', title: 'One hidden load, by its size', groups: ladder('hidden', 27_000_000, 6, hidden) },
];

/** Scans that calibration and threshold are fitted on: same make, other seeds again. */
export const validationGroups: readonly Group[] = [
  group('empty', 'empty', 900_000, 300, empty, { quick: 8 }),
  group('cargo', 'cargo', 910_000, 40, cargo),
  group('small', 'small', 920_000, 50, small),
];

export const sceneOf = ({ scene }: Group, seed: number): SceneSpec => drawScene(seed, scene);
