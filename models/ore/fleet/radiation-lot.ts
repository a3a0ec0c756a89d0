import { doseStep, freshDose } from '#flows/ore/dose';
import { freshGamma, gammaStep } from '#flows/ore/gamma-watch';
import type { SpectrumMessage } from '#flows/ore/model';
import type { RadiationPolicy } from '#flows/ore/policy';
import { countsAlarm, doseAlarm, type RadiationAlarm } from '#flows/ore/radiation-alarm';
import { type GammaField, gammaCounts, usualActivity, usualMonitor } from '../../physics/ore/gamma.ts';
import type { Random } from '../../physics/xray/random.ts';
import { GammaBins } from './gamma-bins.ts';
import { type LoadSource, tonnesPerSecond } from './plan.ts';

/** As the radiation stage has them when nothing else is said (flows/stages/radiation-config.ts). */
const settings = { halfLifeS: 600, warmUpS: 60, sigmas: 5, least: 3, outOf: 5, shielding: 0.15 };
const fullLoadKgPerM = 500;

/** Speed of the belt, which is empty before each lot. */
const metresPerSecond = 2;
const emptySeconds = 180;
/** Load of the belt about its mean, and natural activity from lot to lot (assumed). */
const loadSpread = 0.06;
const activitySpread = 0.3;
const doseNoise = 0.05;
/** Metres on either side of the monitor from which a source is seen. */
export const near = 8;

/** A second of the monitor and of the dose-rate meter: what they alarm of, and whether the source is near. */
export interface RadiationSecond {
  /** After the lot's first tonne; below 0 on the empty belt before it. */
  readonly second: number;
  readonly alarms: readonly RadiationAlarm[];
  readonly atSource: boolean;
}

/** Natural activity of one lot, Bq/kg. */
export const drawActivity = (random: Random): Record<string, number> =>
  Object.fromEntries(
    Object.entries(usualActivity).map(([name, bq]) => [
      name,
      bq * Math.exp(activitySpread * random.normal()),
    ]),
  );

/** A lot second by second, by the stage's own count rates. */
export function* radiationOf(
  field: GammaField,
  random: Random,
  activity: Readonly<Record<string, number>>,
  source: LoadSource | undefined,
  { policy, seconds }: { readonly policy: RadiationPolicy; readonly seconds: number },
): Generator<RadiationSecond> {
  const full = (1000 * tonnesPerSecond) / metresPerSecond;
  const { channels, keVPerChannel } = usualMonitor;
  const bins = new GammaBins(channels, keVPerChannel / 2, keVPerChannel);
  const axis = { unit: 'keV', values: [...bins.energies] };
  // What is expected changes with the load alone, in steps of some kilograms.
  const expected = new Map<number, Float64Array>();
  let [gamma, dose] = [freshGamma(), freshDose];
  for (let second = -emptySeconds; second < seconds; second++) {
    const kgPerM = second < 0 ? 0 : 10 * Math.round((full * (1 + loadSpread * random.normal())) / 10);
    const away = source ? Math.abs(second - source.atS) * metresPerSecond : Number.POSITIVE_INFINITY;
    const here = source && away <= near ? { ...source, alongM: away } : undefined;
    const load = { kgPerM, bqPerKg: activity, source: here };
    const rates = (here ? undefined : expected.get(kgPerM)) ?? bins.merged(field.expected(load));
    if (!here) expected.set(kgPerM, rates);
    const spectrum: SpectrumMessage = {
      kind: 'spectrum',
      technique: 'gamma',
      device: 'gamma',
      time: new Date(second * 1000).toISOString(),
      quality: 'good',
      attributes: {},
      axis,
      values: Array.from(gammaCounts(rates, 1, random)),
      liveTimeS: 1,
    };
    const step = gammaStep(gamma, spectrum, kgPerM / fullLoadKgPerM, settings);
    gamma = step.state;
    const value = field.doseRate(load) * (1 + doseNoise * random.normal());
    const dosed = doseStep(dose, value, policy);
    const found = [
      countsAlarm(step),
      doseAlarm({ value, quality: 'good', level: dosed.level, ratio: dosed.ratio, background: dose.mean }),
    ];
    dose = dosed.state;
    const atSource = source !== undefined && Math.abs(second - source.atS) <= near;
    yield { second, alarms: found.flatMap((one) => one ?? []), atSource };
  }
}
