import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { airLevel } from '#flows/scan';
import { overdueCalibration, scanners } from './scanner.ts';
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
    const hash = (samples: Uint16Array) => createHash('sha256').update(samples).digest('hex');
    const first = simulator.scan(request);
    const again = simulator.scan(request);
    expect(hash(again.samples)).toBe(hash(first.samples));
    expect(again.truth.loads).toEqual(first.truth.loads);
    expect(hash(simulator.scan({ ...request, seed: 8 }).samples)).not.toBe(hash(first.samples));
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
    let wrong = 0;
    cargoMask.forEach((mark, i) => {
      if ((mark === 1) !== (arealGCm2[i] as number) > 0.05) wrong++;
      if (mark !== 1) return;
      marked++;
      const [column, row] = [Math.floor(i / scan.rows) - region.column, (i % scan.rows) - region.row];
      if (column < 0 || row < 0 || column >= region.columns || row >= region.rows) wrong++;
    });
    expect(wrong).toBe(0);
    expect(marked).toBeGreaterThan(20);
    expect(region.column).toBeGreaterThan(container.column);
  });

  it('is darker where more was put in, and nowhere brighter than by noise', () => {
    const transmission = (litres: number) => {
      const { samples, truth, rows } = simulator.scan({ seed: 1, scene: withLoad(litres), pixelMm });
      let sum = 0;
      truth.cargoMask.forEach((mark, i) => {
        if (mark === 1) sum += 1 - (samples[2 * Math.floor(i / rows) * rows + (i % rows)] ?? 0) / airLevel;
      });
      return sum;
    };
    expect(transmission(60)).toBeGreaterThan(transmission(30) * 1.3);
    expect(transmission(30)).toBeGreaterThan(transmission(10) * 1.3);
  });

  it('is noisier at smaller pixels, by the photons that reach them', () => {
    const noiseAt = (mm: number) => {
      const { samples, rows } = simulator.scan({ seed: 1, scene: empty, pixelMm: mm });
      // Two by two, so that what rows or columns have in common does not count.
      let square = 0;
      let count = 0;
      for (let column = 0; (column + 2) * mm < 350; column += 2)
        for (let row = 0; row + 1 < rows; row += 2) {
          const at = (x: number, y: number) => (samples[2 * (column + x) * rows + row + y] ?? 0) / airLevel;
          square += (at(0, 0) - at(0, 1) - at(1, 0) + at(1, 1)) ** 2 / 4;
          count++;
        }
      return Math.sqrt(square / count);
    };
    expect(noiseAt(10) / noiseAt(40)).toBeCloseTo(4, 0.4);
  });

  it('shows a calibration that is overdue', () => {
    const stripes = (calibrationFault?: typeof overdueCalibration) => {
      const scan = simulator.scan({
        seed: 1,
        scene: empty,
        pixelMm,
        ...(calibrationFault ? { calibrationFault } : {}),
      });
      const rows = scan.samples.subarray(
        (scan.columns - 1) * 2 * scan.rows,
        ((scan.columns - 1) * 2 + 1) * scan.rows,
      );
      const mean = rows.reduce((sum, value) => sum + value, 0) / rows.length;
      return Math.sqrt(rows.reduce((sum, value) => sum + (value / mean - 1) ** 2, 0) / rows.length);
    };
    expect(stripes(overdueCalibration)).toBeGreaterThan(3 * stripes());
  });
});
