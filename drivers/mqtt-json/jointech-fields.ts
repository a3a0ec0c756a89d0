import { digestOf } from '../digest.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** What opens a lock, or an account, is dropped where it stands. */
const secret = /pass(word|wd)?$|pwd|token|secret|access_?key/i;
/** A card tells who opened; its number would open it again. */
const card = /card|rfid/i;

/** Text that stands for nothing at all, as the platform writes it. */
const absent: ReadonlySet<unknown> = new Set([null, undefined, '', 'null', '-1,-1,-1', '-1000.0', '-1000']);

const deepest = 4;

/** Text that holds JSON is what it holds; other text is itself. */
function unwrapped(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[{[]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function cleaned(name: string, given: unknown, depth: number): unknown {
  const value = unwrapped(given);
  if (absent.has(value) || secret.test(name)) return undefined;
  if (card.test(name) && (typeof value === 'string' || typeof value === 'number'))
    return /^0*$/.test(String(value)) ? undefined : digestOf(Buffer.from(String(value), 'utf8'));
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= deepest) return undefined;
  if (Array.isArray(value))
    return value.map((item) => cleaned(name, item, depth + 1)).filter((item) => item !== undefined);
  return publicFields(value as Fields, depth + 1);
}

/**
 * The fields of a report without what stands for nothing and without secrets, at every depth and within text that
 * holds JSON.
 */
export function publicFields(fields: Fields, depth = 0): Fields {
  const kept: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(fields)) {
    const value = cleaned(name, given, depth);
    if (value !== undefined && name !== '__proto__') kept[name] = value;
  }
  return kept;
}

/** A number, or text that is one; the platform writes both. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
