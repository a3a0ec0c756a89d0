import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf, coreColumns, gridMm, newTiles } from './tiles.ts';

describe('tiles', () => {
  it('come once each and in order, however a scan was cut, and only when what they need is there', () => {
    const strips = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(strips, fc.constantFrom(3, 4, 5, 6.5, 10), (widths, pixelMm) => {
        const columns = widths.reduce((sum, width) => sum + width, 0);
        const seen: number[] = [];
        let to = 0;
        widths.forEach((width, i) => {
          const last = i === widths.length - 1;
          const tiles = newTiles(to, to + width, pixelMm, last);
          to += width;
          if (!last) for (const tile of tiles) expect(columnsOf(tile, pixelMm).to).toBeLessThanOrEqual(to);
          seen.push(...tiles);
        });
        expect(seen).toEqual(seen.map((_, i) => i));
        expect(seen.length * coreColumns * gridMm).toBeGreaterThanOrEqual(columns * pixelMm - 1e-6);
        expect((seen.length - 1) * coreColumns * gridMm).toBeLessThan(columns * pixelMm);
      }),
    );
  });
});
