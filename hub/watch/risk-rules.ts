import type { ObjectRisk, RiskRules } from '../api/risk-types.ts';
import type { Audit } from '../audit.ts';
import type { DocumentStore, RecordStore } from '../store/store.ts';
import { defaultRules, riskOf } from './risk.ts';

export interface RiskOptions {
  readonly documents: DocumentStore;
  readonly records: RecordStore;
  readonly audit: Audit;
  readonly now: () => number;
}

const documentName = 'risk-rules';
/** Older events are worth nothing, half-lives of points. */
const halfLives = 7;
const mostEvents = 2000;
const hourMs = 3_600_000;

/** Rules of risk, kept as a document, and the risk of an object by them. */
export function createRisk({ documents, records, audit, now }: RiskOptions) {
  const rules = async (): Promise<RiskRules> =>
    ((await documents.get(documentName)) as RiskRules | undefined) ?? defaultRules;
  return {
    rules,
    async change(changed: RiskRules, actor: string): Promise<RiskRules> {
      const kept = { ...changed, changed: new Date(now()).toISOString(), by: actor };
      await documents.put(documentName, kept);
      await audit.note(actor, 'risk-rules.change', documentName, changed);
      return kept;
    },
    /** By the events of the sites alone, where they are given. */
    async of(object: string, at: number, sites: readonly string[] | undefined): Promise<ObjectRisk> {
      const known = await rules();
      const longestHours = Math.max(0, ...known.weights.map(({ halfLifeHours }) => halfLifeHours));
      const stored = await records.page({
        subject: object,
        type: known.weights.map(({ type }) => type),
        from: at - halfLives * longestHours * hourMs,
        to: at,
        ...(sites === undefined ? {} : { site: sites }),
        limit: mostEvents,
      });
      const events = stored.map(({ event }) => event);
      return riskOf(object, events, known, at, stored.length === mostEvents);
    },
  };
}
export type Risk = ReturnType<typeof createRisk>;
