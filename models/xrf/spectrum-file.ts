import { faults } from './faults.ts';

/** A measured spectrum as its file has it. */
export interface RawSpectrum {
  readonly counts: Float64Array;
  /** Energy of channel 0, of a channel, and the quadratic term, keV; absent where the file does not say. */
  readonly calibration?: readonly [number, number, number] | undefined;
  /** Detectors whose counts were added. */
  readonly detectors: number;
}

export type Calibration = readonly [number, number, number];

const numbersOf = (text: string): number[] =>
  text
    .trim()
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map(Number);

/** Detectors with axes of their own, onto the axis of the first; counts of a channel are shared by what it covers. */
export function joined(columns: readonly Float64Array[], calibrations: readonly Calibration[]): Float64Array {
  const [offset, gain] = calibrations[0] ?? [0, 1];
  const sum = new Float64Array(columns[0]?.length ?? 0);
  for (const [d, counts] of columns.entries()) {
    const [from, step, bend] = calibrations[d] ?? [0, 1, 0];
    const place = (channel: number) => (from + channel * (step + channel * bend) - offset) / gain;
    for (const [i, count] of counts.entries()) {
      if (count === 0) continue;
      const [low, high] = [place(i - 0.5) + 0.5, place(i + 0.5) + 0.5];
      for (let channel = Math.max(0, Math.floor(low)); channel < Math.min(sum.length, high); channel++) {
        const covered = Math.min(high, channel + 1) - Math.max(low, channel);
        sum[channel] = (sum[channel] as number) + (count * covered) / (high - low);
      }
    }
  }
  return sum;
}

/** Columns of counts below `DATA:`, a column a detector, with a calibration each (the MCA files of GSECARS and EPICS). */
function readDetectors(text: string, at: string): RawSpectrum {
  const field = (name: string) => numbersOf(new RegExp(`^${name}:(.*)$`, 'm').exec(text)?.[1] ?? '');
  const [offsets, slopes, bends] = [field('CAL_OFFSET'), field('CAL_SLOPE'), field('CAL_QUAD')];
  const rows = (/^DATA:.*\r?\n([\s\S]*)$/m.exec(text)?.[1] ?? '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map(numbersOf);
  const count = rows[0]?.length ?? 0;
  if (count === 0 || rows.some((row) => row.length !== count)) {
    throw faults.fault(
      'xrf.form',
      { form: 'MCA', detail: 'its rows do not all have as many counts as detectors' },
      at,
    );
  }
  const columns = Array.from({ length: count }, (_, d) => Float64Array.from(rows, (row) => row[d] ?? 0));
  if (slopes.length < count || !slopes.every((slope) => slope > 0)) {
    const sum = columns[0]?.map((_, i) => columns.reduce((all, column) => all + (column[i] ?? 0), 0));
    return { counts: sum ?? new Float64Array(), detectors: count };
  }
  const calibrations = columns.map((_, d) => [offsets[d] ?? 0, slopes[d] ?? 1, bends[d] ?? 0] as const);
  return { counts: joined(columns, calibrations), calibration: calibrations[0], detectors: count };
}

/** A straight line through points of channel and energy. */
function lineThrough(points: readonly (readonly [number, number])[]): Calibration | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || last[0] === first[0]) return undefined;
  const [x, y] = [0, 1].map(
    (k) => points.reduce((sum, point) => sum + (point[k as 0 | 1] ?? 0), 0) / points.length,
  ) as [number, number];
  const slope =
    points.reduce((sum, [channel, energy]) => sum + (channel - x) * (energy - y), 0) /
    points.reduce((sum, [channel]) => sum + (channel - x) ** 2, 0);
  return [y - slope * x, slope, 0];
}

/** Amptek's MCA: sections in double angles. */
function readAmptek(text: string): RawSpectrum {
  const section = (name: string) => new RegExp(`<<${name}>>([\\s\\S]*?)(?:<<|$)`).exec(text)?.[1] ?? '';
  const points = section('CALIBRATION')
    .split(/\r?\n/)
    .map(numbersOf)
    .filter((row): row is [number, number] => row.length === 2 && row.every(Number.isFinite));
  return {
    counts: Float64Array.from(numbersOf(section('DATA'))),
    calibration: lineThrough(points),
    detectors: 1,
  };
}

/** The IAEA's SPE: blocks that begin with a dollar sign. */
function readSpe(text: string, at: string): RawSpectrum {
  const block = (name: string) =>
    new RegExp(`^\\$${name}:[^\\S\\n]*\\r?\\n([^$]*)`, 'm').exec(text)?.[1] ?? '';
  const [first = 0, last = 0, ...counts] = numbersOf(block('DATA'));
  if (counts.length !== last - first + 1) {
    const detail = `it says channels ${first} to ${last} and has ${counts.length} counts`;
    throw faults.fault('xrf.form', { form: 'SPE', detail }, at);
  }
  const terms = numbersOf(
    block('MCA_CAL')
      .replace(/^\s*\d+\s*$/m, '')
      .replace(/\b[a-z]+\b/gi, ' '),
  );
  const line = numbersOf(block('ENER_FIT').replace(/\b[a-z]+\b/gi, ' '));
  const [offset, gain, bend = 0] = terms.length >= 2 ? terms : line;
  const found =
    offset !== undefined && gain !== undefined && gain > 0
      ? inKeV([offset, gain, bend], counts.length)
      : undefined;
  return {
    counts: Float64Array.from([...new Array<number>(first).fill(0), ...counts]),
    calibration: found,
    detectors: 1,
  };
}

/** Files give keV, MeV or eV without saying so: X-ray spectra end between 2 and 200 keV. */
function inKeV([offset, gain, bend]: Calibration, channels: number): Calibration {
  const end = offset + gain * channels;
  const factor = end > 1000 ? 0.001 : end < 0.2 ? 1000 : 1;
  return [offset * factor, gain * factor, bend * factor];
}

/** Energies that rise evenly, as a calibration; undefined for what does not. */
export function calibrationOf(energies: readonly number[], unit?: string): Calibration | undefined {
  const [first, last] = [energies[0], energies.at(-1)];
  if (first === undefined || last === undefined || energies.length < 3) return undefined;
  const gain = (last - first) / (energies.length - 1);
  const even = energies.every(
    (energy, i) => Math.abs(energy - first - i * gain) < 0.05 * gain + 1e-3 * Math.abs(energy),
  );
  if (!even || !(gain > 0)) return undefined;
  if (unit === 'eV') return [first / 1000, gain / 1000, 0];
  return unit === 'keV' ? [first, gain, 0] : inKeV([first, gain, 0], energies.length);
}

/** Rows of counts, of channel and counts, or of energy and counts; a header may stand above. */
function readRows(text: string, at: string): RawSpectrum {
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map((content, i) => ({ content: content.trim(), line: i + 1 }))
    .filter(({ content }) => content !== '' && !/^[#%]/.test(content));
  const separator = [';', '\t', ','].find((mark) => lines.at(-1)?.content.includes(mark)) ?? /\s+/;
  const cells = (content: string) =>
    content.split(separator).map((cell) => {
      const plain = cell.trim().replace(/^"|"$/g, '');
      return plain === '' ? Number.NaN : Number(separator === ',' ? plain : plain.replace(',', '.'));
    });
  const header = lines[0] && cells(lines[0].content).some(Number.isNaN) ? lines[0].content : undefined;
  const rows = (header === undefined ? lines : lines.slice(1)).map(({ content, line }) => ({
    values: cells(content),
    line,
  }));
  const width = rows[0]?.values.length ?? 0;
  const wrong = rows.find(({ values }) => values.length !== width || !values.every(Number.isFinite));
  if (wrong)
    throw faults.fault(
      'xrf.form',
      { form: 'CSV', detail: 'this row is not all numbers, or not as long as the first' },
      `${at}:${wrong.line}`,
    );
  if (width === 0) throw faults.fault('xrf.form', { form: 'CSV', detail: 'it has no rows of numbers' }, at);
  // One long row is a spectrum as well.
  if (rows.length === 1 && width > 16)
    return { counts: Float64Array.from(rows[0]?.values ?? []), detectors: 1 };
  const column = (k: number) => rows.map(({ values }) => values[k] ?? 0);
  if (width === 1) return { counts: Float64Array.from(column(0)), detectors: 1 };
  const channels = column(0).every((value, i) => value === i || value === i + 1);
  const unit = /\bkev\b/i.test(header ?? '') ? 'keV' : /\bev\b/i.test(header ?? '') ? 'eV' : undefined;
  const named = /channel|\bch\b/i.test(header ?? '');
  const sum = Float64Array.from(rows, ({ values }) => values.slice(1).reduce((all, value) => all + value, 0));
  return {
    counts: sum,
    calibration: channels || named ? undefined : calibrationOf(column(0), unit),
    detectors: width - 1,
  };
}

/** Reads a text file of counts by what it begins with. Throws `xrf.form` with its place. */
export function readSpectrumFile(text: string, at: string): RawSpectrum {
  const made = text.includes('<<PMCA SPECTRUM>>')
    ? readAmptek(text)
    : /^\$DATA:/m.test(text)
      ? readSpe(text, at)
      : /^CAL_SLOPE:|^DATA:/m.test(text)
        ? readDetectors(text, at)
        : readRows(text, at);
  return checked(made, at);
}

/** Throws `xrf.form` for what cannot be counts. */
export function checked(spectrum: RawSpectrum, at: string): RawSpectrum {
  const { counts } = spectrum;
  const refuse = (detail: string) => faults.fault('xrf.form', { form: 'spectrum', detail }, at);
  if (counts.length < 64) throw refuse(`it has ${counts.length} channels`);
  const bad = counts.findIndex((count) => !(count >= 0 && count < 1e15));
  if (bad >= 0) throw refuse(`channel ${bad} has ${counts[bad]} counts`);
  if (!counts.some((count) => count > 0)) throw refuse('it has no counts');
  return spectrum;
}
