import { PLS } from 'ml-pls';
import { describe, expect, test } from 'vitest';
import { Random } from '#models/physics/xray/random';
import { centred, columnMeans, dot, type Matrix, matrix, multiply, rowOf } from './matrix.ts';
import { coefficients, fitPls } from './pls.ts';

function drawn(samples: number, points: number, properties: number, seed: number) {
  const random = new Random(seed);
  const spectra = matrix(samples, points);
  const values = matrix(samples, properties);
  for (let i = 0; i < samples; i++) {
    for (let j = 0; j < points; j++) spectra.data[i * points + j] = random.normal() * (1 + 5 / (1 + j));
    for (let k = 0; k < properties; k++)
      values.data[i * properties + k] =
        dot(rowOf(spectra, i).subarray(k, k + 4), Float64Array.of(1, -1, 2, 0.5)) + random.normal();
  }
  return { x: centred(spectra, columnMeans(spectra)), y: centred(values, columnMeans(values)) };
}
const listed = (from: Matrix) => Array.from({ length: from.rows }, (_, i) => Array.from(rowOf(from, i)));
const column = (from: Matrix, k: number) =>
  Float64Array.from({ length: from.rows }, (_, i) => from.data[i * from.columns + k] ?? 0);

/** NIPALS as in a textbook: both blocks are deflated, the inner loop runs until its score stands still. */
function textbook(x: Matrix, y: Matrix, components: number): number[][] {
  const [rest, left] = [listed(x), listed(y)];
  const weights: number[][] = [];
  const loadings: number[][] = [];
  const answers: number[][] = [];
  const times = (a: number[][], v: number[]) =>
    a.map((row) => row.reduce((sum, value, j) => sum + value * (v[j] ?? 0), 0));
  const against = (a: number[][], v: number[]) =>
    (a[0] ?? []).map((_, j) => a.reduce((sum, row, i) => sum + (row[j] ?? 0) * (v[i] ?? 0), 0));
  const square = (v: number[]) => v.reduce((sum, value) => sum + value * value, 0);
  for (let a = 0; a < components; a++) {
    let u = left.map((row) => row[0] ?? 0);
    let [w, t]: [number[], number[]] = [[], []];
    for (let step = 0; step < 2000; step++) {
      w = against(rest, u);
      const norm = Math.sqrt(square(w));
      w = w.map((value) => value / norm);
      t = times(rest, w);
      const c = against(left, t);
      const size = Math.sqrt(square(c));
      u = times(
        left,
        c.map((value) => value / size),
      );
    }
    const p = against(rest, t).map((value) => value / square(t));
    const q = against(left, t).map((value) => value / square(t));
    for (const [i, row] of rest.entries())
      for (const j of row.keys()) row[j] = (row[j] ?? 0) - (t[i] ?? 0) * (p[j] ?? 0);
    for (const [i, row] of left.entries())
      for (const j of row.keys()) row[j] = (row[j] ?? 0) - (t[i] ?? 0) * (q[j] ?? 0);
    weights.push(w);
    loadings.push(p);
    answers.push(q);
  }
  // Coefficients: the same deflation run over unit spectra.
  return x.data.subarray(0, x.columns).reduce<number[][]>((all, _, j) => {
    const unit = new Array<number>(x.columns).fill(0);
    unit[j] = 1;
    const total = new Array<number>(y.columns).fill(0);
    for (const [a, w] of weights.entries()) {
      const score = w.reduce((sum, value, i) => sum + value * (unit[i] ?? 0), 0);
      for (const [i, value] of (loadings[a] ?? []).entries()) unit[i] = (unit[i] ?? 0) - score * value;
      for (const [k, value] of (answers[a] ?? []).entries()) total[k] = (total[k] ?? 0) + score * value;
    }
    all.push(total);
    return all;
  }, []);
}

describe('partial least squares', () => {
  test.each([1, 3])('has the scores, weights and loadings of ml-pls, for %i properties', (properties) => {
    const { x, y } = drawn(40, 25, properties, 3);
    const ours = fitPls(x, y, 6);
    const theirs = new PLS({ latentVectors: 6, tolerance: 1e-13, scale: false }, {});
    theirs.train(listed(x), listed(y));
    for (let a = 0; a < 6; a++) {
      for (const [name, mine] of [
        ['W', ours.weights],
        ['P', ours.loadings],
        ['T', ours.scores],
      ] as const) {
        const other = Float64Array.from(theirs[name]?.getColumn(a) ?? []);
        const row = rowOf(mine, a);
        // Its columns have another length, and maybe the other sign.
        const factor = dot(other, row) / dot(other, other);
        const scaled = other.map((value) => value * factor);
        for (const [i, value] of row.entries()) expect(Math.abs(value - (scaled[i] ?? 0))).toBeLessThan(1e-8);
      }
    }
  });

  test.each([1, 2, 4])('has the coefficients of a plain NIPALS, for %i properties', (properties) => {
    const { x, y } = drawn(30, 18, properties, 7);
    const model = fitPls(x, y, 5);
    const plain = textbook(x, y, 5);
    for (let k = 0; k < properties; k++)
      for (const [j, value] of coefficients(model, 5, k).entries())
        expect(Math.abs(value - (plain[j]?.[k] ?? 0))).toBeLessThan(1e-8);
  });

  test('with all components is ordinary least squares', () => {
    const { x, y } = drawn(50, 6, 1, 11);
    const model = fitPls(x, y, 6);
    const fitted = multiply(x, coefficients(model));
    const residual = column(y, 0).map((value, i) => value - (fitted[i] ?? 0));
    for (let j = 0; j < 6; j++) expect(Math.abs(dot(column(x, j), residual))).toBeLessThan(1e-9);
  });

  test('stops when nothing is left to explain', () => {
    const { x } = drawn(30, 5, 1, 13);
    const y = matrix(30, 1, column(x, 2));
    const model = fitPls(x, y, 5);
    expect(model.components).toBeLessThanOrEqual(5);
    expect(coefficients(model)[2]).toBeCloseTo(1, 9);
    expect(fitPls(x, matrix(30, 1), 3).components).toBe(0);
  });
});
