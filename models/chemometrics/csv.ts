import { faults } from './faults.ts';

/** Cells of a table with its header; rows as they stand in the file, with the line each was on. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
  /** What stands between the cells; with other than commas, a comma in a number is its decimal sign. */
  readonly separator: string;
}

/** One line into cells; quoted ones may hold the separator, and a doubled quote is one. */
function cellsOf(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator).map((cell) => cell.trim());
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i] as string;
    if (char === '"' && quoted && line[i + 1] === '"') {
      cell += char;
      i++;
    } else if (char === '"') quoted = !quoted;
    else if (char === separator && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += char;
  }
  return [...cells, cell.trim()];
}

const separatorOf = (header: string): string => [';', '\t', ','].find((mark) => header.includes(mark)) ?? ',';

/** Throws `calibration.table` with the line for what is no table. */
export function parseTable(text: string, at: string): Table {
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .map((content, i) => ({ content, line: i + 1 }))
    .filter(({ content }) => content.trim() !== '' && !content.startsWith('#'));
  const [first, ...rest] = lines;
  if (!first || rest.length === 0) {
    throw faults.fault('calibration.table', { detail: 'it has no rows below a header' }, at);
  }
  const separator = separatorOf(first.content);
  const header = cellsOf(first.content, separator);
  const rows = rest.map(({ content, line }) => {
    const cells = cellsOf(content, separator);
    if (cells.length !== header.length) {
      const detail = `the header has ${header.length} cells and this row ${cells.length}`;
      throw faults.fault('calibration.table', { detail }, `${at}:${line}`);
    }
    return { line, cells };
  });
  return { header, rows, separator };
}

/** A cell as a number; NaN for what is none. */
export function numberOf(cell: string, separator: string): number {
  if (cell === '') return Number.NaN;
  return Number(separator === ',' ? cell : cell.replace(',', '.'));
}
