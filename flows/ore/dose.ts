import { type Static, Type } from 'typebox';
import type { RadiationPolicy } from './policy.ts';

export const DoseState = Type.Object({
  readings: Type.Integer({ description: 'Readings that the background rests on.' }),
  mean: Type.Number({ description: 'Background, uSv/h.' }),
  variance: Type.Number({ description: 'Of a reading, (uSv/h)2.' }),
});
export type DoseState = Static<typeof DoseState>;
export const freshDose: DoseState = { readings: 0, mean: 0, variance: 0 };

/** Weight of a reading once there are many, and readings before anything is said. */
const weight = 1 / 300;
const warmUp = 20;

/**
 * One more dose rate, uSv/h. What is above does not enter the background. `hold` is the stronger of the policy's two levels.
 */
export function doseStep(
  state: DoseState,
  value: number,
  policy: RadiationPolicy,
): { readonly state: DoseState; readonly level: 'none' | 'alert' | 'hold'; readonly ratio: number } {
  const ready = state.readings >= warmUp;
  const ratio = ready ? value / state.mean : 1;
  const above = value - state.mean;
  if (ready && (ratio >= policy.holdRatio || above > policy.holdAboveUsvPerH))
    return { state, level: 'hold', ratio };
  const sigma = Math.sqrt(state.variance);
  if (ready && above > policy.alertSigmas * sigma && ratio > policy.alertRatio)
    return { state, level: 'alert', ratio };
  const readings = state.readings + 1;
  const share = Math.max(weight, 1 / readings);
  const mean = state.mean + share * above;
  const variance = (1 - share) * (state.variance + share * above * above);
  return { state: { readings, mean, variance }, level: 'none', ratio };
}
