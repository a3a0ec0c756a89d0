import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Random } from '../physics/xray/random.ts';
import { findPasses, type PortalCount } from './passes.ts';

const quarter = (rate: (second: number) => number, seed = 1, seconds = 60): PortalCount[] => {
  const random = new Random(seed);
  return Array.from({ length: seconds * 4 }, (_, i) => ({
    timeMs: i * 250,
    counts: random.poisson(rate(i / 4) / 4),
    seconds: 0.25,
  }));
};
const bump = (second: number, middle: number, width: number) =>
  Math.exp(-4 * Math.LN2 * ((second - middle) / width) ** 2);

describe('passes', () => {
  test('are found with their place, height and width', () => {
    const found = findPasses(
      quarter((second) => 2000 + 3000 * bump(second, 20, 5) + 1500 * bump(second, 45, 4)),
    );
    expect(found).toHaveLength(2);
    expect(Math.abs((found[0]?.peakMs ?? 0) - 20_000)).toBeLessThan(1000);
    expect(Math.abs((found[0]?.halfWidthS ?? 0) - 5)).toBeLessThan(1.2);
    expect(Math.abs((found[0]?.peak ?? 0) - 5000)).toBeLessThan(500);
    expect(found[1]?.fromMs).toBeGreaterThan(found[0]?.toMs ?? 0);
  });
  test('are none in what is background, or too short to say', () => {
    for (let seed = 0; seed < 40; seed++) expect(findPasses(quarter(() => 2000, seed))).toEqual([]);
    expect(findPasses(quarter(() => 2000, 1, 1))).toEqual([]);
  });
});

const file = new URL('../../../shared/data/radiation/portal-passthrough.n42', import.meta.url);
test.skipIf(!existsSync(file))(
  'the pass through a real portal is one (skipped where shared data are absent)',
  () => {
    const text = readFileSync(file, 'utf8');
    // The driver's own test reads the file whole; here its counts are enough.
    const series = text
      .split('<DetectorData>')
      .slice(1)
      .map((part) => {
        const counts = [...part.matchAll(/<ChannelData[^>]*>([^<]*)/g)].reduce((sum, [, data = '']) => {
          const values = data.trim().split(/\s+/).map(Number);
          for (let i = 0; i < values.length; i++) {
            if (values[i] === 0) i += 1;
            else sum += values[i] ?? 0;
          }
          return sum;
        }, 0);
        const time = /<StartTime>([^<]*)/.exec(part)?.[1] ?? '';
        return { timeMs: Date.parse(time), counts, seconds: 0.25 };
      });
    expect(series).toHaveLength(133);
    const found = findPasses(series);
    expect(found).toHaveLength(1);
    const [pass] = found;
    expect((pass?.peak ?? 0) / (pass?.background ?? 1)).toBeGreaterThan(30);
    expect(new Date(pass?.peakMs ?? 0).toISOString().slice(0, 18)).toBe('2010-01-24T00:08:4');
    expect(pass?.halfWidthS).toBeGreaterThan(2);
    expect(pass?.halfWidthS).toBeLessThan(8);
  },
);
