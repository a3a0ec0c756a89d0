import { numberOf, parseTable, type Table } from './csv.ts';
import { faults } from './faults.ts';
import { type Matrix, matrix, rowOf } from './matrix.ts';

export interface SpectraTable {
  /** Rising, as the header has it (nm, cm-1, …). */
  readonly axis: Float64Array;
  /** A row a spectrum. */
  readonly spectra: Matrix;
  /** Line of the file of each spectrum. */
  readonly lines: readonly number[];
  /** By row, what makes it useless; such a row holds NaN. */
  readonly problems: ReadonlyMap<number, ReturnType<typeof faults.fault>>;
}

const strict = /^([+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*(?:nm|um|µm|cm-1|cm\^-1|kev)?$/i;
/** What R and others make of a number that has to be a name: X1100, nm1100.5, wl_400. */
const prefixed = /^([a-z_. ]+)(\d+(?:\.\d+)?)$/i;

/** Columns of the header that are places on the axis. */
function axisColumns({ header, separator }: Table): { column: number; value: number }[] {
  const decimal = (cell: string) => (separator === ',' ? cell : cell.replace(',', '.'));
  const plain = header.flatMap((cell, column) => {
    const found = strict.exec(decimal(cell));
    return found ? [{ column, value: Number(found[1]) }] : [];
  });
  if (plain.length >= 2) return plain;
  const named = header.flatMap((cell, column) => {
    const found = prefixed.exec(decimal(cell));
    return found ? [{ column, value: Number(found[2]), prefix: found[1] }] : [];
  });
  return named.filter(({ prefix }) => prefix === named.at(-1)?.prefix);
}

/**
 * Spectra below a header row of wavelengths; columns whose header is no number are names and left out. Throws
 * `calibration.table`; what is wrong with one spectrum is among its problems.
 */
export function readSpectra(text: string, at: string): SpectraTable {
  const table = parseTable(text, at);
  const columns = axisColumns(table).sort((a, b) => a.value - b.value);
  if (columns.length < 3) {
    const detail = `its header row names ${columns.length} wavelengths`;
    throw faults.fault('calibration.table', { detail }, `${at}:1`);
  }
  const twice = columns.find(({ value }, i) => value === columns[i + 1]?.value);
  if (twice)
    throw faults.fault(
      'calibration.table',
      { detail: `the wavelength ${twice.value} is there twice` },
      `${at}:1`,
    );
  const spectra = matrix(table.rows.length, columns.length);
  const problems = new Map<number, ReturnType<typeof faults.fault>>();
  for (const [row, { line, cells }] of table.rows.entries()) {
    const into = rowOf(spectra, row);
    for (const [i, { column, value }] of columns.entries()) {
      const text = cells[column] ?? '';
      into[i] = numberOf(text, table.separator);
      if (Number.isFinite(into[i]) || problems.has(row)) continue;
      const fields = { column: value, text: text === '' ? 'nothing' : text.slice(0, 40) };
      problems.set(row, faults.fault('calibration.cell', fields, `${at}:${line}`));
    }
  }
  const lines = table.rows.map(({ line }) => line);
  return { axis: Float64Array.from(columns, ({ value }) => value), spectra, lines, problems };
}

/** Throws the first problem of spectra that all have to be right. */
export function allRight({ problems }: SpectraTable): void {
  for (const problem of problems.values()) throw problem;
}

export interface ValuesTable {
  readonly names: readonly string[];
  /** By name; NaN where a sample has no value. */
  column(name: string): Float64Array;
  /** Rows that are repeats of one sample have the same text here; undefined where that cannot be told. */
  readonly samples: readonly string[] | undefined;
  readonly rows: number;
}

const missing = /^(?:|nan|na|n\/a|null|-|none)$/i;
/** What is predicted later comes of lots that the calibration has not seen: where lots are named, they stay together. */
const groupNames = [/^lot$/i, /^(?:sample|sample_?id|id)$/i];

/** Values by row below a header row of names. Throws `calibration.table`, and `calibration.cell` from `column`. */
export function readValues(text: string, at: string): ValuesTable {
  const table = parseTable(text, at);
  const { header, rows, separator } = table;
  const numeric = header.flatMap((_, column) =>
    rows.every(
      ({ cells }) =>
        missing.test(cells[column] ?? '') || Number.isFinite(numberOf(cells[column] ?? '', separator)),
    )
      ? [column]
      : [],
  );
  return {
    names: header,
    rows: rows.length,
    samples: samplesOf(table, numeric),
    column(name) {
      const column = header.indexOf(name);
      if (column < 0) {
        throw faults.fault(
          'calibration.target',
          { target: name, known: header.join(', ').slice(0, 300) },
          at,
        );
      }
      return Float64Array.from(rows, ({ cells, line }) => {
        const text = cells[column] ?? '';
        if (missing.test(text)) return Number.NaN;
        const value = numberOf(text, separator);
        if (!Number.isFinite(value))
          throw faults.fault('calibration.cell', { column: name, text: text.slice(0, 40) }, `${at}:${line}`);
        return value;
      });
    },
  };
}

/** A column that names lots or samples, else rows with the same values throughout, if there are still many different ones. */
function samplesOf({ header, rows }: Table, numeric: readonly number[]): string[] | undefined {
  const found = groupNames.map((wanted) => header.findIndex((name) => wanted.test(name)));
  const named = found.find((column) => column >= 0) ?? -1;
  const keys =
    named >= 0
      ? rows.map(({ cells }) => cells[named] ?? '')
      : rows.map(({ cells }) => numeric.map((column) => cells[column]).join('\n'));
  if (named < 0 && numeric.length < 2) return undefined;
  const different = new Set(keys).size;
  if (different === keys.length || different < leastOf(named, keys.length)) return undefined;
  return keys;
}

/** Values that are alike by chance are many rows of few kinds; names are no chance. */
const leastOf = (named: number, rows: number): number => (named >= 0 ? 10 : Math.max(10, rows / 6));
