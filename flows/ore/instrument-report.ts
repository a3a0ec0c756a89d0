import { type Static, Type } from 'typebox';
import { usualChart } from './drift.ts';

/** Values of one check since the last report of it. */
export const Gathered = Type.Object({
  fromMs: Type.Number({ description: 'First value, epoch ms.' }),
  count: Type.Integer({ description: 'Values.' }),
  sum: Type.Number({ description: 'Their sum.' }),
  least: Type.Number({ description: 'Least of them.' }),
  most: Type.Number({ description: 'Greatest of them.' }),
  above: Type.Number({ description: 'Greatest CUSUM of what is above, deviations.' }),
  below: Type.Number({ description: 'Greatest CUSUM of what is below, deviations.' }),
});
export type Gathered = Static<typeof Gathered>;

/** What a chart says at a moment; the CUSUMs before an alarm has set them back. */
export interface ChartMoment {
  readonly ewma: number;
  readonly above: number;
  readonly below: number;
}

export function gather(
  so: Gathered | undefined,
  value: number,
  ms: number,
  { above, below }: ChartMoment,
): Gathered {
  if (!so) return { fromMs: ms, count: 1, sum: value, least: value, most: value, above, below };
  return {
    fromMs: so.fromMs,
    count: so.count + 1,
    sum: so.sum + value,
    least: Math.min(so.least, value),
    most: Math.max(so.most, value),
    above: Math.max(so.above, above),
    below: Math.max(so.below, below),
  };
}

/** Limits of a check, as its config has them. */
export interface CheckLimits {
  readonly mean?: number;
  readonly sigma?: number;
  readonly outSigmas?: number;
  readonly least?: number;
  readonly most?: number;
}

/** Half width of the EWMA's limits once it has settled, in deviations of a value. */
export const settledEwmaLimit = (): number => {
  const { weight, ewmaSigmas } = usualChart;
  return ewmaSigmas * Math.sqrt(weight / (2 - weight));
};

/** Data of `quaywatch.instrument.check`, beside device, check and state: all in the check's unit, CUSUMs in deviations. */
export function reportOf({ fromMs, count, sum, ...of }: Gathered, ewma: number, limits: CheckLimits) {
  const { mean, sigma, outSigmas, least, most } = limits;
  const charted =
    mean === undefined || sigma === undefined
      ? {}
      : {
          mean,
          sigma,
          ewma: mean + sigma * ewma,
          ewmaLimit: sigma * settledEwmaLimit(),
          ...(outSigmas === undefined ? {} : { outLimit: sigma * outSigmas }),
          cusumHigh: of.above,
          cusumLow: of.below,
          cusumLimit: usualChart.cusumLimit,
        };
  return {
    from: new Date(fromMs).toISOString(),
    count,
    value: sum / count,
    least: of.least,
    most: of.most,
    ...charted,
    ...(least === undefined ? {} : { lowest: least }),
    ...(most === undefined ? {} : { highest: most }),
  };
}
