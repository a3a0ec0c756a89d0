/** Solves the normal equations of `rows` weighted by `weights`: the x for which sum_j rows[i][j] x[j] is nearest to right[i]. */
export function leastSquares(
  rows: readonly Float64Array[],
  right: Float64Array,
  weights: Float64Array,
): Float64Array {
  const size = rows[0]?.length ?? 0;
  const matrix = Array.from({ length: size }, () => new Float64Array(size + 1));
  rows.forEach((row, i) => {
    const weight = weights[i] as number;
    for (let j = 0; j < size; j++) {
      const into = matrix[j] as Float64Array;
      const scaled = weight * (row[j] as number);
      for (let k = 0; k < size; k++) into[k] = (into[k] as number) + scaled * (row[k] as number);
      into[size] = (into[size] as number) + scaled * (right[i] as number);
    }
  });
  return solve(matrix);
}

/** Gauss with pivots; the matrix carries its right side and is changed. */
function solve(matrix: Float64Array[]): Float64Array {
  const size = matrix.length;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(matrix[row]?.[column] ?? 0) > Math.abs(matrix[pivot]?.[column] ?? 0)) pivot = row;
    const swapped = matrix[pivot] as Float64Array;
    matrix[pivot] = matrix[column] as Float64Array;
    matrix[column] = swapped;
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const target = matrix[row] as Float64Array;
      const factor = (target[column] as number) / (swapped[column] as number);
      for (let k = column; k <= size; k++)
        target[k] = (target[k] as number) - factor * (swapped[k] as number);
    }
  }
  return Float64Array.from({ length: size }, (_, i) => (matrix[i]?.[size] ?? 0) / (matrix[i]?.[i] ?? 1));
}
