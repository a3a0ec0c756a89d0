import { readFile } from 'node:fs/promises';
import { readJcamp } from '#drivers/spectrometer/jcamp/jcamp';
import type { Axis, Found } from '#drivers/spectrometer/spectrum';
import { faults } from '#models/xrf/faults';
import { calibrationOf, checked, type RawSpectrum, readSpectrumFile } from '#models/xrf/spectrum-file';

/** What a spectrum message's axis says of energies; channels say nothing. */
function calibrationOfAxis(axis: Axis, count: number): RawSpectrum['calibration'] {
  if (axis.unit !== 'keV' && axis.unit !== 'eV') return undefined;
  const places =
    'values' in axis ? axis.values : Array.from({ length: count }, (_, i) => axis.start + i * axis.step);
  return calibrationOf(places, axis.unit);
}

const rawOf = ({ axis, values }: Pick<Found, 'axis' | 'values'>, at: string): RawSpectrum =>
  checked(
    { counts: Float64Array.from(values), calibration: calibrationOfAxis(axis, values.length), detectors: 1 },
    at,
  );

/** One spectrum message a line; what else is in the file is passed over. */
function readMessages(text: string, at: string): RawSpectrum[] {
  const found = text.split(/\r?\n/).flatMap((line, i) => {
    if (line.trim() === '') return [];
    const place = `${at}:${i + 1}`;
    let message: Partial<Found> & { kind?: unknown };
    try {
      message = JSON.parse(line);
    } catch (error) {
      throw faults.fault('xrf.form', { form: 'NDJSON', detail: (error as Error).message }, place, error);
    }
    const { kind, axis, values } = message;
    if (kind !== undefined && kind !== 'spectrum') return [];
    if (!Array.isArray(values) || typeof axis?.unit !== 'string') {
      throw faults.fault(
        'xrf.form',
        { form: 'NDJSON', detail: 'it has no axis with a unit, or no values' },
        place,
      );
    }
    return [rawOf({ axis, values }, place)];
  });
  if (found.length === 0)
    throw faults.fault('xrf.form', { form: 'NDJSON', detail: 'it has no spectrum message' }, at);
  return found;
}

/** Every spectrum of a file. Throws `xrf.file` and `xrf.form` with their place. */
export async function spectraOf(file: string): Promise<RawSpectrum[]> {
  const bytes = await readFile(file).catch((error: Error) => {
    throw faults.fault('xrf.file', { detail: error.message }, file, error);
  });
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  if (text.includes('\0')) throw faults.fault('xrf.form', { form: 'file', detail: 'it is no text' }, file);
  if (/^\s*\{/.test(text)) return readMessages(text, file);
  if (!/^\s*##/.test(text)) return [readSpectrumFile(text, file)];
  const read = readJcamp(bytes);
  if ('code' in read) throw faults.fault('xrf.form', { form: 'JCAMP-DX', detail: read.message }, file);
  return read.map((found) => rawOf(found, file));
}
