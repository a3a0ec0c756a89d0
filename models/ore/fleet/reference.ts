import { LotRun } from '../../physics/ore/berth.ts';
import { spectralFeatures } from '../features.ts';
import type { OreJudge } from '../judge.ts';
import { type Offsets, offsetsOf, referenceSamples } from '../regression.ts';
import type { ReadBerth } from './read-berth.ts';

/** Windows of each sample, and how far they are apart, t. */
const windows = 8;
const stepT = 20;
const seconds = 6;

/** Sets a berth by samples of known composition: some increments each of a lot and brand of its own, in turn. */
export function referenced(at: ReadBerth, judge: OreJudge, seed: number): Offsets {
  const { brands } = at.berth.world.materials;
  return offsetsOf(
    Array.from({ length: referenceSamples }, (_, i) => {
      const brand = brands[(2 * i + seed) % brands.length];
      if (!brand) throw new RangeError('There are no brands.');
      const run = new LotRun(at.berth, brand, seed * 100 + i);
      const mean = new Float64Array(spectralFeatures);
      const known: Record<string, number> = {};
      for (let w = 0; w < windows; w++) {
        const seen = run.window(stepT, seconds);
        const features = at.features(seen);
        if (!features) continue;
        for (let k = 0; k < spectralFeatures; k++)
          mean[k] = (mean[k] as number) + (features[k] as number) / windows;
        for (const [name, value] of Object.entries(seen.truth.massPct))
          known[name] = (known[name] ?? 0) + value / windows;
      }
      return { said: judge.brand(brand.name, [{ window: 0, features: mean }]).values, known };
    }),
  );
}
