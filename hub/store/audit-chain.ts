import { digest } from '#flows/trust/canonical';
import type { AuditEntry, AuditStore } from './store.ts';

/** What the first entry has for `previous`. */
export const firstPrevious = '0'.repeat(64);

/** Closes an entry with its hash. */
export const chain = (fields: Omit<AuditEntry, 'hash'>): AuditEntry => ({ ...fields, hash: digest(fields) });

export interface ChainVerdict {
  readonly entries: number;
  /** Number of the first entry that does not fit, and why; absent when the chain is whole. */
  readonly broken?: { readonly n: number; readonly reason: string };
}

/** Walks the whole chain: numbers without a gap, each entry's own hash, its link, and the end. */
export async function verifyChain(store: AuditStore): Promise<ChainVerdict> {
  const pageSize = 1000;
  let previous = firstPrevious;
  let n = 1;
  for (;;) {
    const page = await store.list(n, pageSize);
    for (const entry of page) {
      const { hash, ...fields } = entry;
      const broken = (reason: string): ChainVerdict => ({ entries: n - 1, broken: { n, reason } });
      if (entry.n !== n) return broken('the entry is missing');
      if (digest(fields) !== hash) return broken('the entry was changed');
      if (entry.previous !== previous) return broken('the entry does not follow the one before it');
      previous = hash;
      n += 1;
    }
    if (page.length < pageSize) break;
  }
  const last = await store.last();
  return last >= n
    ? { entries: n - 1, broken: { n, reason: `entries ${n} to ${last} are missing at the end` } }
    : { entries: n - 1 };
}
