import { offsetWeight, referenceSamples } from '../regression.ts';

/** What a calibration errs in one analyte of one lot: in the lot's mean, and in a sample that was taken of it. */
export interface LotError {
  readonly berth: number;
  readonly brand: number;
  readonly error: number;
  readonly sample: number;
}

/** Lots that one calibration is judged by, and the deviation of its bias from instrument to instrument. */
export interface JudgedLots {
  readonly lots: readonly LotError[];
  readonly bias: number;
}

/**
 * Errors of lots once their instrument was set by samples of some brands (`offsetsOf`, fleet/reference.ts), by calibration. Each berth is set with every choice of brands that `referenced`
 * may make, by samples of its first lots for the errors of its second ones, and the other way round: nothing is judged by itself.
 */
export function errorsLeft(judged: readonly JudgedLots[]): number[][] {
  const brands = [...new Set(judged.flatMap(({ lots }) => lots.map(({ brand }) => brand)))].sort(
    (a, b) => a - b,
  );
  const berths = new Map<number, Map<number, { calibration: number; weight: number; lot: LotError }[]>>();
  for (const [calibration, { lots, bias }] of judged.entries())
    for (const lot of lots) {
      const ofBerth = berths.get(lot.berth) ?? new Map();
      berths.set(lot.berth, ofBerth);
      const ofBrand = ofBerth.get(lot.brand) ?? [];
      ofBerth.set(lot.brand, ofBrand);
      ofBrand.push({ calibration, weight: offsetWeight(bias), lot });
    }
  const left = judged.map((): number[] => []);
  for (const ofBerth of berths.values())
    for (const [nth, other] of [
      [0, 1],
      [1, 0],
    ] as const)
      for (let choice = 0; choice < brands.length; choice++) {
        let [sum, weights] = [0, 0];
        for (let i = 0; i < referenceSamples; i++) {
          const taken = ofBerth.get(brands[(2 * i + choice) % brands.length] ?? 0)?.[nth];
          sum += (taken?.weight ?? 0) * (taken?.lot.sample ?? 0);
          weights += taken?.weight ?? 0;
        }
        if (weights === 0) continue;
        for (const ofBrand of ofBerth.values()) {
          const one = ofBrand[other];
          if (one) left[one.calibration]?.push(one.lot.error - sum / weights);
        }
      }
  return left;
}
