import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describeProblem } from '#flows/fault';
import { faults } from '#models/chemometrics/faults';
import { allRight, readSpectra, type SpectraTable } from '#models/chemometrics/tables';
import { UsageError } from '../command.ts';

/** A text file and the hash of its bytes. Throws `calibration.file`. */
export async function textOf(file: string): Promise<{ text: string; sha256: string }> {
  const bytes = await readFile(file).catch((error: Error) => {
    throw faults.fault('calibration.file', { detail: error.message }, file, error);
  });
  return { text: bytes.toString('utf8'), sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Spectra that all have to be right. Throws the first problem. */
export async function spectraOf(file: string): Promise<SpectraTable & { readonly sha256: string }> {
  const { text, sha256 } = await textOf(file);
  const table = readSpectra(text, file);
  allRight(table);
  return { ...table, sha256 };
}

/** An option that the call cannot do without. */
export function wanted(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new UsageError(`--${name} is missing.`);
  return value;
}

/** A problem of what the call itself says. */
export const usage = (...problem: Parameters<typeof faults.problem>): UsageError =>
  new UsageError(describeProblem(faults.problem(...problem)));
