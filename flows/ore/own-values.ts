import { type Static, Type } from 'typebox';
import type { SpectralCalibration, SpectralPrediction } from '../spectral-calibration.ts';
import type { IncrementClosed } from './belt-place.ts';
import type { OreValue } from './model.ts';

const whole = (description: string) => Type.Integer({ description });
const Sum = Type.Object({ count: whole('Spectra.'), value: whole('Sum of their values, millionths.') });

/** What one version of a calibration has said of an increment: sums in whole numbers, the same in whatever order spectra came. */
const Version = Type.Object({
  signed: Type.Boolean({ description: 'Its signature was right.' }),
  simulated: Type.Boolean({ description: 'Validated on simulated spectra alone.' }),
  target: Type.String({ description: 'What it is a calibration of.' }),
  unit: Type.String({ description: 'Unit of its values.' }),
  windows: Type.Record(Type.String(), Sum, { description: 'By window of the lot.' }),
  count: whole('Spectra that are inside of the calibration.'),
  sigma: whole('Sum of the deviations of their own, millionths.'),
  bias: whole('Sum of the deviations of what the lot has in common, millionths.'),
});
type Version = Static<typeof Version>;

/** What is kept of an open increment, by calibration: versions, and why spectra did not count. */
export const OwnSums = Type.Record(
  Type.String(),
  Type.Object({
    versions: Type.Record(Type.String(), Version, { description: 'By version of the bundle.' }),
    missed: Type.Record(Type.String(), Type.Integer(), {
      description: 'Spectra that did not count, by reason.',
    }),
  }),
  { description: 'By bundle.' },
);
export type OwnSums = Static<typeof OwnSums>;

/** Below this share of its windows an increment has no value by a calibration. */
const leastShare = 0.5;

const micro = (value: number): number => Math.round(value * 1e6);

const of = (sums: OwnSums, bundle: string) => {
  const known = sums[bundle] ?? { versions: {}, missed: {} };
  sums[bundle] = known;
  return known;
};

/** Counts a spectrum that gave no value, with the reason in words. */
export function addMissed(sums: OwnSums, bundle: string, reason: string): void {
  const { missed } = of(sums, bundle);
  // Reasons name figures of the instrument: some few kinds, whatever it says.
  const kept = missed[reason] !== undefined || Object.keys(missed).length < 8 ? reason : 'Other reasons.';
  missed[kept] = (missed[kept] ?? 0) + 1;
}

export function addPrediction(
  sums: OwnSums,
  by: SpectralCalibration,
  window: number,
  { value, sigma, bias }: SpectralPrediction,
): void {
  const { versions } = of(sums, by.id);
  const { signed, simulated, target, unit } = by;
  const version = versions[by.version] ?? {
    ...{ signed, simulated, target, unit },
    ...{ windows: {}, count: 0, sigma: 0, bias: 0 },
  };
  versions[by.version] = version;
  const seen = version.windows[window] ?? { count: 0, value: 0 };
  version.windows[window] = { count: seen.count + 1, value: seen.value + micro(value) };
  version.count += 1;
  version.sigma += micro(sigma);
  version.bias += micro(bias);
}

/** The version that has seen most of the increment; of several the newest as text. */
const prevailing = (versions: Readonly<Record<string, Version>>): [string, Version] | undefined =>
  Object.entries(versions).sort(
    ([a, one], [b, other]) =>
      Object.keys(other.windows).length - Object.keys(one.windows).length || (a < b ? 1 : -1),
  )[0];

/**
 * The value of an increment by one calibration: the mean of its windows, each the mean of its spectra. Errors of spectra of one increment are taken to be
 * as much alike as if they were one, so that its random deviation does not shrink with their number. A sentence where it abstains.
 */
export function ownValue(
  sums: OwnSums,
  bundle: string,
  unit: string | undefined,
  { windows }: Pick<IncrementClosed, 'windows'>,
): OreValue | string {
  const { versions, missed } = sums[bundle] ?? { versions: {}, missed: {} };
  const [name, found] = prevailing(versions) ?? [];
  const all = windows.to - windows.from;
  const judged = Object.entries(found?.windows ?? {}).filter(
    ([window]) => Number(window) >= windows.from && Number(window) < windows.to,
  );
  const who = name === undefined ? bundle : `${bundle} ${name}`;
  if (name === undefined || found === undefined || judged.length === 0 || judged.length < leastShare * all) {
    const [why = 'No spectrum of it came.'] = Object.entries(missed)
      .sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
      .map(([reason]) => reason);
    return `${who} abstains: it saw ${judged.length} of ${all} windows. ${why}`;
  }
  const used = unit ?? found.unit;
  if (used !== '%') return `${who} abstains: its unit is ${used}, and that of ore is %.`;
  const { target, count, sigma, bias, signed, simulated } = found;
  const mean = judged.reduce((sum, [, seen]) => sum + seen.value / seen.count, 0) / judged.length;
  return {
    name: target,
    unit: '%',
    value: Math.round(mean) / 1e6,
    sigma: sigma / count / 1e6,
    bias: bias / count / 1e6,
    by: { id: bundle, version: name, signed, simulated },
  };
}
