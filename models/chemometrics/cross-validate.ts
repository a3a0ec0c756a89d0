import { Random } from '../physics/xray/random.ts';
import { addScaled, centred, columnMeans, dot, type Matrix, matrix, pickRows, rowOf } from './matrix.ts';
import { coefficients, fitPls, type Pls } from './pls.ts';

/** What models said of samples that they had not seen; columns are numbers of components, from one on. */
export interface Validation {
  /** Value less prediction, samples x components. */
  readonly residuals: Matrix;
  /** Leverage of the sample in the model that had not seen it, 1/n + t'(T'T)^-1 t, samples x components. */
  readonly leverages: Matrix;
  /** Squared residual of the spectrum, samples x components. */
  readonly squares: Matrix;
  /** Coefficients of each fold's model, by number of components less one: what a jackknife takes. */
  readonly coefficients: (components: number) => Float64Array[];
}

const mostFolds = 10;
const seed = 20_260_911;

/** Fold of each sample: drawn, of equal size, and the repeats of one sample together. */
export function foldsOf(count: number, samples: readonly string[] | undefined): Int32Array {
  const keys = samples ?? Array.from({ length: count }, (_, i) => String(i));
  const different = [...new Set(keys)];
  const random = new Random(seed);
  for (let i = different.length - 1; i > 0; i--) {
    const j = random.integer(0, i);
    [different[i], different[j]] = [different[j] as string, different[i] as string];
  }
  const folds = Math.min(mostFolds, different.length);
  const place = new Map(different.map((key, i) => [key, i % folds]));
  return Int32Array.from(keys, (key) => place.get(key) ?? 0);
}

/** Leaves each fold out in turn. `prepared` are preprocessed spectra, `values` one property. */
export function crossValidate(
  prepared: Matrix,
  values: Float64Array,
  folds: Int32Array,
  most: number,
): Validation {
  const count = prepared.rows;
  const found = {
    residuals: matrix(count, most),
    leverages: matrix(count, most),
    squares: matrix(count, most),
  };
  const models: Pls[] = [];
  for (let fold = 0; fold <= Math.max(...folds); fold++) {
    const inside: number[] = [];
    const outside: number[] = [];
    for (const [i, place] of folds.entries()) (place === fold ? outside : inside).push(i);
    const training = pickRows(prepared, inside);
    const means = columnMeans(training);
    const own = Float64Array.from(inside, (i) => values[i] as number);
    const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
    const model = fitPls(
      centred(training, means),
      matrix(
        own.length,
        1,
        own.map((value) => value - mean),
      ),
      most,
    );
    models.push(model);
    for (const i of outside) {
      const rest = rowOf(prepared, i).slice();
      addScaled(rest, -1, means);
      judge(model, rest, (values[i] as number) - mean, inside.length, i, found);
    }
  }
  return { ...found, coefficients: (components) => models.map((model) => coefficients(model, components)) };
}

/** One sample, component by component; where the model ends early, its last component counts for the rest. */
function judge(
  model: Pls,
  rest: Float64Array,
  value: number,
  trained: number,
  row: number,
  into: Pick<Validation, 'residuals' | 'leverages' | 'squares'>,
): void {
  let left = value;
  let leverage = 1 / trained;
  for (let a = 0; a < into.residuals.columns; a++) {
    if (a < model.components) {
      const score = dot(rowOf(model.weights, a), rest);
      addScaled(rest, -score, rowOf(model.loadings, a));
      left -= score * (model.yLoadings.data[a] as number);
      leverage += (score * score) / (model.scoreSquares[a] as number);
    }
    const at = row * into.residuals.columns + a;
    into.residuals.data[at] = left;
    into.leverages.data[at] = leverage;
    into.squares.data[at] = dot(rest, rest);
  }
}

export const columnOf = ({ data, rows, columns }: Matrix, a: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => data[i * columns + a] as number);

/** Root mean square error of cross-validation, by number of components less one. */
export const errorsOf = ({ residuals }: Validation): Float64Array =>
  Float64Array.from({ length: residuals.columns }, (_, a) => {
    const column = columnOf(residuals, a);
    return Math.sqrt(dot(column, column) / column.length);
  });

const drawings = 499;
/** Fewer components are taken while they are not worse by more than chance at this level, and by more than this share. */
const level = 0.1;
const tolerated = 1.05;

/**
 * How many components: the fewest whose errors are not larger than those of the best by more than chance (randomisation
 * test of van der Voet, Chemometrics Intell. Lab. Syst. 25 (1994) 313).
 */
export function chooseComponents(validation: Validation): number {
  const errors = errorsOf(validation);
  const best = errors.reduce((least, error, a) => (error < (errors[least] as number) ? a : least), 0);
  const reference = columnOf(validation.residuals, best);
  const random = new Random(seed, 1);
  for (let a = 0; a < best; a++) {
    if ((errors[a] as number) > tolerated * (errors[best] as number)) continue;
    const differences = columnOf(validation.residuals, a).map(
      (value, i) => value ** 2 - (reference[i] as number) ** 2,
    );
    const observed = differences.reduce((sum, value) => sum + value, 0);
    let asLarge = 1;
    for (let draw = 0; draw < drawings; draw++) {
      let sum = 0;
      for (const value of differences) sum += random.bits() & 1 ? value : -value;
      if (sum >= observed) asLarge += 1;
    }
    if (asLarge / (drawings + 1) > level) return a + 1;
  }
  return best + 1;
}
