import { describe, expect, test } from 'vitest';
import { cellFeatures, cellPixels, cellsOf } from '../../ore/picture-cells.ts';
import { Random } from '../xray/random.ts';
import { NirLibrary } from './belt-nir.ts';
import { type BeltScene, renderBelt } from './belt-picture.ts';
import { CargoLot, drawWaste } from './cargo.ts';
import { readEndMembers } from './end-members.ts';
import { drawForeignBody, foreignKinds } from './foreign-bodies.ts';
import { lookOfOre, lookOfWaste } from './looks.ts';
import { readMaterials } from './materials.ts';

const { brands, wastes } = readMaterials();
const library = new NirLibrary(readEndMembers());
const [width, height] = [320, 192];
const ore = (place: number) => {
  const brand = brands[place];
  if (!brand) throw new Error('no brand');
  return lookOfOre(library, brand, new CargoLot(brand, new Random(1)).next(5));
};
const scene = (change: Partial<BeltScene> = {}): BeltScene => ({
  ore: ore(3),
  moisturePct: 8,
  light: 1,
  ...change,
});
const meanOf = (of: BeltScene, name: (typeof cellFeatures)[number], seed = 1): number => {
  const values = cellsOf(renderBelt(of, width, height, new Random(seed))).values[cellFeatures.indexOf(name)];
  return (values ?? new Float32Array()).reduce((sum, value) => sum + value, 0) / (values?.length ?? 0);
};

describe('a picture of the belt', () => {
  test('is the same for the same seed, and whole', () => {
    const [a, b] = [1, 1].map((seed) => renderBelt(scene(), width, height, new Random(seed)));
    for (const plane of [0, 1, 2] as const)
      expect(Buffer.compare(a?.planes[plane] ?? Buffer.of(1), b?.planes[plane] ?? Buffer.of(2))).toBe(0);
    expect(a?.planes.map(({ length }) => length)).toEqual([width * height, width * height, width * height]);
    const { columns, rows } = cellsOf(a ?? renderBelt(scene(), width, height, new Random(1)));
    expect([columns, rows]).toEqual([width / cellPixels, height / cellPixels]);
  });
  test('is redder of goethite ore than of magnetite', () => {
    expect(meanOf(scene(), 'red') - meanOf(scene({ ore: ore(12) }), 'red')).toBeGreaterThan(0.05);
  });
  test('of flakes glints, of slag is brighter and rougher', () => {
    const waste = (place: number) => {
      const one = wastes[place];
      if (!one) throw new Error('no waste');
      return { look: lookOfWaste(library, one, drawWaste(one, new Random(2))), share: 0.2 };
    };
    const flaky = scene({ waste: waste(0) });
    expect(meanOf(flaky, 'glint')).toBeGreaterThan(meanOf(scene(), 'glint') + 0.01);
    const slag = scene({ waste: waste(1) });
    expect(meanOf(slag, 'brightness')).toBeGreaterThan(meanOf(scene(), 'brightness') + 0.05);
    expect(meanOf(slag, 'contrast')).toBeGreaterThan(meanOf(scene(), 'contrast') + 0.1);
  });
  test.each(foreignKinds)('shows a %s where it lies', (kind) => {
    const random = new Random(9);
    const body = { ...drawForeignBody(kind, width, height, random), x: 160, y: 96, lengthMm: 180 };
    const [plain, with_] = [scene(), scene({ foreign: [body] })].map((of) =>
      renderBelt(of, width, height, new Random(4)),
    );
    let changed = 0;
    for (let y = 60; y < 132; y++)
      for (let x = 90; x < 230; x++)
        if (Math.abs((plain?.planes[0][y * width + x] ?? 0) - (with_?.planes[0][y * width + x] ?? 0)) > 12)
          changed++;
    expect(changed).toBeGreaterThan(500);
  });
});
