import { checkContainer, repairContainer } from '#flows/container-number';
import type { WatchEntry, WatchImport } from '../api/watch-types.ts';

/** Identities are compared without case, blanks, hyphens and dots: readers and people write them as they like. */
export const keyOf = (value: string): string => value.toUpperCase().replace(/[\s\-._·]/g, '');

const headings = new Set([
  'VALUE',
  'PLATE',
  'CONTAINER',
  'SEAL',
  'OBJECT',
  'MMSI',
  'IDENTITY',
  'ID',
  'NUMBER',
]);
const longest = 100;
/** Entries of one list, at most. */
export const maxEntries = 200_000;

/** The first cell of a line, and the rest as one note. */
function cellsOf(line: string): { value: string; note: string } {
  const quoted = /^\s*"((?:[^"]|"")*)"\s*(?:[,;\t](.*))?$/.exec(line);
  if (quoted) return { value: (quoted[1] ?? '').replaceAll('""', '"'), note: (quoted[2] ?? '').trim() };
  const at = line.search(/[,;\t]/);
  return at < 0
    ? { value: line.trim(), note: '' }
    : { value: line.slice(0, at).trim(), note: line.slice(at + 1).trim() };
}

const unquoted = (note: string) => note.replace(/^"(.*)"$/, '$1').replaceAll('""', '"');

type Problem = WatchImport['problems'][number];

function problemOf(line: number, value: string): Problem | undefined {
  const key = keyOf(value);
  if (key === '') return { line, value, message: 'the line names nothing' };
  if (value.length > longest)
    return { line, value: value.slice(0, 40), message: `it is longer than ${longest} characters` };
  const check = checkContainer(key);
  if (!check || check.ok) return undefined;
  const { candidates } = repairContainer(key);
  return {
    line,
    value,
    message: 'its check digit is wrong (ISO 6346): it would never be read so',
    ...(candidates.length > 0 ? { perhaps: candidates.slice(0, 5) } : {}),
  };
}

/**
 * Entries of pasted text or CSV, a line each: the identity, and after a comma, semicolon or tab what is to be known of it. A heading
 * is left out; so is what cannot be watched for, with the reason.
 */
export function readEntries(
  text: string,
  added: string,
  by: string,
): { entries: WatchEntry[]; problems: Problem[] } {
  const entries: WatchEntry[] = [];
  const problems: Problem[] = [];
  let first = true;
  for (const [place, raw] of text.split(/\r?\n/).entries()) {
    if (raw.trim() === '') continue;
    const { value, note } = cellsOf(raw);
    const isHeading = first && headings.has(keyOf(value));
    first = false;
    if (isHeading) continue;
    const problem = problemOf(place + 1, value);
    if (problem) problems.push(problem);
    else entries.push({ value, ...(note === '' ? {} : { note: unquoted(note) }), added, by });
  }
  return { entries, problems };
}
