import type { Logger } from 'pino';
import { describeProblem, Fault } from '#flows/fault';
import type { Signer } from '#flows/trust/sign';
import type { Audit } from '../audit.ts';
import type { HubConfig } from '../config.ts';
import type { FenceSets } from '../fences/fence-sets.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { Store } from '../store/store.ts';
import { releaseConfigured } from './configured.ts';
import { partCount } from './flow.ts';
import { createHubReleases } from './releases.ts';
import { createFlowRunner } from './runner.ts';

export interface FlowsOptions {
  readonly config: HubConfig;
  readonly store: Store;
  readonly ingest: Ingest;
  readonly fenceSets: FenceSets;
  readonly signer: Signer;
  readonly audit: Audit;
  readonly now: () => number;
  readonly log: Logger;
  /** Partitions that are this hub's where hubs form a group; undefined: it has no link to the group yet. */
  readonly partitions: () => ReadonlySet<number> | undefined;
}

/** Hubs that share a store may date what they store by clocks that differ by so much, ms. */
const slackMs = 1000;
const pollMs = { alone: 60_000, shared: 250 };

/** The hub's own flows: what is released, and what runs it. */
export async function composeFlows(options: FlowsOptions) {
  const { config, store, ingest, fenceSets, signer, audit, now, log } = options;
  const shared = config.store.postgres !== undefined;
  const all = Array.from({ length: partCount }, (_, part) => part);
  /** In a group a part goes with a partition of the boxes' topic, so that one group says who has what. */
  const owned = (): ReadonlySet<number> => {
    if (!shared || !config.kafka) return new Set(all);
    const partitions = options.partitions();
    const count = config.kafka.partitions;
    return new Set(all.filter((part) => partitions?.has(part % count)));
  };
  const releases = await createHubReleases({
    store,
    fenceSets,
    signer,
    audit,
    now,
    shared,
    onChange: () => runner.poke(),
  });
  const runner = createFlowRunner({
    records: store.records,
    store: store.flows,
    now,
    wanted: releases.wanted,
    owned,
    conclude: ingest.conclude,
    slackMs: shared ? slackMs : 0,
    pollMs: shared ? pollMs.shared : pollMs.alone,
    onFailure: (error) => log.error({ err: error }, 'flows of the hub cannot go on'),
  });
  // The hub starts all the same: without one flow is better than without any hub.
  await releaseConfigured(releases, config.flows).catch((error: unknown) => {
    if (!(error instanceof Fault)) throw error;
    log.error(describeProblem(error.problem));
  });
  runner.poke();
  return { releases, runner };
}
