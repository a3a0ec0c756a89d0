import { describe, expect, it } from 'vitest';
import type { RawLine } from '#flows/scan';
import { airLevel } from '#flows/scan';
import { rawLines } from './raw-lines.ts';
import { type ScannerProfile, scanners } from './scanner.ts';
import { drawScene } from './scene-spec.ts';
import { simulateScan } from './simulate.ts';

const scanner: ScannerProfile = { ...scanners.g1, pixelMm: 40, speedError: 0, wobble: 0, gainResidual: 0 };
const scene = drawScene(11, { empty: 0, small: 0, containers: ['dry-20'], goods: ['rice', 'timber'] });
const request = { seed: 3, scanner, scene, speedMps: 3 };

const meanLine = (lines: readonly RawLine[], weigh: (line: RawLine) => number) => {
  const sum = new Float64Array(lines[0]?.samples.length ?? 0);
  for (const line of lines) {
    const weight = weigh(line);
    line.samples.forEach((value, row) => {
      sum[row] = (sum[row] as number) + value * weight;
    });
  }
  return sum.map((value) => value / lines.length);
};

/** Dark, air, dose, and the mean of the lines of each column: what a driver does, as short as it can be said. */
function calibrated(lines: readonly RawLine[], energy: 'high' | 'low', columns: number): Float64Array[] {
  const own = lines.filter((line) => line.energy === energy);
  const dark = meanLine(
    own.filter((line) => line.beam === 'dark'),
    () => 1,
  );
  const airs = own.filter((line) => line.beam === 'air');
  const dose = airs.reduce((sum, line) => sum + line.doseRef, 0) / airs.length;
  const air = meanLine(airs, () => 1);
  const byColumn: RawLine[][] = Array.from({ length: columns }, () => []);
  for (const line of own.filter(({ beam }) => beam === 'object'))
    byColumn[Math.floor(line.encoderUm / 1000 / scanner.pixelMm)]?.push(line);
  return byColumn.map((column) => {
    if (column.length === 0) return new Float64Array(0);
    const sum = new Float64Array(dark.length);
    for (const line of column)
      line.samples.forEach((value, row) => {
        const t = (value - (dark[row] as number)) / ((air[row] as number) - (dark[row] as number));
        sum[row] = (sum[row] as number) + (t * dose) / line.doseRef / column.length;
      });
    return sum;
  });
}

describe('raw lines', () => {
  const lines = [...rawLines(request)];
  const scan = simulateScan({ seed: 9, scanner, scene });

  it('are numbered, alternate, and end once', () => {
    lines.forEach((line, i) => {
      expect(line.line).toBe(i);
      expect(line.energy).toBe(i % 2 === 0 ? 'high' : 'low');
      expect(line.samples.length).toBe(scan.rows);
      expect(line.end).toBe(i === lines.length - 1);
    });
    expect(lines.slice(0, 64).every(({ beam, doseRef }) => beam === 'dark' && doseRef === 0)).toBe(true);
    expect((lines[1]?.timeNs ?? 0n) - (lines[0]?.timeNs ?? 0n)).toBe(2_500_000n);
  });

  it.each([
    ['high', 0],
    ['low', 1],
  ] as const)('calibrated give the %s plane of the simulated scan', (energy, plane) => {
    const columns = calibrated(lines, energy, scan.columns);
    let compared = 0;
    let off = 0;
    let sum = 0;
    columns.forEach((column, x) => {
      column.forEach((t, row) => {
        const at = (dx: number, dy: number) =>
          (scan.samples[((x + dx) * 2 + plane) * scan.rows + row + dy] ?? 0) / airLevel;
        // At edges the two are blurred in other ways; where it is smooth they have to agree.
        const here = at(0, 0);
        if (
          here < 0.003 ||
          [at(-1, 0), at(1, 0), at(0, -1), at(0, 1)].some((near) => Math.abs(near / here - 1) > 0.03)
        )
          return;
        compared++;
        sum += t / here - 1;
        if (Math.abs(t / here - 1) > 0.03) off++;
      });
    });
    expect(compared).toBeGreaterThan(10_000);
    expect(Math.abs(sum / compared)).toBeLessThan(0.002);
    expect(off / compared).toBeLessThan(0.01);
  });

  it('show halts of the truck in the encoder, and dying elements', () => {
    const halted = [
      ...rawLines({
        ...request,
        halts: [
          { kind: 'stop', atMm: 3000, seconds: 0.2 },
          { kind: 'reverse', atMm: 6000, backMm: 500 },
        ],
        faults: { dying: { atMm: 4000, elements: 2 } },
      }),
    ].filter(({ beam }) => beam === 'object');
    expect(halted.filter(({ speedMps }) => speedMps === 0).length).toBeGreaterThanOrEqual(80);
    const places = halted.map(({ encoderUm }) => encoderUm / 1000);
    const back = places.reduce((most, x, i) => Math.max(most, (places[i - 1] ?? x) - x), 0);
    expect(back).toBeGreaterThan(0);
    const peak = places.findIndex((x, i) => (places[i + 1] ?? x) < x);
    expect((places[peak] ?? 0) - Math.min(...places.slice(peak))).toBeCloseTo(500, -0.5);
    const last = lines.at(-1)?.samples ?? [];
    const lastHalted = halted.at(-1)?.samples ?? [];
    const dead = [...lastHalted].filter((value, row) => value < 1000 && (last[row] ?? 0) > 10_000);
    expect(dead.length).toBe(2);
  });
});
