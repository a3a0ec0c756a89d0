/** Quantiles of the distributions that limits and intervals are made of. */

const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

/** Logarithm of the gamma function, x above 0; Lanczos with g = 7. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const z = x - 1;
  const t = z + 7.5;
  const sum = lanczos.reduce((total, c, i) => total + c / (z + i + 1), 0.9999999999998099);
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Continued fraction of the incomplete beta function by Lentz's method. */
function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  const guard = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return h;
}

/** Regularised incomplete beta function I_x(a, b). */
export function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x));
  if (x < (a + 1) / (a + b + 2)) return (front * betaFraction(a, b, x)) / a;
  return 1 - (front * betaFraction(b, a, 1 - x)) / b;
}

/** Regularised lower incomplete gamma function P(a, x). */
export function incompleteGamma(a: number, x: number): number {
  if (x <= 0) return 0;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < 10_000 && term > sum * 1e-16; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return front * sum;
  }
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 10_000; i++) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return 1 - front * h;
}

/** The x between two ends at which a rising function reaches `p`. */
function invert(rising: (x: number) => number, p: number, low: number, high: number): number {
  let [from, to] = [low, high];
  for (let step = 0; step < 200 && to - from > 1e-13 * Math.max(1, Math.abs(to)); step++) {
    const middle = (from + to) / 2;
    if (rising(middle) < p) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}

/** Share of a standard normal below x. */
export const normalBelow = (x: number): number =>
  x < 0 ? (1 - incompleteGamma(0.5, (x * x) / 2)) / 2 : (1 + incompleteGamma(0.5, (x * x) / 2)) / 2;

/** Quantile of the standard normal. */
export const normalQuantile = (p: number): number => invert(normalBelow, p, -40, 40);

/** Quantile, p at least 0.5, of Student's t with `freedom` degrees. */
export function studentQuantile(p: number, freedom: number): number {
  const below = (t: number) => 1 - incompleteBeta(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2;
  return invert(below, p, 0, 1e4);
}

/** Quantile of Fisher's F with `a` and `b` degrees of freedom. */
export const fisherQuantile = (p: number, a: number, b: number): number =>
  invert((f) => incompleteBeta(a / 2, b / 2, (a * f) / (a * f + b)), p, 0, 1e6);

/** Quantile of chi squared with `freedom` degrees; they need not be whole. */
export const chiSquaredQuantile = (p: number, freedom: number): number =>
  invert((x) => incompleteGamma(freedom / 2, x / 2), p, 0, 20 * freedom + 500);
