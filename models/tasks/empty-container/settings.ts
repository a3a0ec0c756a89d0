import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { BundleManifest } from '../../bundle/schema.ts';
import { faults } from '../../faults.ts';

const share = (description: string) => Type.Number({ description, minimum: 0, maximum: 1 });
const range = (description: string) =>
  Type.Object(
    { min: Type.Number({ description: 'At least.' }), max: Type.Number({ description: 'At most.' }) },
    { description },
  );
export type Range = Static<typeof Range>;
const Range = range('From, to.');

/** Limits of use: outside of them the model abstains. Those that every bundle has, and those of this task. */
const Limits = Type.Object({
  energiesMv: Type.Array(Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }), {
    description: 'Pairs of accelerating voltages that it was shown to work at, high and low, MV.',
  }),
  pixelMm: range('Side of a pixel of the scan, mm.'),
  lostLinesMax: share('Greatest share of lines that were lost and filled in.'),
  saturatedMax: share('Greatest share of samples of a strip at the detector limit.'),
  heightMm: range('Height of the scan, mm.'),
  badPixelsMax: share('Greatest share of detector elements that were interpolated.'),
  containerLengthMm: range('Length of what is taken for the inside of containers, mm.'),
  containerAreaM2Min: Type.Number({ description: 'Least area of it as the scanner sees it, m2.' }),
});
export type Limits = Static<typeof Limits>;

/** Probability that a container is loaded: 1 / (1 + exp(-(bias + peak * p + area * ln(1 + cells)))). */
const Calibration = Type.Object({
  bias: Type.Number({ description: 'Constant.' }),
  peak: Type.Number({ description: 'Weight of the greatest smoothed logit.' }),
  area: Type.Number({ description: 'Weight of the logarithm of 1 + cells that look like load.' }),
});
export type Calibration = Static<typeof Calibration>;

/** What this task reads of its bundle.yaml: `limits` with `parameters` beside them, `calibration.parameters`. */
const Settings = Type.Object({ limits: Limits, calibration: Calibration });
export type Settings = Static<typeof Settings>;

/** Throws `bundle.syntax`. */
export function settingsOf({ limits, parameters, calibration }: BundleManifest, at: string): Settings {
  const settings = { limits: { ...limits, ...parameters }, calibration: calibration.parameters };
  const [problem] = Value.Errors(Settings, settings);
  if (problem)
    throw faults.fault('bundle.syntax', { detail: `${problem.instancePath} ${problem.message}` }, at);
  return settings as unknown as Settings;
}
