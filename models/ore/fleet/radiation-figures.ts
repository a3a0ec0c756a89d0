import { setImmediate as turn } from 'node:timers/promises';
import { doseStep, freshDose } from '#flows/ore/dose';
import { freshGamma, gammaStep } from '#flows/ore/gamma-watch';
import type { SpectrumMessage } from '#flows/ore/model';
import type { RadiationPolicy } from '#flows/ore/policy';
import { GammaField, gammaCounts, usualActivity, usualMonitor } from '../../physics/ore/gamma.ts';
import { Random } from '../../physics/xray/random.ts';
import { type Figure, shareFigure } from './figures.ts';
import { lotT } from './plan.ts';
import { shareOf } from './share.ts';

/** As the radiation stage has them when nothing else is said (flows/stages/radiation-config.ts). */
const settings = { halfLifeS: 600, warmUpS: 60, sigmas: 5, least: 3, outOf: 5, shielding: 0.15 };
const fullLoadKgPerM = 500;

/** 3,000 t/h at 2 m/s, and an empty belt before each lot. */
const tonnesPerSecond = 3000 / 3600;
const metresPerSecond = 2;
const emptySeconds = 180;
/** Load of the belt about its mean, and natural activity from lot to lot (assumed). */
const loadSpread = 0.06;
const activitySpread = 0.3;
const doseNoise = 0.05;

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
const near = 8;

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

/** One lot by the stage's own count rates: alarms of clean ore, and whether the source in it, if any, was told. */
function runLot(
  field: GammaField,
  random: Random,
  source: (typeof sources)[number] | undefined,
  policy: RadiationPolicy,
): LotSeen {
  const activity = Object.fromEntries(
    Object.entries(usualActivity).map(([name, bq]) => [
      name,
      bq * Math.exp(activitySpread * random.normal()),
    ]),
  );
  const full = (1000 * tonnesPerSecond) / metresPerSecond;
  const whole = Math.ceil(lotT / tonnesPerSecond);
  const at = source ? random.integer(...sourceAtS) : Number.NaN;
  // What comes behind the source says nothing more of it.
  const seconds = source ? at + near : whole;
  const depth = random.between(...depthM);
  // What is expected changes with the load alone, in steps of some kilograms.
  const expected = new Map<number, Float64Array>();
  let [gamma, dose] = [freshGamma(), freshDose];
  let [alarms, found, named, last] = [0, false, false, false];
  for (let second = -emptySeconds; second < seconds; second++) {
    const kgPerM = second < 0 ? 0 : 10 * Math.round((full * (1 + loadSpread * random.normal())) / 10);
    const away = Math.abs(second - at) * metresPerSecond;
    const here = source && away <= near ? { ...source, depthM: depth, alongM: away } : undefined;
    const load = { kgPerM, bqPerKg: activity, source: here };
    const rates = here ? field.expected(load) : (expected.get(kgPerM) ?? field.expected(load));
    if (!here) expected.set(kgPerM, rates);
    const spectrum: SpectrumMessage = {
      kind: 'spectrum',
      technique: 'gamma',
      device: 'gamma',
      time: new Date(second * 1000).toISOString(),
      quality: 'good',
      attributes: {},
      axis: { unit: 'keV', start: usualMonitor.keVPerChannel / 2, step: usualMonitor.keVPerChannel },
      values: Array.from(gammaCounts(rates, 1, random)),
      liveTimeS: 1,
    };
    const step = gammaStep(gamma, spectrum, kgPerM / fullLoadKgPerM, settings);
    gamma = step.state;
    const rate = field.doseRate(load) * (1 + doseNoise * random.normal());
    const dosed = doseStep(dose, rate, policy);
    dose = dosed.state;
    const alarm = step.alarm || dosed.level !== 'none';
    if (alarm && Math.abs(second - at) <= near) {
      found = true;
      named ||= step.nuclide === source?.nuclide;
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
