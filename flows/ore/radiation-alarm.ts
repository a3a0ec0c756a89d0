import type { GammaStep } from './gamma-watch.ts';
import type { OreFinding } from './model.ts';

/** What a measurement of radiation says against the load. */
export interface RadiationAlarm {
  readonly cause: 'counts' | 'window' | 'dose';
  readonly action: 'inspect' | 'hold';
  readonly sentence: string;
  readonly facts: Record<string, unknown>;
}

/** Of a gamma spectrum: artificial nuclides hold, all else is to be inspected. */
export function countsAlarm({
  alarm,
  sigmas,
  windows,
  nuclide,
  natural,
  cause,
}: GammaStep): RadiationAlarm | undefined {
  if (!alarm) return undefined;
  const sentence = `Counts are ${sigmas.toFixed(1)} deviations above the background${nuclide === undefined ? '' : `, most of all those of ${nuclide}`}.`;
  const action = nuclide !== undefined && !natural ? ('hold' as const) : ('inspect' as const);
  return { cause, action, sentence, facts: { sigmas, windows, nuclide: nuclide ?? null } };
}

export interface DoseSeen {
  /** uSv/h, and how the meter says it is. */
  readonly value: number;
  readonly quality: string;
  readonly level: 'none' | 'alert' | 'hold';
  readonly ratio: number;
  readonly background: number;
}

/** Of a dose rate: a meter that is in doubt holds nothing by itself. */
export function doseAlarm({
  value,
  quality,
  level,
  ratio,
  background,
}: DoseSeen): RadiationAlarm | undefined {
  if (level === 'none') return undefined;
  const inDoubt = quality !== 'good';
  const doubt = inDoubt ? `, by a meter that is in doubt (${quality})` : '';
  return {
    cause: 'dose',
    action: level === 'hold' && !inDoubt ? 'hold' : 'inspect',
    sentence: `Dose rate is ${value.toPrecision(3)} uSv/h, ${ratio.toFixed(1)} times the background${doubt}.`,
    facts: { doseRate: value, background, ratio },
  };
}

export const radiationFinding = (
  { sentence, action, facts }: RadiationAlarm,
  window: number,
  positionM: number,
): OreFinding => ({
  label: 'radiation',
  score: 1,
  window,
  evidence: { sentence, action, positionM, ...facts },
});
