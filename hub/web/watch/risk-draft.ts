import type { RiskRules } from '#hub/api/risk-types';

/** Rules as they are typed: numbers are texts until they are sent. */
export interface RulesDraft {
  readonly weights: readonly { readonly type: string; readonly points: string; readonly hours: string }[];
  readonly most: string;
  readonly raised: string;
  readonly high: string;
}

export const draftOf = ({ weights, most, raised, high }: RiskRules): RulesDraft => ({
  weights: weights.map(({ type, points, halfLifeHours }) => ({
    type,
    points: String(points),
    hours: String(halfLifeHours),
  })),
  most: String(most),
  raised: String(raised),
  high: String(high),
});

const within = (text: string, least: number, greatest: number): number => {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return value >= least && value <= greatest ? value : Number.NaN;
};

/** What the hub is to be told; undefined while something is not right. */
export function rulesOf(draft: RulesDraft): Omit<RiskRules, 'changed' | 'by'> | undefined {
  const weights = draft.weights.map(({ type, points, hours }) => ({
    type,
    points: within(points, 0, 100_000),
    halfLifeHours: within(hours, 0.01, 8784),
  }));
  const [most, raised, high] = [
    within(draft.most, 1, 1000),
    within(draft.raised, 0, 100_000),
    within(draft.high, 0, 100_000),
  ];
  const numbers = [most, raised, high, ...weights.flatMap((one) => [one.points, one.halfLifeHours])];
  return numbers.every(Number.isFinite) && high >= raised ? { weights, most, raised, high } : undefined;
}
