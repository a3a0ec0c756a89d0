import type { Stand, Stretch } from './stand.ts';
import { quantile } from './statistics.ts';
import type { System } from './system.ts';

export const limitMs = 100;
const stepSeconds = 3;

/** Rates that are tried, from low to high: each a quarter above the one before. */
export const ladder = Array.from({ length: 12 }, (_, i) => Math.round((4000 * 1.25 ** i) / 100) * 100);

export interface Step {
  readonly rate: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly passed: boolean;
}

/** Whether a stretch kept up: what came out was seen within the limit, and the load was really there. */
export function judge(rate: number, stretch: Stretch): Step {
  const p99Ms = quantile(stretch.delaysMs, 0.99);
  const p50Ms = quantile(stretch.delaysMs, 0.5);
  const { perSecond } = stretch;
  return { rate, perSecond, p50Ms, p99Ms, passed: p99Ms <= limitMs && perSecond >= 0.95 * rate };
}

/**
 * Climbs until a rate fails twice. Others use the machine too, so that one failure says little.
 * Gives every step; the highest that passed is the result.
 */
export async function climb(stand: Stand, system: System, log: (line: string) => void): Promise<Step[]> {
  const steps: Step[] = [];
  await system.showDelays(true);
  for (const rate of ladder) {
    let passed = false;
    for (let attempt = 0; attempt < 2 && !passed; attempt += 1) {
      const step = judge(rate, await stand.stretch(system, rate * stepSeconds, rate));
      steps.push(step);
      passed = step.passed;
      log(
        `${system.name} at ${rate}/s: p50 ${step.p50Ms.toFixed(1)} ms, p99 ${step.p99Ms.toFixed(1)} ms${passed ? '' : ', not within the limit'}`,
      );
    }
    if (!passed) break;
  }
  await system.showDelays(false);
  return steps;
}

/** The highest rate that passed, 0 for none. */
export const best = (steps: readonly Step[]) =>
  Math.max(0, ...steps.filter((step) => step.passed).map((step) => step.rate));
