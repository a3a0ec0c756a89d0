import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Calibration } from './calibrate.ts';
import { faults } from './faults.ts';
import type { Uncertainty } from './interval.ts';
import { type Matrix, matrix } from './matrix.ts';
import type { SpectralModel } from './spectral-model.ts';
import type { Standardisation } from './standardise.ts';

const Numbers = Type.Array(Type.Number());
const Whole = Type.Integer({ minimum: 0 });

/** `model.json` of a calibration's bundle. */
const CalibrationFile = Type.Object({
  kind: Type.Literal('pls'),
  target: Type.String(),
  /** Wavelengths of the spectra that it takes, rising. */
  axis: Numbers,
  preprocessing: Type.Object({
    absorbance: Type.Boolean(),
    snv: Type.Boolean(),
    savitzkyGolay: Type.Optional(Type.Object({ window: Whole, order: Whole, derivative: Whole })),
  }),
  samples: Whole,
  components: Whole,
  meanSpectrum: Numbers,
  meanValue: Type.Number(),
  weights: Numbers,
  loadings: Numbers,
  yLoadings: Numbers,
  scoreVariances: Numbers,
  coefficients: Numbers,
  coefficientSigmas: Numbers,
  uncertainty: Type.Object({
    sigma: Type.Number(),
    freedom: Type.Number(),
    samples: Whole,
    transferSigma: Type.Number(),
    confidence: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }),
    commonShare: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  }),
  leastRelief: Type.Optional(Type.Number({ minimum: 0 })),
  t2Limit: Type.Number(),
  qLimit: Type.Number(),
  range: Type.Tuple([Type.Number(), Type.Number()]),
  rmsecv: Type.Number(),
  /** For an instrument that it was transferred to. */
  transfer: Type.Optional(
    Type.Object({
      method: Type.String(),
      samples: Whole,
      /** Axis of the secondary instrument's spectra. */
      axis: Numbers,
      standardisation: Type.Optional(
        Type.Object({ first: Type.Array(Whole), width: Whole, weights: Numbers, offsets: Numbers }),
      ),
      slope: Type.Number(),
      bias: Type.Number(),
    }),
  ),
});
type CalibrationFile = Static<typeof CalibrationFile>;

export interface Transfer {
  readonly method: string;
  readonly samples: number;
  readonly axis: Float64Array;
  readonly standardisation?: Standardisation | undefined;
  /** Value on the primary instrument = slope times value on the secondary, plus bias. */
  readonly slope: number;
  readonly bias: number;
}

/** What a prediction needs of a calibration. */
export interface StoredCalibration {
  readonly target: string;
  /** Of the spectra that the model itself takes: the primary instrument's. */
  readonly axis: Float64Array;
  readonly model: SpectralModel;
  readonly uncertainty: Uncertainty;
  readonly t2Limit: number;
  readonly qLimit: number;
  readonly range: readonly [number, number];
  readonly rmsecv: number;
  /** Least standard deviation of the values along a spectrum that it was made on; absent in bundles from before. */
  readonly leastRelief?: number | undefined;
  readonly coefficients: Float64Array;
  readonly coefficientSigmas: Float64Array;
  readonly transfer?: Transfer | undefined;
}

/** Axis of the spectra that are given to it. */
export const inputAxis = ({ axis, transfer }: StoredCalibration): Float64Array => transfer?.axis ?? axis;

const finite = (value: number): number => (Number.isFinite(value) ? value : Number.MAX_VALUE);

const withoutAbsent = ({ commonShare, ...rest }: Uncertainty): CalibrationFile['uncertainty'] =>
  commonShare === undefined ? rest : { ...rest, commonShare };

export function writeCalibration(calibration: Calibration | StoredCalibration): string {
  const { model, transfer } = { transfer: undefined, ...calibration };
  const { preprocessing, samples, components } = model;
  const file: CalibrationFile = {
    kind: 'pls',
    target: calibration.target,
    axis: [...calibration.axis],
    preprocessing: {
      absorbance: preprocessing.absorbance,
      snv: preprocessing.snv,
      ...(preprocessing.savitzkyGolay && { savitzkyGolay: preprocessing.savitzkyGolay }),
    },
    samples,
    components,
    meanSpectrum: [...model.meanSpectrum],
    meanValue: model.meanValues[0] as number,
    weights: [...model.weights.data],
    loadings: [...model.loadings.data],
    yLoadings: [...model.yLoadings.data],
    scoreVariances: [...model.scoreVariances],
    coefficients: [...calibration.coefficients],
    coefficientSigmas: [...calibration.coefficientSigmas],
    uncertainty: withoutAbsent(calibration.uncertainty),
    ...(calibration.leastRelief === undefined ? {} : { leastRelief: calibration.leastRelief }),
    t2Limit: finite(calibration.t2Limit),
    qLimit: finite(calibration.qLimit),
    range: [...calibration.range],
    rmsecv: calibration.rmsecv,
    ...(transfer && { transfer: transferFile(transfer) }),
  };
  return `${JSON.stringify(file)}\n`;
}

function transferFile({ method, samples, axis, standardisation, slope, bias }: Transfer) {
  const found = standardisation && {
    first: [...standardisation.first],
    width: standardisation.width,
    weights: [...standardisation.weights],
    offsets: [...standardisation.offsets],
  };
  return { method, samples, axis: [...axis], ...(found && { standardisation: found }), slope, bias };
}

/** Throws `calibration.bundle` for what is no calibration, or one whose parts do not fit each other. */
export function readCalibration(text: string, at: string): StoredCalibration {
  const refuse = (detail: string) => faults.fault('calibration.bundle', { detail }, at);
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (error) {
    throw refuse((error as Error).message);
  }
  if (!Value.Check(CalibrationFile, file)) {
    const [problem] = Value.Errors(CalibrationFile, file);
    throw refuse(`${problem?.instancePath || 'the document'} ${problem?.message}`);
  }
  const points = file.meanSpectrum.length;
  const parts = [
    ['axis', file.axis.length, points],
    ['weights', file.weights.length, points * file.components],
    ['loadings', file.loadings.length, points * file.components],
    ['yLoadings', file.yLoadings.length, file.components],
    ['scoreVariances', file.scoreVariances.length, file.components],
  ] as const;
  for (const [name, has, wants] of parts)
    if (has !== wants) throw refuse(`${name} has ${has} numbers, not ${wants}`);
  const stored = storedOf(file, points);
  const standardisation = stored.transfer?.standardisation;
  if (standardisation && !fits(standardisation, points))
    throw refuse('its standardisation reaches outside of the axis');
  return stored;
}

const fits = ({ first, width, inputs, weights, offsets }: Standardisation, points: number): boolean =>
  first.length === points &&
  offsets.length === points &&
  weights.length === points * width &&
  first.every((from) => from + width <= inputs);

function storedOf(file: CalibrationFile, points: number): StoredCalibration {
  const stack = (numbers: readonly number[], columns: number): Matrix =>
    matrix(file.components, columns, Float64Array.from(numbers));
  const { preprocessing, samples, components, transfer, range } = file;
  return {
    target: file.target,
    axis: Float64Array.from(file.axis),
    model: {
      preprocessing,
      points,
      samples,
      components,
      meanSpectrum: Float64Array.from(file.meanSpectrum),
      meanValues: Float64Array.of(file.meanValue),
      weights: stack(file.weights, points),
      loadings: stack(file.loadings, points),
      yLoadings: stack(file.yLoadings, 1),
      scoreVariances: Float64Array.from(file.scoreVariances),
    },
    uncertainty: file.uncertainty,
    t2Limit: file.t2Limit,
    qLimit: file.qLimit,
    range: [range[0], range[1]],
    rmsecv: file.rmsecv,
    leastRelief: file.leastRelief,
    coefficients: Float64Array.from(file.coefficients),
    coefficientSigmas: Float64Array.from(file.coefficientSigmas),
    transfer: transfer && {
      method: transfer.method,
      samples: transfer.samples,
      axis: Float64Array.from(transfer.axis),
      slope: transfer.slope,
      bias: transfer.bias,
      standardisation: transfer.standardisation && {
        inputs: transfer.axis.length,
        first: Int32Array.from(transfer.standardisation.first),
        width: transfer.standardisation.width,
        weights: Float64Array.from(transfer.standardisation.weights),
        offsets: Float64Array.from(transfer.standardisation.offsets),
      },
    },
  };
}
