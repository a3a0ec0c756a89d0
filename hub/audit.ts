import { createHash } from 'node:crypto';
import { canonical } from '#flows/trust/canonical';
import type { AuditStore } from './store/store.ts';

/** Writes down who did what with what; of `detail` only a digest is kept. */
export interface Audit {
  note(actor: string, action: string, subject: string, detail?: unknown): Promise<void>;
}

/** `digest` by the machine's own SHA-256: a watch list of 200,000 entries is 17 MB, which everybody would wait for. */
const digestOf = (detail: unknown): string => createHash('sha256').update(canonical(detail)).digest('hex');

export const createAudit = (store: AuditStore, now: () => number): Audit => ({
  async note(actor, action, subject, detail = null) {
    const time = new Date(now()).toISOString();
    await store.append({ time, actor, action, subject, digest: digestOf(detail) });
  },
});
