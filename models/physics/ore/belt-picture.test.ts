import { describe, expect, test } from 'vitest';
import { blockPixels, blockSize, blocksOf } from '../../ore/picture-features.ts';
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
const blockMeans = (of: BeltScene, seed = 1) => {
  const blocks = blocksOf(renderBelt(of, width, height, new Random(seed)));
  return Array.from({ length: blockSize }, (_, k) => {
    const values = blocks.filter((_, i) => i % blockSize === k);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  });
};

describe('a picture of the belt', () => {
  test('is the same for the same seed, and whole', () => {
    const [a, b] = [1, 1].map((seed) => renderBelt(scene(), width, height, new Random(seed)));
    for (const plane of [0, 1, 2] as const)
      expect(Buffer.compare(a?.planes[plane] ?? Buffer.of(1), b?.planes[plane] ?? Buffer.of(2))).toBe(0);
    expect(a?.planes.map(({ length }) => length)).toEqual([width * height, width * height, width * height]);
    expect(blocksOf(a ?? renderBelt(scene(), width, height, new Random(1))).length).toBe(
      (width / blockPixels) * (height / blockPixels) * blockSize,
    );
  });
  test('is redder of goethite ore than of magnetite', () => {
    expect((blockMeans(scene())[1] ?? 0) - (blockMeans(scene({ ore: ore(12) }))[1] ?? 0)).toBeGreaterThan(
      0.05,
    );
  });
  test('of flakes shines, of slag is brighter and rougher', () => {
    const waste = (place: number) => {
      const one = wastes[place];
      if (!one) throw new Error('no waste');
      return { look: lookOfWaste(library, one, drawWaste(one, new Random(2))), share: 0.2 };
    };
    const clean = blockMeans(scene());
    expect(blockMeans(scene({ waste: waste(0) }))[6]).toBeGreaterThan((clean[6] ?? 0) + 0.02);
    const slag = blockMeans(scene({ waste: waste(1) }));
    expect(slag[0]).toBeGreaterThan((clean[0] ?? 0) + 0.05);
    expect(slag[3]).toBeGreaterThan((clean[3] ?? 0) + 0.2);
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
