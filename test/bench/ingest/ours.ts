import { nativeVerifier } from '#firmware-config/ed25519';
import { createIngest } from '#hub/ingest/ingest';
import { createMetrics } from '#hub/metrics';
import type { Store } from '#hub/store/store';
import { eventsPerBatch, keys, payloads, perRound, site } from './load.ts';

/** The hub's ingest: parsed, signature checked, followed, deduplicated, stored with its projections, acknowledged. */
export async function ours(store: Store) {
  const verifier = nativeVerifier(keys.open);
  let acknowledged = 0;
  const ingest = await createIngest({
    store,
    metrics: createMetrics(),
    now: Date.now,
    groupMs: 0,
    sender: () => ({ site, verifier }),
    acknowledge: (_box, { refused }) => {
      if (refused) throw new Error(refused.message);
      acknowledged += eventsPerBatch;
    },
    onStored: () => undefined,
    onMessage: () => undefined,
    onRefused: (_box, problem) => {
      throw new Error(problem.message);
    },
    onFailure: (error) => {
      throw error;
    },
  });
  let round = 0;
  return {
    async perSecond(): Promise<number> {
      const given = [...payloads(round++)];
      acknowledged = 0;
      const from = performance.now();
      for (const commit of given) {
        for (const [box, payload] of commit) void ingest.take(box, payload);
        await ingest.idle();
      }
      const perSecond = (perRound * 1000) / (performance.now() - from);
      if (acknowledged !== perRound) throw new Error(`acknowledged ${acknowledged} of ${perRound} events`);
      return perSecond;
    },
    close: () => store.close(),
  };
}
