import type { Calibration } from '#models/chemometrics/calibrate';
import type { StoredCalibration } from '#models/chemometrics/calibration-file';
import { describePreprocessing } from '#models/chemometrics/preprocess';
import type { TransferResult } from '#models/chemometrics/transfer';

const digits = (value: number): string => String(Number(value.toPrecision(4)));

/** Lines that hold for every calibration. */
const limits = (calibration: StoredCalibration): string[] => [
  `It is for values from ${digits(calibration.range[0])} to ${digits(calibration.range[1])}; beyond these it extrapolates.`,
  `A spectrum with T2 above ${digits(calibration.t2Limit)} or Q above ${digits(calibration.qLimit)} is unlike those it was made on (one of a hundred of its own kind is): its value is not to be relied on.`,
  'Nothing is claimed for materials, instruments and conditions that are not in the files it was made from.',
];

export const limitStatements = limits;

/** CARD.md of a calibration as it was made. */
export const calibrationCard =
  (calibration: Calibration, from: readonly string[]) =>
  (version: string): string => {
    const { target, model, uncertainty, axis } = calibration;
    const rows = calibration.tried.map(
      (one) => `| ${one.preprocessing} | ${one.components} | ${digits(one.rmsecv)} |`,
    );
    const curve = [...calibration.rmsecvByComponents].map((error, a) => `| ${a + 1} | ${digits(error)} |`);
    return `# ${target}, version ${version}

A partial least squares calibration by \`quaywatch calibrate pls\`, from ${model.samples} spectra of ${axis.length} points
(${digits(axis[0] ?? 0)} to ${digits(axis.at(-1) ?? 0)}). Made from the laboratory's own files; only cross-validation on them
says how good it is, and no other samples were tried.

${from.map((line) => `- ${line}`).join('\n')}

| figure | value |
| --- | --- |
| preprocessing | ${describePreprocessing(model.preprocessing)} |
| components | ${model.components} |
| RMSECV (10 folds, repeats of a sample together) | ${digits(calibration.rmsecv)} |
| bias | ${digits(calibration.bias)} |
| R2 of cross-validation | ${digits(calibration.r2)} |
| interval | ${100 * uncertainty.confidence} %, standard error ${digits(uncertainty.sigma)} with ${uncertainty.freedom} degrees of freedom, widened by leverage |

## Limits

${limits({ ...calibration })
  .map((line) => `- ${line}`)
  .join('\n')}

## What was tried

| preprocessing | components | RMSECV |
| --- | --- | --- |
${rows.join('\n')}

The simplest within 2 % of the best was taken. Errors by number of components, with that preprocessing:

| components | RMSECV |
| --- | --- |
${curve.join('\n')}
`;
  };

/** CARD.md of a calibration on another instrument. */
export const transferCard =
  (
    { calibration, method, rmsBefore, rmsAfter, tried }: TransferResult,
    parent: string,
    from: readonly string[],
  ) =>
  (version: string): string =>
    `# ${calibration.target}, transferred, version ${version}

${parent} for another instrument, by \`quaywatch calibrate transfer\` with ${calibration.transfer?.samples ?? 0} samples measured on both.

${from.map((line) => `- ${line}`).join('\n')}

| figure | value |
| --- | --- |
| method | ${method} |
| difference to the primary's predictions before, root mean square | ${digits(rmsBefore)} |
| after, on samples left out in turn | ${digits(rmsAfter)} |
| added to the interval, standard error | ${digits(calibration.uncertainty.transferSigma)} |

## Limits

${limits(calibration)
  .map((line) => `- ${line}`)
  .join('\n')}
- It was judged by agreement with the primary instrument, and not by reference values.

## What was tried

| method | difference |
| --- | --- |
${tried.map((one) => `| ${one.method} | ${digits(one.rms)} |`).join('\n')}
`;
