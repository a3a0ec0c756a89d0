import { checksumOf, type Store } from './schema.ts';

type Row = Record<string, unknown>;

/** Probes after which what is left of a range is given up: bad pages are few or it is hopeless. */
const maxProbes = 2_000;

/**
 * The rows of a damaged table, by an integer key in 1..upto: forwards to the first page that cannot
 * be read, backwards to the last, and the same in halves of what lies between.
 */
export function readRows(source: Store, table: string, key: string, upto: number): Row[] {
  let forwards: { iterate(...range: number[]): Iterable<unknown> };
  let backwards: typeof forwards;
  try {
    const select = `SELECT * FROM ${table} WHERE ${key} BETWEEN ? AND ? ORDER BY ${key}`;
    forwards = source.prepare(select);
    backwards = source.prepare(`${select} DESC`);
  } catch {
    return []; // the table itself is not known any more
  }
  const found = new Map<number, Row>();
  let probes = 0;
  /** Reads until the end or damage; returns the last key that was read, or undefined after all. */
  const walk = (statement: typeof forwards, from: number, to: number, start: number): number | undefined => {
    let last = start;
    probes += 1;
    try {
      for (const row of statement.iterate(from, to) as Iterable<Row>) {
        last = Number(row[key]);
        if (isWhole(row)) found.set(last, row);
      }
      return undefined;
    } catch {
      return last;
    }
  };
  const ranges: [number, number][] = [[1, upto]];
  for (let range = ranges.shift(); range && probes < maxProbes; range = ranges.shift()) {
    const [from, to] = range;
    const low = walk(forwards, from, to, from - 1);
    if (low === undefined) continue;
    const high = walk(backwards, low + 1, to, to + 1) ?? low + 1;
    if (high - low <= 2) continue;
    const middle = Math.floor((low + high) / 2);
    ranges.push([low + 1, middle], [middle + 1, high - 1]);
  }
  return [...found].sort(([a], [b]) => a - b).map(([, row]) => row);
}

/** The rows of a small or keyed table: from both ends to the damage. */
export function readKeyed(source: Store, table: string): Row[] {
  const rows = new Map<string, Row>();
  const columns = primaryKeys[table] ?? [];
  for (const order of ['ASC', 'DESC']) {
    try {
      const by = columns.map((column) => `${column} ${order}`).join(', ');
      const walk = source.prepare(`SELECT * FROM ${table} ORDER BY ${by}`);
      for (const row of walk.iterate() as Iterable<Row>) {
        if (isWhole(row)) rows.set(JSON.stringify(columns.map((column) => row[column])), row);
      }
      break;
    } catch {
      // the rest from the other end, or lost
    }
  }
  return [...rows.values()];
}

const primaryKeys: Readonly<Record<string, readonly string[]>> = {
  acknowledged: ['priority'],
  tombstone: ['priority', 'last'],
  state: ['flow', 'node', 'space', 'key'],
  flow: ['id'],
  error_count: ['flow', 'node', 'code'],
  counter: ['name'],
};

/** A page with flipped bits can still be read: what does not parse or has holes is no row. */
function isWhole(row: Row): boolean {
  if (Object.values(row).some((value) => value === null)) return false;
  if ('checksum' in row) {
    return row.checksum === checksumOf(Number(row.sequence), Number(row.previous), String(row.body));
  }
  for (const column of ['body', 'value', 'document']) {
    const text = row[column];
    if (typeof text !== 'string') continue;
    try {
      JSON.parse(text);
    } catch {
      return false;
    }
  }
  return true;
}
