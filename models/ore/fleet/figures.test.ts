import { spawnSync } from 'node:child_process';
import { expect, test, vi } from 'vitest';
import { openOreWorld } from '../../physics/ore/berth.ts';
import { readOreTables } from '../open.ts';
import { PictureJudge } from '../pictures.ts';
import type { Figure } from './figures.ts';
import { evaluatePictures } from './picture-figures.ts';
import { evaluateRadiation } from './radiation-figures.ts';

vi.setConfig({ testTimeout: 90_000 });
const { signal } = new AbortController();
const named = (figures: readonly Figure[], part: string): Figure => {
  const found = figures.find(({ name }) => name.includes(part));
  if (!found) throw new Error(`no figure ${part}`);
  return found;
};

/** Pictures are coded and decoded as a camera's are: Debian's ffmpeg. */
const codes = spawnSync('ffmpeg', ['-version']).status === 0;

test.runIf(codes)(
  'coded pictures: foreign bodies and waste stand out of ore of a brand, clean ore does not',
  async () => {
    const world = openOreWorld();
    const [brand, waste] = [world.materials.brands[3], world.materials.wastes[0]];
    if (!brand || !waste) throw new Error('no ore');
    const small = { ...world, materials: { ...world.materials, brands: [brand], wastes: [waste] } };
    const judge = new PictureJudge(readOreTables().pictures);
    const figures = await evaluatePictures(small, judge, { seed: 3, pictures: 2, signal });
    expect(named(figures, 'anomaly: clean pictures at or below p 0.001').value).toBe(0);
    expect(named(figures, 'inclusion: clean pictures at or below p 0.001').value).toBe(0);
    expect(named(figures, 'timber, above 200 cm2').value).toBe(1);
    expect(named(figures, `% of ${waste.name}`).value).toBe(1);
    expect(named(figures, 'kind of a foreign body').count).toBeGreaterThan(4);
  },
);

const policy = {
  alertSigmas: 3,
  alertRatio: 1.5,
  holdRatio: 3,
  holdAboveUsvPerH: 1,
  title: 'r',
  kind: 'site',
  source: 's',
  confidence: 'assumed',
} as const;

test('what is stopped ends soon, with what it has seen until then', async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 1);
  const figures = await evaluateRadiation({ lots: 100_000, seed: 2, policy, signal: stop.signal });
  expect(named(figures, 'clean lots').count).toBeLessThan(100_000);
  expect(named(figures, 'told: 100 MBq of Cs-137').count).toBe(0);
});

test('radiation: a strong source is told and named, a clean lot is quiet', async () => {
  const figures = await evaluateRadiation({ lots: 1, seed: 2, policy, signal });
  expect(named(figures, 'clean lots').value).toBe(0);
  expect(named(figures, 'told: 100 MBq of Cs-137').value).toBe(1);
  expect(named(figures, 'nuclide: 100 MBq of Cs-137').value).toBe(1);
});
