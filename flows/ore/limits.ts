import type { OreFinding, OreValue } from './model.ts';
import { holdsOn, type Limit, type Policy } from './policy.ts';

/** Standard normal distribution (Abramowitz and Stegun 26.2.17, error below 7.5e-8). */
export function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const poly =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
  return z > 0 ? 1 - tail : tail;
}

export interface Excess {
  readonly limit: Limit;
  /** Probability that the limit is not met, from the value's deviation. */
  readonly score: number;
  readonly sentence: string;
}

const kinds = {
  law: 'law',
  standard: 'a standard',
  trade: 'a limit of trade, no law',
  site: 'a limit of this site',
};

/** Limits of the day that a value is more likely beyond than not. */
export function excesses(
  policy: Policy,
  day: string,
  name: string,
  { value, deviation }: { readonly value: number; readonly deviation: number },
): Excess[] {
  return policy.limits
    .filter((limit) => limit.element === name && holdsOn(limit, day))
    .flatMap((limit) => {
      const { maxPct, minPct } = limit;
      const sides = [
        ...(maxPct === undefined ? [] : [{ beyond: value - maxPct, side: 'above', at: maxPct }]),
        ...(minPct === undefined ? [] : [{ beyond: minPct - value, side: 'below', at: minPct }]),
      ];
      return sides.flatMap(({ beyond, side, at }) => {
        const score = deviation > 0 ? normalBelow(beyond / deviation) : beyond > 0 ? 1 : 0;
        if (score <= 0.5) return [];
        const sentence = `${name} is ${value.toPrecision(3)} %, ${side} ${at} % (${limit.title}: ${kinds[limit.kind]}, ${limit.confidence}).`;
        return [{ limit, score, sentence }];
      });
    });
}

/** How surely an ignition loss is lower than that of any natural ore; undefined where it is not. */
export function tooLowIgnition(
  { ignition }: Policy,
  { value, deviation }: { readonly value: number; readonly deviation: number },
): { readonly score: number; readonly sentence: string } | undefined {
  const { lowestPct, sigmas } = ignition;
  if (value > lowestPct - sigmas * deviation) return undefined;
  return {
    score: deviation > 0 ? normalBelow((lowestPct - value) / deviation) : 1,
    sentence: `Ignition loss is ${value.toFixed(2)} %: below ${lowestPct} %, which no natural ore reaches; mill scale does.`,
  };
}

/** What the elements of an increment are beyond, as findings. */
export const elementFindings = (policy: Policy, values: readonly OreValue[], day: string): OreFinding[] =>
  values.flatMap(({ name, value, sigma, bias }) =>
    excesses(policy, day, name, { value, deviation: Math.hypot(sigma, bias) }).map(
      ({ limit, score, sentence }) => ({
        label: name,
        score,
        evidence: { sentence, value, sigma, bias, limit },
      }),
    ),
  );

/** An ignition loss of an increment that is too low for any natural ore, as a finding. */
export const ignitionFindings = (policy: Policy, values: readonly OreValue[]): OreFinding[] =>
  values
    .filter(({ name }) => name === 'LOI')
    .flatMap(({ value, sigma, bias }) => {
      const low = tooLowIgnition(policy, { value, deviation: Math.hypot(sigma, bias) });
      if (low === undefined) return [];
      return [
        {
          label: 'no natural ore',
          score: low.score,
          evidence: { sentence: low.sentence, value, sigma, bias },
        },
      ];
    });
