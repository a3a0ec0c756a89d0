import { basename } from 'node:path';
import { describeProblem } from '#flows/fault';
import type { Metric } from '#models/bundle/schema';
import { calibrationId, type Description, writeCalibrationBundle } from '#models/chemometrics/bundle';
import { type Calibration, calibrate } from '#models/chemometrics/calibrate';
import { chiSquaredQuantile } from '#models/chemometrics/distributions';
import { faults } from '#models/chemometrics/faults';
import { pickRows, rowOf } from '#models/chemometrics/matrix';
import { describePreprocessing } from '#models/chemometrics/preprocess';
import { readValues } from '#models/chemometrics/tables';
import { type Technique, usualAxisUnit } from '#models/chemometrics/technique';
import { type CommandIo, write } from '../command.ts';
import { writePicture } from '../picture-file.ts';
import { calibrationCard, limitStatements } from './card.ts';
import { spectraOf, textOf, usage } from './files.ts';
import { calibrationPicture } from './picture.ts';

export interface PlsCall {
  readonly spectra: string;
  readonly values: string;
  readonly target: string;
  readonly components: number | undefined;
  /** Mine, brand or instrument that it is for: part of its id. */
  readonly name: string | undefined;
  /** Unit of the values, UCUM. */
  readonly unit: string;
  readonly technique: Technique;
  readonly out: string;
  /** File for what a picture of it needs, as JSON. */
  readonly picture: string | undefined;
}

/** Spectra and values by row; samples without a value are left out. Throws what is wrong with either file. */
async function dataOf({ spectra, values, target }: PlsCall, io: CommandIo) {
  const table = await spectraOf(spectra);
  const { text, sha256 } = await textOf(values);
  const references = readValues(text, values);
  if (!references.names.includes(target)) {
    throw usage('calibration.target', { target, known: references.names.join(', ').slice(0, 300) }, values);
  }
  if (references.rows !== table.spectra.rows) {
    const counts = { spectra: table.spectra.rows, values: references.rows };
    throw faults.fault('calibration.rows', counts, `${spectra}, ${values}`);
  }
  const column = references.column(target);
  const places = [...column.keys()].filter((row) => Number.isFinite(column[row]));
  const empty = column.length - places.length;
  if (empty > 0) io.stderr.write(`${empty} samples have no ${target} and are left out.\n`);
  return {
    axis: table.axis,
    spectra: pickRows(table.spectra, places),
    values: Float64Array.from(places, (row) => column[row] as number),
    samples: references.samples && places.map((row) => references.samples?.[row] ?? ''),
    lines: places.map((row) => table.lines[row] ?? 0),
    hashes: [
      `spectra: ${basename(spectra)}, SHA-256 ${table.sha256}`,
      `values: ${basename(values)}, SHA-256 ${sha256}`,
    ],
  };
}

/** The interval of an RMSECV, by chi squared. */
function metricsOf({ rmsecv, r2, uncertainty, model }: Calibration, unit: string): Metric[] {
  const { freedom } = uncertainty;
  const end = (p: number) => rmsecv * Math.sqrt(freedom / chiSquaredQuantile(p, freedom));
  const set = 'cross-validation';
  const common = { set, confidence: 0.95, count: model.samples };
  return [
    {
      name: 'RMSECV',
      value: rmsecv,
      low: end(0.975),
      high: end(0.025),
      unit,
      ...common,
    },
    {
      name: 'R2',
      value: r2,
      low: Math.min(r2, 1 - (1 - r2) * (end(0.025) / rmsecv) ** 2),
      high: Math.max(r2, 1 - (1 - r2) * (end(0.975) / rmsecv) ** 2),
      unit: '1',
      ...common,
    },
  ];
}

function describe(
  calibration: Calibration,
  { name, unit, technique }: PlsCall,
  hashes: readonly string[],
): Description {
  const { target, model } = calibration;
  return {
    id: calibrationId(target, name),
    title: `${target} from spectra${name === undefined ? '' : `, ${name}`}`,
    unit,
    instrument: { technique, axisUnit: usualAxisUnit[technique] },
    summary: `${target} by partial least squares, ${model.components} components, ${describePreprocessing(model.preprocessing)}.`,
    training: {
      data: `${model.samples} spectra and reference values of a laboratory`,
      provenance: hashes.join('; '),
      code: 'models/chemometrics, by `quaywatch calibrate pls`',
      samples: model.samples,
    },
    metrics: metricsOf(calibration, unit),
    limits: { statements: limitStatements(calibration) },
  };
}

/** The lowest, the middle and the highest sample: what the bundle's golden outputs are made of. */
function examples(spectra: Parameters<typeof rowOf>[0], values: Float64Array): Float64Array[] {
  const order = [...values.keys()].sort((a, b) => (values[a] as number) - (values[b] as number));
  const places = [order[0], order[order.length >> 1], order.at(-1)];
  return places.flatMap((row) => (row === undefined ? [] : [rowOf(spectra, row)]));
}

/** Calibrates and writes the bundle; one JSON object on standard output. */
export async function pls(call: PlsCall, io: CommandIo): Promise<number> {
  const data = await dataOf(call, io);
  const calibration = calibrate(call.target, data.axis, data.spectra, data.values, {
    components: call.components,
    samples: data.samples,
    onProgress: (line) => void io.stderr.write(`${line}\n`),
  });
  for (const { row, sigmas } of calibration.suspects) {
    const at = `${call.spectra}:${data.lines[row]}`;
    const fields = { row: row + 1, sigmas: sigmas.toFixed(1) };
    io.stderr.write(`${describeProblem(faults.problem('calibration.sample', fields, at))}\n`);
  }
  const description = describe(calibration, call, data.hashes);
  const version = await writeCalibrationBundle(
    call.out,
    calibration,
    description,
    calibrationCard(calibration, data.hashes),
    examples(data.spectra, data.values),
  );
  const { target, model, rmsecv, bias, r2, uncertainty } = calibration;
  const said = {
    target,
    unit: call.unit,
    components: model.components,
    rmsecv,
    bias,
    r2,
    samples: model.samples,
    points: model.points,
    preprocessing: describePreprocessing(model.preprocessing),
    confidence: uncertainty.confidence,
    commonShare: uncertainty.commonShare ?? null,
    rmsecvByComponents: [...calibration.rmsecvByComponents],
    id: description.id,
    version,
    bundle: call.out,
  };
  if (call.picture !== undefined)
    await writePicture(call.picture, calibrationPicture(calibration, data.spectra, data.values));
  await write(io.stdout, `${JSON.stringify(said)}\n`);
  return 0;
}
