/** Sweeps of rotations after which a symmetric matrix of some dozens of rows is diagonal to rounding. */
const mostSweeps = 30;

/**
 * Eigenvalues and eigenvectors (a row each) of a symmetric matrix by Jacobi's rotations, largest first. The sign of each vector is such that its largest
 * part is positive, so that the same matrix gives the same numbers.
 */
export function eigenOf(
  matrix: Float64Array,
  size: number,
): { readonly values: Float64Array; readonly vectors: Float64Array } {
  const a = matrix.slice();
  const v = new Float64Array(size * size);
  for (let i = 0; i < size; i++) v[i * size + i] = 1;
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let off = 0;
    for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) off += (a[i * size + j] as number) ** 2;
    if (off < 1e-22) break;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, v, size, p, q);
  }
  const order = Array.from({ length: size }, (_, i) => i).sort(
    (i, j) => (a[j * size + j] as number) - (a[i * size + i] as number),
  );
  const vectors = new Float64Array(size * size);
  for (const [row, i] of order.entries()) {
    let largest = 0;
    for (let k = 0; k < size; k++)
      if (Math.abs(v[k * size + i] as number) > Math.abs(largest)) largest = v[k * size + i] as number;
    for (let k = 0; k < size; k++) vectors[row * size + k] = Math.sign(largest) * (v[k * size + i] as number);
  }
  return { values: Float64Array.from(order, (i) => a[i * size + i] as number), vectors };
}

/** Makes a[p][q] zero. */
function rotate(a: Float64Array, v: Float64Array, size: number, p: number, q: number): void {
  const apq = a[p * size + q] as number;
  if (Math.abs(apq) < 1e-300) return;
  const theta = ((a[q * size + q] as number) - (a[p * size + p] as number)) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < size; k++) {
    const [kp, kq] = [a[k * size + p] as number, a[k * size + q] as number];
    a[k * size + p] = c * kp - s * kq;
    a[k * size + q] = s * kp + c * kq;
  }
  for (let k = 0; k < size; k++) {
    const [pk, qk] = [a[p * size + k] as number, a[q * size + k] as number];
    a[p * size + k] = c * pk - s * qk;
    a[q * size + k] = s * pk + c * qk;
  }
  for (let k = 0; k < size; k++) {
    const [kp, kq] = [v[k * size + p] as number, v[k * size + q] as number];
    v[k * size + p] = c * kp - s * kq;
    v[k * size + q] = s * kp + c * kq;
  }
}
