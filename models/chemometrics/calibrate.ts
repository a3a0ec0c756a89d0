import {
  chooseComponents,
  columnOf,
  crossValidate,
  errorsOf,
  foldsOf,
  type Validation,
} from './cross-validate.ts';
import { faults } from './faults.ts';
import { commonShare, type Uncertainty, uncertaintyOf } from './interval.ts';
import { centred, columnMeans, type Matrix, matrix, pickRows } from './matrix.ts';
import { coefficients, fitPls } from './pls.ts';
import { describePreprocessing, type Preprocessing } from './preprocess.ts';
import { leastReliefOf } from './relief.ts';
import {
  limitConfidence,
  modelOf,
  preprocessAll,
  qLimit,
  type SpectralModel,
  t2Limit,
} from './spectral-model.ts';

/** A calibration of one property, and what cross-validation said of it. */
export interface Calibration {
  readonly target: string;
  /** Wavelengths of the spectra, rising. */
  readonly axis: Float64Array;
  readonly model: SpectralModel;
  readonly uncertainty: Uncertainty;
  readonly t2Limit: number;
  readonly qLimit: number;
  /** Least and greatest reference value. */
  readonly range: readonly [number, number];
  readonly rmsecv: number;
  /** Least standard deviation of the values along one of the spectra: a flatter one is none of theirs. */
  readonly leastRelief: number;
  /** What cross-validation predicted, a row each: none of it by a calibration that had seen that row. */
  readonly predicted: Float64Array;
  /** Mean of value less prediction in cross-validation. */
  readonly bias: number;
  /** Share of the variance of the values that cross-validation explains. */
  readonly r2: number;
  /** By number of components, from one on. */
  readonly rmsecvByComponents: Float64Array;
  /** Every preprocessing that was tried, with its error. */
  readonly tried: readonly {
    readonly preprocessing: string;
    readonly components: number;
    readonly rmsecv: number;
  }[];
  /** One value a wavelength, of the preprocessed spectrum, and its standard error by the jackknife. */
  readonly coefficients: Float64Array;
  readonly coefficientSigmas: Float64Array;
  /** Rows whose residual is improbably large, with how many standard errors. */
  readonly suspects: readonly { readonly row: number; readonly sigmas: number }[];
}

export interface CalibrateOptions {
  readonly components?: number | undefined;
  /** Of the intervals. */
  readonly confidence?: number;
  /** Rows with the same text are of one lot, or repeats of one sample, and stay together. */
  readonly samples?: readonly string[] | undefined;
  /** The preprocessings to choose from; absent: those that suit the spectra. */
  readonly candidates?: readonly Preprocessing[];
  readonly onProgress?: (line: string) => void;
}

export const leastSamples = 8;
const mostComponents = 20;
/** A simpler preprocessing is kept while its error is larger by no more than this share. */
const worth = 0.02;
const suspectSigmas = 4.5;
/** Preprocessings are compared on so many samples at most, which tells them apart and does not take minutes. */
const mostCompared = 200;

/** From simple to elaborate. Reflectance is told by its values: between 0 and about 1. */
export function candidatesFor(spectra: Matrix): Preprocessing[] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of spectra.data) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const window = Math.min(15, spectra.columns - 1 - (spectra.columns % 2));
  const first = { window, order: 2, derivative: 1 };
  const second = { window, order: 2, derivative: 2 };
  const shapes: Omit<Preprocessing, 'absorbance'>[] = [
    { snv: false },
    { snv: true },
    ...(window >= 5
      ? [
          { snv: false, savitzkyGolay: first },
          { snv: true, savitzkyGolay: first },
          { snv: true, savitzkyGolay: second },
        ]
      : []),
  ];
  const reflectance = low > 0 && high <= 1.2;
  return [false, ...(reflectance ? [true] : [])].flatMap((absorbance) =>
    shapes.map((shape) => ({ absorbance, ...shape })),
  );
}

interface Trial {
  readonly preprocessing: Preprocessing;
  readonly validation: Validation;
  readonly components: number;
  readonly rmsecv: number;
}

function attempt(
  spectra: Matrix,
  values: Float64Array,
  preprocessing: Preprocessing,
  samples: readonly string[] | undefined,
  asked: number | undefined,
): Trial {
  const prepared = preprocessAll(spectra, preprocessing);
  const most = asked ?? Math.min(mostComponents, Math.floor((values.length * 0.9 - 1) / 2), spectra.columns);
  const validation = crossValidate(prepared, values, foldsOf(values.length, samples), Math.max(1, most));
  const components = asked ?? chooseComponents(validation);
  return { preprocessing, validation, components, rmsecv: errorsOf(validation)[components - 1] as number };
}

/** The simplest preprocessing that is nearly as good as the best. */
function choose(trials: readonly Trial[]): Trial {
  const best = Math.min(...trials.map(({ rmsecv }) => rmsecv));
  return trials.find(({ rmsecv }) => rmsecv <= (1 + worth) * best) as Trial;
}

function checkData(spectra: Matrix, values: Float64Array, { components }: CalibrateOptions): void {
  const samples = values.length;
  if (samples < leastSamples) throw faults.fault('calibration.few', { samples, least: leastSamples });
  if (values.every((value) => value === values[0]))
    throw faults.fault('calibration.flat', { detail: 'all samples have the same value' });
  const first = spectra.data.subarray(0, spectra.columns);
  if (spectra.data.every((value, i) => value === first[i % spectra.columns]))
    throw faults.fault('calibration.flat', { detail: 'all spectra are the same' });
  const most = Math.min(spectra.columns, Math.floor(samples * 0.9) - 2);
  if (components !== undefined && components > most)
    throw faults.fault('calibration.components', { asked: components, most });
}

/** Every k-th place, so that at most `most` are left. */
const thinned = (count: number, most: number): number[] => {
  const step = Math.max(1, Math.ceil(count / most));
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step);
};

/**
 * Calibrates one property on spectra (samples x points, along `axis`) and its values. Preprocessing and, when not told,
 * the number of components are chosen by cross-validation. Throws `calibration.few`, `.flat`, `.components`.
 */
export function calibrate(
  target: string,
  axis: Float64Array,
  spectra: Matrix,
  values: Float64Array,
  options: CalibrateOptions = {},
): Calibration {
  checkData(spectra, values, options);
  const { samples, components: asked, confidence = 0.95, onProgress } = options;
  const places = thinned(values.length, mostCompared);
  const some = pickRows(spectra, places);
  const own = Float64Array.from(places, (place) => values[place] as number);
  const names = samples && places.map((place) => samples[place] as string);
  const candidates = options.candidates ?? candidatesFor(spectra);
  const trials = candidates.map((preprocessing) => {
    const trial = attempt(some, own, preprocessing, names, asked);
    const { components, rmsecv } = trial;
    onProgress?.(
      `${describePreprocessing(preprocessing)}: ${components} components, ${rmsecv.toPrecision(4)}`,
    );
    return trial;
  });
  const chosen = choose(trials);
  const trial =
    places.length === values.length ? chosen : attempt(spectra, values, chosen.preprocessing, samples, asked);
  return conclude(target, axis, spectra, values, { confidence, samples }, trial, trials);
}

function conclude(
  target: string,
  axis: Float64Array,
  spectra: Matrix,
  values: Float64Array,
  { confidence, samples }: { confidence: number; samples: readonly string[] | undefined },
  { preprocessing, validation, components, rmsecv }: Trial,
  trials: readonly Trial[],
): Calibration {
  const prepared = preprocessAll(spectra, preprocessing);
  const meanSpectrum = columnMeans(prepared);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const offsets = matrix(
    values.length,
    1,
    values.map((value) => value - mean),
  );
  const pls = fitPls(centred(prepared, meanSpectrum), offsets, components);
  const model = modelOf(pls, preprocessing, meanSpectrum, Float64Array.of(mean));
  const residuals = columnOf(validation.residuals, components - 1);
  const leverages = columnOf(validation.leverages, components - 1);
  const squares = columnOf(validation.squares, components - 1);
  const freed = residuals.map((residual, i) => residual / Math.sqrt(1 + (leverages[i] as number)));
  const uncertainty = {
    ...uncertaintyOf(residuals, leverages, components, confidence),
    commonShare: commonShare(freed, samples),
  };
  const count = values.length;
  const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    target,
    axis,
    model,
    uncertainty,
    t2Limit: Math.max(t2Limit(model, limitConfidence), qLimit(unseenT2(leverages), limitConfidence)),
    qLimit: qLimit(squares, limitConfidence),
    range: [Math.min(...values), Math.max(...values)],
    rmsecv,
    leastRelief: leastReliefOf(spectra),
    predicted: values.map((value, row) => value - (residuals[row] as number)),
    bias: residuals.reduce((sum, residual) => sum + residual, 0) / count,
    r2: 1 - (rmsecv * rmsecv * count) / spread,
    rmsecvByComponents: errorsOf(validation),
    tried: trials.map((one) => ({
      preprocessing: describePreprocessing(one.preprocessing),
      components: one.components,
      rmsecv: one.rmsecv,
    })),
    coefficients: coefficients(pls),
    coefficientSigmas: jackknife(coefficients(pls), validation.coefficients(components)),
    suspects: Array.from(residuals, (residual, row) => {
      const sigmas = Math.abs(residual) / (uncertainty.sigma * Math.sqrt(1 + (leverages[row] as number)));
      return { row, sigmas };
    }).filter(({ sigmas }) => sigmas > suspectSigmas),
  };
}

/** T2 of samples by models that had not seen their lots: new lots lie further out than rows beside those of the calibration. */
const unseenT2 = (leverages: Float64Array): Float64Array =>
  leverages.map((leverage) => Math.max(0, leverage - 1 / leverages.length) * (leverages.length - 1));

/** Standard errors of coefficients by what they are without each fold (Martens and Martens, Food Qual. Pref. 11 (2000) 5). */
function jackknife(all: Float64Array, folds: readonly Float64Array[]): Float64Array {
  const variances = new Float64Array(all.length);
  for (const fold of folds) {
    for (const [i, value] of fold.entries()) {
      const difference = value - (all[i] as number);
      variances[i] = (variances[i] as number) + (difference * difference * (folds.length - 1)) / folds.length;
    }
  }
  return variances.map(Math.sqrt);
}
