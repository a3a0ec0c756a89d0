import { basename } from 'node:path';
import { loadCalibration, transferredId, writeCalibrationBundle } from '#models/chemometrics/bundle';
import { faults } from '#models/chemometrics/faults';
import { rowOf } from '#models/chemometrics/matrix';
import { onAxis } from '#models/chemometrics/resample';
import { instrumentOf, unitOf } from '#models/chemometrics/technique';
import { transferCalibration } from '#models/chemometrics/transfer';
import { type CommandIo, write } from '../command.ts';
import { limitStatements, transferCard } from './card.ts';
import { spectraOf } from './files.ts';
import { tellUnsigned } from './unsigned.ts';

export interface TransferCall {
  readonly bundle: string;
  readonly primary: string;
  readonly secondary: string;
  /** The other instrument: part of the new id. */
  readonly name: string | undefined;
  readonly out: string;
}

/** Takes in another instrument; one JSON object on standard output. */
export async function transfer(call: TransferCall, io: CommandIo): Promise<number> {
  const { bundle, calibration } = await loadCalibration(call.bundle);
  tellUnsigned(bundle, io);
  const primary = await spectraOf(call.primary);
  const secondary = await spectraOf(call.secondary);
  const { spectra } = onAxis(primary, calibration.axis, call.primary);
  if (primary.spectra.rows !== secondary.spectra.rows) {
    const counts = { spectra: primary.spectra.rows, values: secondary.spectra.rows };
    throw faults.fault('calibration.rows', counts, `${call.primary}, ${call.secondary}`);
  }
  const result = transferCalibration(calibration, spectra, secondary);
  const { manifest } = bundle;
  const hashes = [
    `primary: ${basename(call.primary)}, SHA-256 ${primary.sha256}`,
    `secondary: ${basename(call.secondary)}, SHA-256 ${secondary.sha256}`,
    `calibration: ${manifest.id} ${manifest.version}, SHA-256 of its bundle.yaml ${bundle.hash}`,
  ];
  const description = {
    id: transferredId(manifest.id, call.name),
    title: `${manifest.title}, on ${call.name ?? 'another instrument'}`,
    unit: unitOf(manifest),
    instrument: instrumentOf(manifest),
    summary: `${manifest.summary} Transferred by ${result.method} with ${secondary.spectra.rows} samples.`,
    training: { ...manifest.training, provenance: `${manifest.training.provenance}; ${hashes.join('; ')}` },
    metrics: manifest.metrics,
    limits: { statements: limitStatements(result.calibration) },
  };
  const parent = `${manifest.id} ${manifest.version}`;
  const examples = [0, secondary.spectra.rows - 1].map((row) => rowOf(secondary.spectra, row));
  const card = transferCard(result, parent, hashes);
  const version = await writeCalibrationBundle(call.out, result.calibration, description, card, examples);
  const { method, rmsBefore, rmsAfter, tried } = result;
  const { target, uncertainty } = result.calibration;
  const said = {
    target,
    method,
    samples: secondary.spectra.rows,
    rmsBefore,
    rmsAfter,
    transferSigma: uncertainty.transferSigma,
    tried,
    id: description.id,
    version,
    bundle: call.out,
  };
  await write(io.stdout, `${JSON.stringify(said)}\n`);
  return 0;
}
