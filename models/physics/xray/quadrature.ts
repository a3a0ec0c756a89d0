/**
 * Gauss's quadrature for given weights at given points: the few nodes and weights that integrate every polynomial up to
 * the degree 2n - 1 as the many do. Recurrence by Stieltjes, weights by Christoffel (Golub and Welsch 1969 have both).
 */
export function gaussNodes(points: Float64Array, weights: Float64Array, count: number) {
  const polynomial = orthonormal(points, weights, count);
  const from = points.reduce((a, b) => Math.min(a, b));
  const to = points.reduce((a, b) => Math.max(a, b));
  const nodes: number[] = [];
  // All roots are real, simple and between the ends: a fine scan brackets each.
  const steps = 4000;
  let before = polynomial(from)[count] as number;
  for (let i = 1; i <= steps; i++) {
    const x = from + ((to - from) * i) / steps;
    const here = polynomial(x)[count] as number;
    if (here * before < 0)
      nodes.push(bisect((at) => polynomial(at)[count] as number, x - (to - from) / steps, x));
    if (here !== 0) before = here;
  }
  return {
    nodes: Float64Array.from(nodes),
    weights: Float64Array.from(nodes, (x) => {
      const values = polynomial(x);
      let sum = 0;
      for (let k = 0; k < count; k++) sum += (values[k] as number) ** 2;
      return 1 / sum;
    }),
  };
}

/** Values at x of the polynomials of degree 0 to `count` that the weights make orthonormal. */
function orthonormal(points: Float64Array, weights: Float64Array, count: number) {
  const diagonal: number[] = [];
  const beside: number[] = [Math.sqrt(weights.reduce((a, b) => a + b, 0))];
  let older = new Float64Array(points.length);
  let newer = Float64Array.from(points, () => 1 / (beside[0] as number));
  for (let k = 0; k < count; k++) {
    let mean = 0;
    for (let i = 0; i < points.length; i++)
      mean += (weights[i] as number) * (points[i] as number) * (newer[i] as number) ** 2;
    const next = newer.map(
      (value, i) =>
        ((points[i] as number) - mean) * value - (k === 0 ? 0 : (beside[k] as number)) * (older[i] as number),
    );
    const norm = Math.sqrt(next.reduce((sum, value, i) => sum + (weights[i] as number) * value ** 2, 0));
    diagonal.push(mean);
    beside.push(norm);
    older = newer;
    newer = next.map((value) => value / norm);
  }
  return (x: number): Float64Array => {
    const values = new Float64Array(count + 1);
    values[0] = 1 / (beside[0] as number);
    for (let k = 0; k < count; k++)
      values[k + 1] =
        ((x - (diagonal[k] as number)) * (values[k] as number) -
          (k === 0 ? 0 : (beside[k] as number) * (values[k - 1] as number))) /
        (beside[k + 1] as number);
    return values;
  };
}

function bisect(f: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  const rising = f(low) < 0;
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (f(middle) < 0 === rising) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
