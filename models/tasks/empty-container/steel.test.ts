import { describe, expect, it } from 'vitest';
import { Beam } from '#models/physics/xray/beam';
import { steelTables } from './steel.ts';

describe.each([
  [6, 4],
  [9, 6],
])('tables of %i/%i MV', (high, low) => {
  const beam = new Beam(high, low);
  const tables = steelTables(high, low);

  it.each([0.3, 2.5, 20, 120])('give %f g/cm2 of iron back from both planes', (gCm2) => {
    const through = beam.exact({ Fe: 1 }, gCm2);
    expect(tables.high.of(through.high) / gCm2).toBeCloseTo(1, 2);
    expect(tables.low.of(through.low) / gCm2).toBeCloseTo(1, 2);
  });

  it('see more of carbon in the low plane than in the high one', () => {
    const through = beam.exact({ C: 1 }, 20);
    expect(tables.low.of(through.low)).toBeGreaterThan(1.005 * tables.high.of(through.high));
  });

  it('go on smoothly beyond air, and end', () => {
    expect(tables.high.of(1)).toBe(0);
    expect(tables.high.of(1.01)).toBeCloseTo(-tables.high.of(0.99), 1);
    expect(tables.high.of(0)).toBeGreaterThan(tables.high.of(1e-4));
    expect(tables.high.of(0)).toBeLessThan(400);
  });
});
