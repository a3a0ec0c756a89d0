import { leastSquares } from '../physics/xray/least-squares.ts';

/**
 * Concentration of one analyte from intensities, with the influence of others (Lachance and Traill, Can. Spectrosc. 11 (1966)
 * 43): C_i = sensitivity I_i (1 + sum_j alpha_ij C_j).
 */
export interface Influence {
  readonly analyte: string;
  readonly sensitivity: number;
  /** By element that absorbs or enhances, per unit of mass fraction. */
  readonly alphas: Readonly<Record<string, number>>;
}

export interface Standard {
  readonly intensities: Readonly<Record<string, number>>;
  readonly fractions: Readonly<Record<string, number>>;
}

/** Fits one analyte's sensitivity and influences to standards; there must be more of them than influences. Throws RangeError. */
export function fitInfluence(
  analyte: string,
  others: readonly string[],
  standards: readonly Standard[],
): Influence {
  if (standards.length <= others.length)
    throw new RangeError(`${standards.length} standards do not settle ${others.length + 1} numbers.`);
  const rows = standards.map(({ intensities, fractions }) => {
    const own = intensities[analyte] ?? 0;
    return Float64Array.of(own, ...others.map((other) => own * (fractions[other] ?? 0)));
  });
  const right = Float64Array.from(standards, ({ fractions }) => fractions[analyte] ?? 0);
  // Relative errors count alike, from traces to the main element.
  const weights = right.map((value) => 1 / Math.max(value, 1e-4) ** 2);
  const found = leastSquares(rows, right, weights);
  const sensitivity = found[0] as number;
  const alphas = Object.fromEntries(
    others.map((other, k) => [other, (found[k + 1] as number) / sensitivity]),
  );
  return { analyte, sensitivity, alphas };
}

const mostRounds = 100;

/** Mass fractions from intensities, round by round until they stand still; undefined when they do not. */
export function concentrations(
  influences: readonly Influence[],
  intensities: Readonly<Record<string, number>>,
): Record<string, number> | undefined {
  let now: Record<string, number> = {};
  for (const { analyte, sensitivity } of influences) now[analyte] = sensitivity * (intensities[analyte] ?? 0);
  for (let round = 0; round < mostRounds; round++) {
    const before = now;
    now = {};
    let change = 0;
    for (const { analyte, sensitivity, alphas } of influences) {
      const influence = Object.entries(alphas).reduce(
        (sum, [other, alpha]) => sum + alpha * (before[other] ?? 0),
        1,
      );
      const value = sensitivity * (intensities[analyte] ?? 0) * influence;
      if (!Number.isFinite(value) || Math.abs(value) > 10) return undefined;
      change = Math.max(change, Math.abs(value - (before[analyte] ?? 0)));
      now[analyte] = value;
    }
    if (change < 1e-10) return now;
  }
  return undefined;
}
