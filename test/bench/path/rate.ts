import { quantile } from '../statistics.ts';
import type { Stand, Stretch } from './stand.ts';
import type { System } from './system.ts';
import { monotonicMs } from './wait.ts';

export const limitMs = 100;
const stepSeconds = 3;

const startRate = 4000;
const highestRate = 60_000;
/** After so long no further rate is begun. */
const budgetMs = 60_000;

const round100 = (rate: number) => Math.round(rate / 100) * 100;

/**
 * The rate to try after one that passed or failed: a quarter higher, or half; undefined at the end. Once
 * a rate has passed, the first that fails is the end; once one has failed, the first that passes.
 */
export function nextRate(rate: number, passed: boolean, first: boolean | undefined): number | undefined {
  if (first !== undefined && passed !== first) return undefined;
  const next = round100(passed ? rate * 1.25 : rate / 2);
  return next > highestRate || (!passed && next >= rate) ? undefined : next;
}

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
 * Looks for the highest rate that passes. Others use the machine too, so that one failure says little: a
 * rate fails when it fails twice. Gives every step.
 */
export async function climb(stand: Stand, system: System, log: (line: string) => void): Promise<Step[]> {
  const steps: Step[] = [];
  const end = monotonicMs() + budgetMs;
  await system.showDelays(true);
  let first: boolean | undefined;
  for (let rate: number | undefined = startRate; rate !== undefined && monotonicMs() < end; ) {
    let passed = false;
    for (let attempt = 0; attempt < 2 && !passed; attempt += 1) {
      const step = judge(rate, await stand.stretch(system, rate * stepSeconds, rate));
      steps.push(step);
      passed = step.passed;
      log(
        `${system.name} at ${rate}/s: p50 ${step.p50Ms.toFixed(1)} ms, p99 ${step.p99Ms.toFixed(1)} ms${passed ? '' : ', not within the limit'}`,
      );
    }
    rate = nextRate(rate, passed, first);
    first ??= passed;
  }
  await system.showDelays(false);
  return steps;
}

/** The highest rate that passed, 0 for none. */
export const best = (steps: readonly Step[]) =>
  Math.max(0, ...steps.filter((step) => step.passed).map((step) => step.rate));
