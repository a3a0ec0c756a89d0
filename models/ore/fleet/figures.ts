import type { LotOutcome } from './run-lot.ts';
import { type Share, shareOf } from './share.ts';

/** One figure of the models, beside what is to be reached. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Ends of the 95 % interval, where it is a share or a mean. */
  readonly low?: number;
  readonly high?: number;
  readonly count: number;
  readonly target?: string;
  readonly reached?: boolean;
  readonly note?: string;
}

export const shareFigure = (
  name: string,
  { share, low, high, of }: Share,
  target?: { readonly text: string; readonly reached: boolean },
  note?: string,
): Figure => ({
  name,
  value: share,
  unit: '1',
  low,
  high,
  count: of,
  ...(target ? { target: target.text, reached: target.reached } : {}),
  ...(note === undefined ? {} : { note }),
});

const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
};
export const rootMeanSquare = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / Math.max(1, values.length));

/** What a fleet's lots came to. */
export function fleetFigures(
  outcomes: readonly LotOutcome[],
  { wastes, brands }: { readonly wastes: readonly string[]; readonly brands: readonly string[] },
): Figure[] {
  const [clean, bad] = [false, true].map((wanted) => outcomes.filter(({ plan }) => plan.bad === wanted)) as [
    LotOutcome[],
    LotOutcome[],
  ];
  const isReleased = ({ conclusion }: LotOutcome) => conclusion.disposition === 'release';
  const released = shareOf(clean.filter(isReleased).length, clean.length);
  const missed = shareOf(bad.filter(isReleased).length, bad.length);
  const alarmed = shareOf(
    clean.filter(({ conclusion }) => conclusion.outcome === 'suspect').length,
    clean.length,
  );
  const told = bad.flatMap(({ alarmAfterT }) => alarmAfterT ?? []);
  const near = shareOf(told.filter((tonnes) => tonnes <= 150).length, bad.length);
  const whole = clean.filter(({ conclusion }) => conclusion.values.Fe);
  const lotErrors = whole.map(({ conclusion, iron }) => (conclusion.values.Fe?.value ?? 0) - iron);
  const held = whole.filter(
    ({ conclusion: { values }, iron }) => iron >= (values.Fe?.lower ?? 0) && iron <= (values.Fe?.upper ?? 0),
  );
  const parts = clean.flatMap(({ increments }) => increments);
  const inside = shareOf(
    parts.filter(({ said, was, half }) => Math.abs(said - was) <= half).length,
    parts.length,
  );
  const lotHeld = shareOf(held.length, whole.length);
  const lotError = rootMeanSquare(lotErrors);
  const within = (share: number) => share >= 0.93 && share <= 0.97;
  return [
    shareFigure('clean lots released', released, { text: '>= 0.95', reached: released.share >= 0.95 }),
    shareFigure(
      'bad lots released',
      missed,
      { text: '<= 0.01 (one-sided 95 % bound)', reached: missed.upper95 <= 0.01 },
      `${missed.count} of ${missed.of}; bound ${missed.upper95.toFixed(4)}`,
    ),
    shareFigure(
      'clean lots called suspect',
      alarmed,
      { text: '<= 0.001', reached: alarmed.share <= 0.001 },
      `${alarmed.count} of ${alarmed.of}`,
    ),
    shareFigure('bad lots with an alarm within 150 t of the waste', near, {
      text: 'all',
      reached: near.share >= 0.99,
    }),
    { name: 'tonnes from waste to alarm, median', value: quantile(told, 0.5), unit: 't', count: told.length },
    { name: 'tonnes from waste to alarm, 95 %', value: quantile(told, 0.95), unit: 't', count: told.length },
    {
      name: 'iron of a lot, error',
      value: lotError,
      unit: '%',
      count: whole.length,
      target: '<= 0.2',
      reached: lotError <= 0.2,
      note: 'root mean square',
    },
    shareFigure('lots whose iron is in its 95 % interval', lotHeld, {
      text: '0.93 to 0.97',
      reached: within(lotHeld.share),
    }),
    ...groupFigures(whole, held, brands),
    shareFigure(
      'increments whose iron is in its 95 % interval',
      inside,
      { text: '0.93 to 0.97', reached: within(inside.share) },
      'increments of a lot are not independent',
    ),
    ...wastes.map((name, waste) => {
      const of = bad.filter(({ plan }) => plan.kind === 'waste' && plan.slug?.waste === waste);
      return shareFigure(`bad lots released: ${name}`, shareOf(of.filter(isReleased).length, of.length));
    }),
  ];
}

/** Where intervals hold least: a brand or an instrument that is worse than the rest is lost in the mean of all. */
function groupFigures(
  whole: readonly LotOutcome[],
  held: readonly LotOutcome[],
  brands: readonly string[],
): Figure[] {
  const least = (group: (outcome: LotOutcome) => string) => {
    const names = [...new Set(whole.map(group))];
    const shares = names.map((name) => {
      const of = (all: readonly LotOutcome[]) => all.filter((one) => group(one) === name).length;
      return { name, share: shareOf(of(held), of(whole)) };
    });
    return shares.sort((a, b) => a.share.high - b.share.high).slice(0, 1);
  };
  return [
    ...least(({ plan }) => brands[plan.brand] ?? ''),
    ...least(({ plan }) => `berth ${plan.berth + 1}`),
  ].map(({ name, share }) =>
    shareFigure('the same, where it is least', share, undefined, `${name}, ${share.count} of ${share.of}`),
  );
}
