import { type Static, Type } from 'typebox';

const share = (description: string) => Type.Number({ description, minimum: 0, maximum: 1 });
const range = (description: string) =>
  Type.Object(
    { from: Type.Number({ description: 'At least.' }), to: Type.Number({ description: 'At most.' }) },
    { description },
  );

/** Limits of use: outside of them the model abstains. */
export const Limits = Type.Object(
  {
    energiesMv: Type.Array(Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }), {
      description: 'Pairs of accelerating voltages that it was shown to work at, high and low, MV.',
    }),
    pixelMm: range('Side of a pixel of the scan, mm.'),
    heightMm: range('Height of the scan, mm.'),
    lostShare: share('Greatest share of lines that were lost and filled in.'),
    badShare: share('Greatest share of detector elements that were interpolated.'),
    saturatedShare: share('Greatest share of samples of a strip at the detector limit.'),
    containerLengthMm: range('Length of what is taken for the inside of containers, mm.'),
    containerAreaM2: Type.Number({ description: 'Least area of it as the scanner sees it, m2.' }),
  },
  { description: 'Limits of use.' },
);
export type Limits = Static<typeof Limits>;

/** Probability that a container is loaded: 1 / (1 + exp(-(bias + peak * p + area * ln(1 + cells)))). */
export const Calibration = Type.Object(
  {
    bias: Type.Number({ description: 'Constant.' }),
    peak: Type.Number({ description: 'Weight of the greatest smoothed logit.' }),
    area: Type.Number({ description: 'Weight of the logarithm of 1 + cells that look like load.' }),
  },
  { description: 'Platt scaling, fitted on validation scans that were neither trained on nor reported.' },
);
export type Calibration = Static<typeof Calibration>;

/** What this task reads of its bundle beside what every bundle has. */
export const Settings = Type.Object({ limits: Limits, calibration: Calibration });
export type Settings = Static<typeof Settings>;
