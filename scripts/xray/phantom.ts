import type { MaterialId } from '#models/physics/xray/materials';
import { materials } from '#models/physics/xray/materials';
import type { Measured, Simulator } from '#models/physics/xray/simulate';
import { box, type Shape, type Solid } from '#models/physics/xray/solids';
import type { Patch } from './patches.ts';

/** Test objects stand in the middle of the lane, around this height, where rays are level. */
export const middleMm = 1350;

export const solid = (shape: Shape, material: MaterialId): Solid => ({
  shape,
  material,
  density: materials[material].densityGCm3,
  role: 'structure',
});

/** An upright plate across the beam, 1.2 m long and 0.8 m high. */
export const plate = (thicknessMm: number, material: MaterialId = 'steel'): Solid =>
  solid(box([-600, 600], [-thicknessMm / 2, thicknessMm / 2], [middleMm - 400, middleMm + 400]), material);

/** A patch around x in the middle height. */
export const patchAt = (x: number, length: number, height: number): Patch => ({
  x: [x - length / 2, x + length / 2],
  z: [middleMm - height / 2, middleMm + height / 2],
});

export const measure = (simulator: Simulator, solids: readonly Solid[], seed: number): Measured =>
  simulator.measure({ seed, solids, fromMm: -700, toMm: 700 });

/** Seeds of the repetitions: a thing counts as seen when it is seen in all of them. */
export const repetitions = [1, 2, 3];
