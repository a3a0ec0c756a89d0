import type { Statement } from 'better-sqlite3';
import type { Sql } from './open.ts';

type Value = string | number | null;

/** Rows in one statement: the cost of a call is shared, and what is left over needs few statements more. */
const sizes = [64, 8, 1] as const;

/**
 * Inserts rows by many at a time, in order. `table` is its name with the columns. OR FAIL keeps the rows before one
 * that a constraint refuses, and so needs no copy of every page it touches, as a statement of many rows would
 * that undoes itself; the caller holds the transaction.
 */
export function createRows(sql: Sql, table: string) {
  const columns = table.split(',').length;
  const row = `(${Array(columns).fill('?').join(', ')})`;
  const statements: readonly { size: number; statement: Statement<[Value[]]> }[] = sizes.map((size) => ({
    size,
    statement: sql.prepare<[Value[]]>(
      `INSERT OR FAIL INTO ${table} VALUES ${Array(size).fill(row).join(', ')}`,
    ),
  }));
  let waiting: Value[] = [];

  return {
    add(...values: Value[]): void {
      for (const value of values) waiting.push(value);
    },
    /** Writes what was added; throws what the database throws, and then nothing waits any more. */
    flush(): void {
      const values = waiting;
      waiting = [];
      let at = 0;
      for (const { size, statement } of statements) {
        const step = size * columns;
        for (; values.length - at >= step; at += step)
          statement.run(at === 0 && values.length === step ? values : values.slice(at, at + step));
      }
    },
    forget(): void {
      waiting = [];
    },
  };
}
