import {
  axisOf,
  type Found,
  finite,
  NotAsItsForm,
  type Read,
  reading,
  techniqueOf,
  unitOf,
} from './spectrum.ts';

/**
 * Tables as laboratories and instruments export them: either a column of abscissas and a column for each
 * spectrum, or a row of abscissas and a row for each spectrum (a name may stand in front).
 */
export const readCsv = (bytes: Uint8Array): Read =>
  reading('CSV', () => {
    const rows = table(new TextDecoder('utf-8').decode(bytes));
    const [first] = rows;
    if (!first || rows.length < 2) throw new NotAsItsForm('it has no rows');
    return isAbscissas(first) ? byRow(rows) : byColumn(rows);
  });

/** Whether text can be such a table: its first line has two fields or more, of which one is a number or the next line has. */
export function looksLikeCsv(text: string): boolean {
  const rows = text.split(/\r\n|\n|\r/).slice(0, 3);
  const separator = separatorOf(rows[0] ?? '');
  if (separator === undefined) return false;
  return rows
    .slice(0, 2)
    .some((row) => row.split(separator).filter((cell) => isNumber(cell, separator)).length >= 2);
}

const separatorOf = (line: string): string | undefined =>
  [';', '\t', ','].find((separator) => line.includes(separator));

/** With `;` or tabs between fields a comma is the decimal sign of half the world. */
const numberOf = (cell: string, separator: string): number => {
  const text = cell.trim().replace(/^"|"$/g, '');
  return text === '' ? Number.NaN : Number(separator === ',' ? text : text.replace(',', '.'));
};
const isNumber = (cell: string, separator: string) => Number.isFinite(numberOf(cell, separator));

interface Cell {
  readonly text: string;
  readonly value: number;
}

function table(text: string): Cell[][] {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const separator = separatorOf(lines[0] ?? '');
  if (separator === undefined) throw new NotAsItsForm('its first line has one field');
  return lines.map((line) =>
    line.split(separator).map((cell) => ({
      text: cell.trim().replace(/^"|"$/g, ''),
      value: numberOf(cell, separator),
    })),
  );
}

/** Three numbers or more in one direction, perhaps behind names. */
function isAbscissas(row: readonly Cell[]): boolean {
  const numbers = row.map(({ value }) => value).filter(Number.isFinite);
  const names = row.findIndex(({ value }) => Number.isFinite(value));
  if (numbers.length < 3 || numbers.length !== row.length - names) return false;
  const up = (numbers[1] as number) > (numbers[0] as number);
  return numbers.every((value, i) => i === 0 || value > (numbers[i - 1] as number) === up);
}

function byRow(rows: readonly (readonly Cell[])[]): Found[] {
  const [head = [], ...rest] = rows;
  const from = head.findIndex(({ value }) => Number.isFinite(value));
  const axis = axisOf(
    guess(head[from]?.value),
    head.slice(from).map(({ value }) => value),
  );
  return rest.map((row, i) => {
    if (row.length !== head.length)
      throw new NotAsItsForm(`row ${i + 2} has ${row.length} fields, not ${head.length}`);
    const title = row
      .slice(0, from)
      .map(({ text }) => text)
      .join(' ');
    return found(axis, row.slice(from), title, i);
  });
}

function byColumn(rows: readonly (readonly Cell[])[]): Found[] {
  const [head = []] = rows;
  const named = !Number.isFinite(head[0]?.value ?? Number.NaN);
  const body = named ? rows.slice(1) : rows;
  const width = body[0]?.length ?? 0;
  if (width < 2) throw new NotAsItsForm('it has one column');
  body.forEach((row, i) => {
    if (row.length !== width) throw new NotAsItsForm(`row ${i + 1} has ${row.length} fields, not ${width}`);
  });
  const x = finite(body.map((row) => (row[0] as Cell).value));
  const name = named ? (head[0]?.text ?? '') : '';
  // `Wavelength (nm)`, `nm`, `Energy [keV]`: what stands in brackets is the unit.
  const bracketed = /[([]([^)\]]+)[)\]]/.exec(name)?.[1] ?? name;
  const axis = axisOf(named ? unitOf(bracketed) : guess(x[0]), x);
  return Array.from({ length: width - 1 }, (_, column) =>
    found(
      axis,
      body.map((row) => row[column + 1] as Cell),
      named ? (head[column + 1]?.text ?? '') : '',
      column,
    ),
  );
}

function found(axis: Found['axis'], cells: readonly Cell[], title: string, index: number): Found {
  const technique = techniqueOf(axis.unit);
  return {
    axis,
    values: finite(cells.map(({ value }) => value)),
    ...(technique === undefined ? {} : { technique }),
    attributes: { format: 'csv', ...(title === '' ? { index } : { title }) },
  };
}

/** A table that names no unit: hundreds and thousands are nanometres; less is told by nobody. */
const guess = (first: number | undefined): string => (first !== undefined && first >= 200 ? 'nm' : '1');
