import { setImmediate as turn } from 'node:timers/promises';
import type { RadiationPolicy } from '#flows/ore/policy';
import { GammaField } from '../../physics/ore/gamma.ts';
import { Random } from '../../physics/xray/random.ts';
import { type Figure, shareFigure } from './figures.ts';
import { lotSeconds } from './plan.ts';
import { drawActivity, near, radiationOf } from './radiation-lot.ts';
import { shareOf } from './share.ts';

/** Sources in the load, MBq, and how deep they lie. */
const sources = [
  { nuclide: 'Cs-137', megabecquerel: 3 },
  { nuclide: 'Cs-137', megabecquerel: 10 },
  { nuclide: 'Cs-137', megabecquerel: 100 },
  { nuclide: 'Co-60', megabecquerel: 3 },
  { nuclide: 'Co-60', megabecquerel: 10 },
] as const;
const depthM = [0.05, 0.3] as const;
/** When it passes, s after the lot's first tonne: three half-lives of the watched background are as good as the whole lot. */
const sourceAtS = [200, 2000] as const;

interface LotSeen {
  readonly alarms: number;
  readonly found: boolean;
  readonly named: boolean;
}

export interface RadiationOptions {
  readonly lots: number;
  readonly seed: number;
  readonly policy: RadiationPolicy;
  readonly signal: AbortSignal;
}

/** One lot: alarms of clean ore, and whether the source in it, if any, was told. */
function runLot(
  field: GammaField,
  random: Random,
  kind: (typeof sources)[number] | undefined,
  policy: RadiationPolicy,
): LotSeen {
  const activity = drawActivity(random);
  const atS = kind ? random.integer(...sourceAtS) : Number.NaN;
  const source = kind && { ...kind, atS, depthM: random.between(...depthM) };
  // What comes behind the source says nothing more of it.
  const seconds = source ? atS + near : lotSeconds;
  let [alarms, found, named, last] = [0, false, false, false];
  for (const { alarms: told, atSource } of radiationOf(field, random, activity, source, {
    policy,
    seconds,
  })) {
    const alarm = told.length > 0;
    if (alarm && atSource) {
      found = true;
      named ||= told.some(({ facts }) => facts.nuclide === source?.nuclide);
    } else if (alarm && !last) alarms += 1;
    last = alarm;
  }
  return { alarms, found, named };
}

/** False alarms of the radiation monitor on clean lots, and sources in the load that it tells. */
export async function evaluateRadiation({ lots, seed, policy, signal }: RadiationOptions): Promise<Figure[]> {
  const field = new GammaField();
  const several = async (set: number, source?: (typeof sources)[number]) => {
    const seen: LotSeen[] = [];
    for (let i = 0; i < lots && !signal.aborted; i++) {
      seen.push(runLot(field, new Random(seed * 1000 + set, 17 + i), source, policy));
      await turn();
    }
    return seen;
  };
  const clean = await several(0);
  const withSource: { readonly source: (typeof sources)[number]; readonly all: readonly LotSeen[] }[] = [];
  for (const [k, source] of sources.entries()) withSource.push({ source, all: await several(k + 1, source) });
  const quiet = shareOf(clean.filter(({ alarms }) => alarms > 0).length, clean.length);
  return [
    shareFigure(
      'clean lots with a radiation alarm',
      quiet,
      { text: '<= 0.01', reached: quiet.share <= 0.01 },
      `at most ${quiet.upper95.toPrecision(2)} (one-sided 95 %)`,
    ),
    ...withSource.flatMap(({ source, all }) => {
      const what = `${source.megabecquerel} MBq of ${source.nuclide} ${depthM.join(' to ')} m deep`;
      const found = all.filter((lot) => lot.found);
      return [
        shareFigure(`lots with a source that is told: ${what}`, shareOf(found.length, all.length)),
        shareFigure(
          `of those, by its nuclide: ${what}`,
          shareOf(found.filter(({ named }) => named).length, found.length),
        ),
      ];
    }),
  ];
}
