import { randomUUID } from 'node:crypto';
import { stages } from '#flows/registry';
import { hubFlowId } from '#flows/stored/entries';
import { lintHubFlow } from '#flows/stored/lint';
import { type Signer, signDocument } from '#flows/trust/sign';
import type { Release } from '#flows/wire';
import type { ReleasePlan } from '../api/release-types.ts';
import type { Audit } from '../audit.ts';
import { faults } from '../faults.ts';
import type { FenceSets } from '../fences/fence-sets.ts';
import { setsFor } from '../fences/released.ts';
import { checkPlan, documentsOf, planFlows } from '../plan-flows.ts';
import type { Store } from '../store/store.ts';
import { partCount } from './flow.ts';
import type { FlowSet } from './runner.ts';

/** The whole set of flows that the hub is to run. */
export interface WantedFlows {
  readonly flows: readonly unknown[];
  readonly fenceSets?: Readonly<Record<string, unknown>>;
  readonly confirmLoss?: readonly string[];
  /** Where flows that are new begin: with what is stored next, or with the first event there is. */
  readonly from?: 'now' | 'start';
}

export interface HubReleasesOptions {
  readonly store: Pick<Store, 'releases' | 'flows'>;
  readonly fenceSets: FenceSets;
  readonly signer: Signer;
  readonly audit: Audit;
  readonly now: () => number;
  /** Other hubs release to the same store. */
  readonly shared: boolean;
  readonly onChange: () => void;
}

/** In a shared store: how old what is known of the release may be, ms. */
const freshMs = 1000;

/**
 * Releases of flows to the hub itself: linted, planned, signed and audited as those of boxes, under the name `hub`, one
 * for all hubs of a store.
 */
export async function createHubReleases(options: HubReleasesOptions) {
  const { store, now } = options;
  let current = await store.releases.running(hubFlowId);
  let known: FlowSet | undefined;
  let readAt = now();

  async function running(): Promise<Release | undefined> {
    if (options.shared && now() - readAt >= freshMs) {
      readAt = now();
      const release = await store.releases.running(hubFlowId);
      if (release?.version !== current?.version) known = undefined;
      current = release;
    }
    return current;
  }

  async function plan(wanted: WantedFlows) {
    const before = documentsOf(await running());
    const lint = (flow: unknown) => lintHubFlow(flow, stages);
    const newest = (await store.releases.newest()).find(({ release }) => release.box === hubFlowId);
    const version = (newest?.release.version ?? 0) + 1;
    const { problems, ...planned } = planFlows({ flows: wanted.flows, before, lint });
    const sets = await setsFor(planned.documents, wanted.fenceSets ?? {}, options.fenceSets, problems);
    return { version, bundles: [], ...planned, fenceSets: sets.named, problems, carried: sets.carried };
  }

  /** Throws `release.problems`, `release.loss`, `api.conflict`. Resolves when it is in force. */
  async function release(wanted: WantedFlows, actor: string): Promise<ReleasePlan> {
    const { documents, carried, ...planned } = await plan(wanted);
    const confirmLoss = [...(wanted.confirmLoss ?? [])];
    checkPlan(planned, confirmLoss);
    const time = new Date(now()).toISOString();
    const content = {
      kind: 'release' as const,
      id: randomUUID(),
      version: planned.version,
      box: hubFlowId,
      issued: time,
      expires: time,
      flows: documents,
      fenceSets: carried,
      confirmLoss,
    };
    const signed: Release = signDocument(content, options.signer);
    if (!(await store.releases.add(signed)))
      throw faults.fault('api.conflict', { detail: 'Another release was made in between.' });
    await options.audit.note(actor, 'hub.release', `${hubFlowId}/${signed.version}`, signed);
    const changed = (what: string) =>
      planned.changes.flatMap(({ flow, change }) => (change === what ? [flow] : []));
    for (const flow of [...changed('remove'), ...changed('add')]) await store.flows.forget(flow);
    for (const flow of changed('add')) await store.flows.begin(flow, partCount, wanted.from ?? 'now');
    await store.releases.report(hubFlowId, signed.version, 'running');
    current = signed;
    known = undefined;
    options.onChange();
    return planned;
  }

  return {
    async plan(wanted: WantedFlows): Promise<ReleasePlan> {
      const { documents: _, carried: __, ...answer } = await plan(wanted);
      return answer;
    },
    release,
    /** The release in force; undefined: there never was one. */
    running,
    /** What is to run. */
    async wanted(): Promise<FlowSet> {
      const release = await running();
      known ??= { flows: [...documentsOf(release).values()], fenceSets: release?.fenceSets ?? {} };
      return known;
    },
  };
}
export type HubReleases = Awaited<ReturnType<typeof createHubReleases>>;
