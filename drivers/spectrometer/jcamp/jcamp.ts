import { isoText } from '../../moment.ts';
import {
  axisOf,
  type Found,
  finite,
  NotAsItsForm,
  type Read,
  reading,
  techniqueOf,
  unitOf,
} from '../spectrum.ts';
import { readLine, readPairs } from './asdf.ts';
import { type Labelled, labels } from './labels.ts';

type Block = ReadonlyMap<string, Labelled>;

/** Of a whole file: a few hundred linked spectra of the finest instruments. Repetitions make them out of a few bytes. */
const maxPoints = 4_000_000;

/** A JCAMP-DX 4.24 file: each block with data in it is a spectrum; blocks may lie in a block that links them. */
export const readJcamp = (bytes: Uint8Array): Read =>
  reading('JCAMP-DX', () => {
    const text = new TextDecoder('latin1').decode(bytes);
    const all = blocks(labels(text));
    const points = all.reduce((sum, block) => sum + Math.max(0, number(block, 'NPOINTS', 0)), 0);
    if (points > maxPoints) throw new NotAsItsForm(`it says ${points} points, and ${maxPoints} are read`);
    const found = all.flatMap(readBlock);
    if (found.length === 0) throw new NotAsItsForm('no block has data of a form that is read');
    return found;
  });

/** Blocks from TITLE to END. */
function blocks(records: readonly Labelled[]): Block[] {
  const done: Block[] = [];
  const open: Map<string, Labelled>[] = [];
  for (const record of records) {
    if (record.label === 'TITLE') open.push(new Map());
    const block = open.at(-1);
    if (!block) throw new NotAsItsForm('it does not begin with a title');
    if (record.label === 'END') done.push(open.pop() as Block);
    else block.set(record.label, record);
  }
  if (open.length > 0) throw new NotAsItsForm('a block has no end');
  return done;
}

function readBlock(block: Block): Found[] {
  const data = block.get('XYDATA') ?? block.get('XYPOINTS') ?? block.get('PEAKTABLE');
  if (!data) {
    if (block.has('NTUPLES')) throw new NotAsItsForm('NTUPLES are not read');
    return [];
  }
  const unit = unitOf(block.get('XUNITS')?.value ?? 'channel');
  const { x, y } = data.label === 'XYDATA' ? steps(block, data) : pairs(block, data);
  const technique = techniqueOf(unit);
  const time = timeOf(block);
  return [
    {
      axis: axisOf(unit, x),
      values: finite(y),
      ...(technique === undefined ? {} : { technique }),
      ...(time === undefined ? {} : { time }),
      attributes: {
        format: 'jcamp',
        ...textual(block, {
          title: 'TITLE',
          yUnit: 'YUNITS',
          dataType: 'DATATYPE',
          instrument: 'SPECTROMETERDATASYSTEM',
          resolution: 'RESOLUTION',
          reference: '$REFERENCE',
          darkTime: '$DARKTIME',
          whiteTime: '$WHITETIME',
        }),
      },
    },
  ];
}

function textual(block: Block, names: Readonly<Record<string, string>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, label] of Object.entries(names)) {
    const value = block.get(label)?.value;
    if (value) found[name] = value;
  }
  return found;
}

function number(block: Block, label: string, otherwise?: number): number {
  const text = block.get(label)?.value;
  if (text === undefined || text === '') {
    if (otherwise === undefined) throw new NotAsItsForm(`${label} is missing`);
    return otherwise;
  }
  const value = Number(text.replace(',', '.'));
  if (!Number.isFinite(value)) throw new NotAsItsForm(`${label} is no number: ${text}`);
  return value;
}

/** `(X++(Y..Y))`: every check that the form has is made, for a lost line would move all that follows. */
function steps(block: Block, data: Labelled): { x: number[]; y: number[] } {
  if (!/\(X\+\+\(Y\.\.Y\)\)/.test(data.value.replace(/\s/g, '')))
    throw new NotAsItsForm(`data of the form ${data.value} is not read`);
  const xFactor = number(block, 'XFACTOR', 1);
  const yFactor = number(block, 'YFACTOR', 1);
  const points = number(block, 'NPOINTS');
  const first = number(block, 'FIRSTX');
  const last = number(block, 'LASTX', first + number(block, 'DELTAX', 1) * (points - 1));
  const step = points > 1 ? (last - first) / (points - 1) : 1;
  const y: number[] = [];
  let check: number | undefined;
  for (const text of data.lines) {
    const line = readLine(text, points - y.length + 1); // and the check
    if (!line) continue;
    const values = [...line.y];
    if (check !== undefined) {
      // The value of the check is that of the line before: it counts once.
      if (values.shift() !== check)
        throw new NotAsItsForm(`the check at ${line.x} fails: a line is missing or spoiled`);
    }
    // The abscissa is that of the check where there is one, or of the first new value: writers differ.
    const expected = first + step * y.length;
    const slack = Math.abs(step) * 1.5 + Math.abs(xFactor);
    if (Math.abs(line.x * xFactor - expected) > slack)
      throw new NotAsItsForm(`a line begins at ${line.x * xFactor}, and ${expected} was due`);
    for (const value of values) y.push(value);
    check = line.checked ? y.at(-1) : undefined;
  }
  if (y.length !== points) throw new NotAsItsForm(`it says ${points} points and has ${y.length}`);
  const firstY = block.get('FIRSTY');
  if (firstY && points > 0) {
    const said = Number(firstY.value);
    const has = (y[0] as number) * yFactor;
    if (Number.isFinite(said) && Math.abs(said - has) > Math.abs(said) * 1e-2 + Math.abs(yFactor))
      throw new NotAsItsForm(`it says that it begins with ${said} and begins with ${has}`);
  }
  return {
    x: y.map((_, i) => first + step * i),
    y: y.map((value) => value * yFactor),
  };
}

function pairs(block: Block, data: Labelled): { x: number[]; y: number[] } {
  const xFactor = number(block, 'XFACTOR', 1);
  const yFactor = number(block, 'YFACTOR', 1);
  const read = readPairs(data.lines.join('\n'));
  const points = number(block, 'NPOINTS', read.length);
  if (read.length !== points) throw new NotAsItsForm(`it says ${points} points and has ${read.length}`);
  return { x: read.map(([x]) => x * xFactor), y: read.map(([, y]) => y * yFactor) };
}

/** LONGDATE of version 5, or DATE (yy/mm/dd) and TIME of version 4, taken as UTC where they name no zone. */
function timeOf(block: Block): string | undefined {
  const long = /^(\d{4})\/(\d{2})\/(\d{2})(?:\s+(\d{2}:\d{2}:\d{2})(?:\.\d+)?)?\s*([+-]\d{4}|Z)?/.exec(
    block.get('LONGDATE')?.value ?? '',
  );
  const short = /^(\d{2})\/(\d{2})\/(\d{2})$/.exec(block.get('DATE')?.value ?? '');
  const clock = /^\d{2}:\d{2}:\d{2}/.exec(block.get('TIME')?.value ?? '')?.[0] ?? '00:00:00';
  const parts = long
    ? long.slice(1, 4)
    : short
      ? [century(short[1] as string), short[2], short[3]]
      : undefined;
  if (!parts) return undefined;
  const zone = long?.[5]?.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2') ?? 'Z';
  return isoText(Date.parse(`${parts.join('-')}T${long?.[4] ?? clock}${zone}`));
}

/** JCAMP-DX is of 1988: a year below 70 is of this century. */
const century = (year: string) => `${Number(year) < 70 ? '20' : '19'}${year}`;
