import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { readIfThere, replaceFile } from '../files.ts';

/** What an earlier demo left in a file; undefined where there is none, or it is damaged: then another begins. */
export function readKept<T extends TSchema>(file: string, schema: T): Static<T> | undefined {
  try {
    const kept: unknown = JSON.parse(readIfThere(file) ?? 'null');
    return Value.Check(schema, kept) ? kept : undefined;
  } catch {
    return undefined;
  }
}

export const keep = (file: string, value: object): void => replaceFile(file, `${JSON.stringify(value)}\n`);
