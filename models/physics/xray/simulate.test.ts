import { describe, expect, it } from 'vitest';
import { airLevel } from '#flows/scan';
import { scanners } from './scanner.ts';
import { drawScene, type SceneSpec } from './scene-spec.ts';
import { Simulator } from './simulate.ts';

const simulator = new Simulator(scanners.g1);
const pixelMm = 40;
const empty = drawScene(5, { empty: 1, containers: ['dry-20'] });
const withLoad = (litres: number): SceneSpec => ({
  ...empty,
  smallLoads: [{ material: 'water', litres, packing: 1, shape: 'box', place: 'floor', at: 0.5, seed: 1 }],
});

describe('a simulated scan', () => {
  it('is the same for the same seeds, and another for others', () => {
    const request = { seed: 7, scene: drawScene(7), pixelMm };
    const first = simulator.scan(request);
    expect(simulator.scan(request)).toEqual(first);
    expect(simulator.scan({ ...request, seed: 8 }).samples).not.toEqual(first.samples);
  });

  it('shows air at the air level on both planes', () => {
    const { samples, rows } = simulator.scan({ seed: 1, scene: empty, pixelMm });
    for (const plane of [0, 1]) {
      const air = samples.subarray(plane * rows, plane * rows + rows);
      const mean = air.reduce((sum, value) => sum + value, 0) / rows;
      expect(mean / airLevel).toBeCloseTo(1, 1.5);
    }
  });

  it('says what is in it', () => {
    expect(simulator.scan({ seed: 1, scene: empty, pixelMm }).truth).toMatchObject({
      empty: true,
      loads: [],
    });
    const { truth } = simulator.scan({ seed: 1, scene: withLoad(30), pixelMm });
    expect(truth.empty).toBe(false);
    expect(truth.loads[0]).toMatchObject({ kind: 'smuggled', litres: 30, massKg: expect.closeTo(30, 3) });
  });

  it('has a mask that agrees with the areal density, and lies in the region', () => {
    const scan = simulator.scan({ seed: 1, scene: withLoad(30), pixelMm });
    const { cargoMask, arealGCm2, loads, container } = scan.truth;
    const region = loads[0]?.region ?? container;
    let marked = 0;
    for (let i = 0; i < cargoMask.length; i++) {
      expect(cargoMask[i] === 1).toBe((arealGCm2[i] as number) > 0.05);
      if (cargoMask[i] !== 1) continue;
      marked++;
      const [column, row] = [Math.floor(i / scan.rows), i % scan.rows];
      expect(column >= region.column && column < region.column + region.columns).toBe(true);
      expect(row >= region.row && row < region.row + region.rows).toBe(true);
    }
    expect(marked).toBeGreaterThan(20);
    expect(region.column).toBeGreaterThan(container.column);
  });
});
