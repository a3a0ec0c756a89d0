import type { MessageOf } from '#flows/message';
import type { Calibration } from './document.ts';
import { numbersOf } from './numbers.ts';

type Axis = MessageOf<'spectrum'>['axis'];

/** Energy of a channel. */
const energyAt = (coefficients: readonly number[], channel: number) => {
  let energy = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) energy = energy * channel + (coefficients[i] as number);
  return energy;
};

const perKev: Readonly<Record<string, number>> = { kev: 1, mev: 1000, ev: 0.001 };

/**
 * The axis of a spectrum in keV. A polynomial that lies nowhere further than half a channel from a straight
 * line becomes that line, and the exact coefficients are given beside it; any other is written out. Without
 * a usable calibration the axis counts channels.
 */
export function axisOf(
  calibration: Calibration | undefined,
  channels: number,
): { readonly axis: Axis; readonly coefficientsKev?: number[]; readonly calibrated: boolean } {
  const none = { axis: { unit: '{channel}', start: 0, step: 1 }, calibrated: false };
  const scale = perKev[calibration?.unit.toLowerCase() ?? 'kev'];
  if (!calibration || scale === undefined) return none;
  const boundaries = calibration.boundaries === undefined ? undefined : numbersOf(calibration.boundaries);
  if (boundaries && boundaries.length >= channels) {
    const values = boundaries.slice(0, channels).map((value) => value * scale);
    return rising(values) ? { axis: { unit: 'keV', values }, calibrated: true } : none;
  }
  const coefficients = numbersOf(calibration.coefficients ?? '')?.map((value) => value * scale);
  if (!coefficients || coefficients.length < 2 || coefficients.slice(1).every((value) => value === 0))
    return none;
  const last = channels - 1;
  const start = energyAt(coefficients, 0);
  const step = last === 0 ? (coefficients[1] as number) : (energyAt(coefficients, last) - start) / last;
  if (!(step > 0)) return none;
  let least = 0;
  let most = 0;
  let before = Number.NEGATIVE_INFINITY;
  for (let channel = 0; channel <= last; channel++) {
    const energy = energyAt(coefficients, channel);
    if (energy <= before) return none; // an axis that turns back is none
    before = energy;
    const off = energy - (start + step * channel);
    if (off < least) least = off;
    if (off > most) most = off;
  }
  if ((most - least) / 2 <= step / 2)
    return {
      axis: { unit: 'keV', start: start + (most + least) / 2, step },
      coefficientsKev: coefficients,
      calibrated: true,
    };
  const values = Array.from(
    { length: channels },
    (_, i) => Math.round(energyAt(coefficients, i) * 1e4) / 1e4,
  );
  return { axis: { unit: 'keV', values }, coefficientsKev: coefficients, calibrated: true };
}

const rising = (values: readonly number[]) =>
  values.every((value, i) => i === 0 || value > (values[i - 1] as number));
