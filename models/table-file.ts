import { readFileSync } from 'node:fs';

/** A table of numbers that stands beside the source, for a module of the source or of dist/ by its import.meta.url. */
export function readTable<Table>(name: string, module: string): Table {
  const url = new URL(name, module.replace('/dist/models/', '/models/'));
  return JSON.parse(readFileSync(url, 'utf8')) as Table;
}
