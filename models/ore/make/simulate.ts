import { mkdirSync, writeFileSync } from 'node:fs';
import { openOreWorld } from '../../physics/ore/berth.ts';
import { ReadBerth } from '../fleet/read-berth.ts';
import { bytesOf } from './row-file.ts';
import { type Admixture, lotNumber, lotRows } from './rows.ts';

/**
 * Simulates what the models are made of: a file a brand and set.
 *
 *   node dist/models/ore/make/simulate.js FOLDER [BRAND,…] [SET,…] [LOTS]
 *
 * LOTS are those of each berth, where fewer are enough. Berths, lots and wastes of the sets have seeds of their own: none of them is in another set, and of none in an evaluation.
 * `training` is what the models are fitted to. `calibration` are many berths with few lots each: how far compositions err on an instrument that nothing was trained on. `exposed` are other lots
 * of some of those berths, each window seen for longer: what more light takes away is noise of counting. `whole` are clean lots from the first tonne to the last, a berth each: how strange
 * windows of clean lots look.
 */
const sets = {
  training: { berths: 20, seed: 100, firstLot: 0, lots: 4, clean: 20, stepT: 10, seconds: 3, wasted: true },
  calibration: {
    berths: 60,
    seed: 300,
    firstLot: 0,
    lots: 2,
    clean: 60,
    stepT: 10,
    seconds: 3,
    wasted: false,
  },
  exposed: { berths: 20, seed: 300, firstLot: 50, lots: 1, clean: 60, stepT: 10, seconds: 12, wasted: false },
  whole: { berths: 40, seed: 500, firstLot: 0, lots: 1, clean: 1000, stepT: 5, seconds: 6, wasted: false },
} as const;
const shares = [
  [0.05, 0.2],
  [0.1, 0.2],
  [0.2, 0.4],
] as const;

const [folder = 'ore-rows', only, named, fewer] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const world = openOreWorld();
const { brands, wastes } = world.materials;
const wanted = only === undefined ? [...brands.keys()] : only.split(',').map(Number);
for (const [name, { berths, seed, firstLot, clean, stepT, seconds, wasted, ...set }] of Object.entries(
  sets,
)) {
  if (named !== undefined && !named.split(',').includes(name)) continue;
  const lots = fewer === undefined ? set.lots : Number(fewer);
  const made = Array.from({ length: berths }, (_, i) => new ReadBerth(world, seed + i));
  for (const place of wanted) {
    const brand = brands[place];
    if (!brand) continue;
    const rows = made.flatMap((berth, b) =>
      Array.from({ length: lots }, (_, l) => {
        const admixtures: (Admixture | undefined)[] = new Array<undefined>(clean).fill(undefined);
        if (wasted)
          for (const waste of wastes.keys())
            for (const share of shares[(b * lots + l) % shares.length] ?? [])
              admixtures.push({ waste, share });
        return lotRows(berth, brand, lotNumber({ seed, place, berth: b, lot: firstLot + l }), admixtures, {
          stepT,
          seconds,
        });
      }).flat(),
    );
    writeFileSync(`${folder}/${name}-${place}.bin`, bytesOf(rows));
    process.stderr.write(`${name}: ${brand.name}, ${rows.length} windows\n`);
  }
}
