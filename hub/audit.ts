import { digest } from '#flows/trust/canonical';
import type { AuditStore } from './store/store.ts';

/** Writes down who did what with what; of `detail` only a digest is kept. */
export interface Audit {
  note(actor: string, action: string, subject: string, detail?: unknown): Promise<void>;
}

export const createAudit = (store: AuditStore, now: () => number): Audit => ({
  async note(actor, action, subject, detail = null) {
    const time = new Date(now()).toISOString();
    await store.append({ time, actor, action, subject, digest: digest(detail) });
  },
});
