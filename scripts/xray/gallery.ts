import { airLevel } from '#flows/scan';
import { drawScene, type SceneSpec } from '#models/physics/xray/scene-spec';
import type { Simulator } from '#models/physics/xray/simulate';
import { radiographPng } from './picture.ts';

interface Shown {
  readonly file: string;
  readonly title: string;
  readonly scene: SceneSpec;
  readonly darkest?: number;
}

const empty = (
  seed: number,
  container: SceneSpec['container'],
  vehicle: SceneSpec['vehicle']['model'],
): SceneSpec => ({
  ...drawScene(seed, { empty: 1, containers: [container], vehicles: [vehicle] }),
});

/** Thin things need a steep scale, a full container a flat one. */
const thin = 0.12;

export const shown: readonly Shown[] = [
  {
    file: 'empty-dry.png',
    title: 'An empty 40 ft container with what may stay in it: pallets, straps, dunnage, dirt.',
    darkest: thin,
    scene: {
      ...empty(4, 'dry-40', 'cabover-4x2'),
      accepted: [
        { kind: 'pallets', at: 0.3, seed: 1 },
        { kind: 'straps', at: 0.6, seed: 2 },
        { kind: 'dunnage', at: 0.75, seed: 5 },
        { kind: 'dirt', at: 0.5, seed: 4 },
      ],
    },
  },
  {
    file: 'empty-reefer.png',
    title: 'An empty 40 ft reefer: T-bar floor, foam walls, plant in front.',
    darkest: thin,
    scene: { ...empty(5, 'reefer-40-hc', 'bonneted-6x4'), accepted: [] },
  },
  {
    file: 'loaded.png',
    title: 'Beer, tyres, parts of cars and refrigerators in a 40 ft high cube.',
    scene: {
      ...empty(3, 'dry-40-hc', 'cabover-6x4'),
      accepted: [],
      cargo: [
        { goods: 'beer', from: 0, to: 0.25, height: 1, seed: 1 },
        { goods: 'tyres', from: 0.26, to: 0.5, height: 1, seed: 2 },
        { goods: 'auto-parts', from: 0.5, to: 0.75, height: 0.9, seed: 3 },
        { goods: 'fridges', from: 0.76, to: 1, height: 0.9, seed: 4 },
      ],
    },
  },
  {
    file: 'loaded-heavy.png',
    title: 'Timber, juice in drums and a coil of steel; what is black is beyond the beam.',
    scene: {
      ...empty(8, 'dry-40', 'day-cab-4x2'),
      accepted: [],
      cargo: [
        { goods: 'timber', from: 0, to: 0.35, height: 0.8, seed: 1 },
        { goods: 'juice', from: 0.37, to: 0.68, height: 1, seed: 2 },
        { goods: 'steel-coils', from: 0.7, to: 1, height: 1, seed: 3 },
      ],
    },
  },
  {
    file: 'small-loads.png',
    title:
      'An "empty" 20 ft container with 2 l of water on the floor, 20 l of tobacco hung, and 10 l of cocaine as a sheet at the wall.',
    darkest: thin,
    scene: {
      ...empty(6, 'dry-20', 'day-cab-4x2'),
      accepted: [{ kind: 'dirt', at: 0.4, seed: 4 }],
      smallLoads: [
        { material: 'water', litres: 2, packing: 1, shape: 'bottle', place: 'floor', at: 0.25, seed: 1 },
        { material: 'tobacco', litres: 20, packing: 0.6, shape: 'bag', place: 'hung', at: 0.5, seed: 2 },
        {
          material: 'cocaine',
          litres: 10,
          packing: 0.8,
          shape: 'box',
          place: 'wall-sheet',
          at: 0.8,
          seed: 3,
        },
      ],
    },
  },
];

/** Pictures of scenes at 10 mm. */
export async function gallery(simulator: Simulator, folder: string): Promise<void> {
  for (const { file, scene, darkest } of shown) {
    const scan = simulator.scan({ seed: 1, scene, pixelMm: 10 });
    const at = (column: number, row: number) => (scan.samples[2 * column * scan.rows + row] ?? 0) / airLevel;
    await radiographPng(scan, at, `${folder}/${file}`, darkest);
  }
}
