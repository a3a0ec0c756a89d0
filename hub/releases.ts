import { randomUUID } from 'node:crypto';
import { drivers } from '#drivers/registry';
import type { FlowDocument } from '#flows/flow';
import { lintFlow } from '#flows/lint';
import { lintBundles } from '#flows/lint/bundles';
import { stages } from '#flows/registry';
import { type Signer, signDocument } from '#flows/trust/sign';
import type { Release, ReleaseBundle, ReleaseReport, Status } from '#flows/wire';
import { compareVersions } from '#models/bundle/version';
import type { BoxView, ReleasePlan } from './api/types.ts';
import type { Audit } from './audit.ts';
import type { BundleSource } from './bundle-source.ts';
import { faults } from './faults.ts';
import type { FenceSets } from './fences/fence-sets.ts';
import { type ReleasedSets, setsFor } from './fences/released.ts';
import { checkPlan, documentsOf, planFlows } from './plan-flows.ts';
import type { ReleaseRecord, Store } from './store/store.ts';

/** What is asked for: the whole set of flows of one box. */
export interface Wanted {
  readonly flows: readonly unknown[];
  readonly fenceSets?: Readonly<Record<string, unknown>>;
  readonly confirmLoss?: readonly string[];
  readonly bundles?: readonly { readonly id: string; readonly version: string }[];
}

export interface ReleasesOptions {
  readonly store: Store;
  readonly signer: Signer;
  readonly audit: Audit;
  readonly now: () => number;
  /** Other hubs release to the same store. */
  readonly shared: boolean;
  readonly status: (box: string) => Status | undefined;
  readonly bundle: BundleSource['named'];
  /** All that the hub has. */
  readonly bundles: BundleSource['list'];
  readonly fenceSets: Pick<FenceSets, 'one' | 'read'>;
  readonly send: (box: string, release: Release) => void;
  readonly onChange: (box: string) => void;
}

/** What a plan has looked up on its way. */
interface Resolved {
  readonly documents: FlowDocument[];
  readonly carried: ReleasedSets['carried'];
}

const lifeMs = 7 * 86_400_000;

/** Plans, signs, sends and follows what boxes are to run. */
export async function createReleases(options: ReleasesOptions) {
  const { store, now } = options;
  const newest = new Map<string, ReleaseRecord>(
    (await store.releases.newest()).map((record) => [record.release.box, record]),
  );

  /** What other hubs have released and heard of meanwhile. */
  async function refresh(): Promise<void> {
    if (!options.shared) return;
    for (const record of await store.releases.newest()) {
      const { box, version } = record.release;
      const known = newest.get(box);
      const isNews = version > (known?.release.version ?? 0) || known?.state === 'sent';
      if (isNews) newest.set(box, record);
    }
  }

  /** Documents that run on the box, as far as the hub sent them. */
  async function running(box: string): Promise<Map<string, FlowDocument>> {
    return documentsOf(await store.releases.running(box));
  }

  /** The bundles as a release names them; what the hub has not, or the box is past, is a problem. */
  async function bundlesOf(box: string, wanted: Wanted, problems: ReleasePlan['problems'][number][]) {
    const running = new Map(options.status(box)?.models?.map(({ id, version }) => [id, version]));
    const bundles: (ReleaseBundle & { readonly runs?: string })[] = [];
    for (const [place, { id, version }] of (wanted.bundles ?? []).entries()) {
      const path = `bundles[${place}]`;
      const runs = running.get(id);
      const bundle = await options.bundle(id, version);
      if (bundles.some((other) => other.id === id))
        problems.push({ path, message: `The model ${id} is there twice.` });
      else if (!bundle)
        problems.push({
          path,
          message: `The hub has no bundle ${id} ${version}. Import it: quaywatch bundle import.`,
        });
      else if (runs !== undefined && compareVersions(version, runs) < 0)
        problems.push({
          path,
          message: `The box runs ${id} ${runs}, which is newer. To go back, import the earlier content under a new version.`,
        });
      else bundles.push({ ...bundle, ...(runs === undefined ? {} : { runs }) });
    }
    return bundles;
  }

  /** Bundles that flows cannot do without, of neither the release nor the box. */
  async function missingBundles(
    box: string,
    documents: readonly FlowDocument[],
    flows: readonly unknown[],
    released: readonly ReleaseBundle[],
  ) {
    const formats = new Map((await options.bundles()).map(({ id, format }) => [id, format]));
    const ids = [...released, ...(options.status(box)?.models ?? [])].map(({ id }) => id);
    const there = ids.map((id) => ({ id, format: formats.get(id) }));
    return documents.flatMap((document) => {
      const place = flows.findIndex((flow) => (flow as FlowDocument).id === document.id);
      return lintBundles(document, stages, there, 'in this release, and none on the box').map(
        ({ at, message, help }) => ({ path: `flows[${place}].${at}`, message: `${message} ${help}` }),
      );
    });
  }

  async function plan(box: string, wanted: Wanted): Promise<ReleasePlan & Resolved> {
    await refresh();
    const problems: { path: string; message: string }[] = [];
    const bundles = await bundlesOf(box, wanted, problems);
    const before = await running(box);
    const hashes = new Map(options.status(box)?.flows.map(({ id, hash }) => [id, hash]));
    const lint = (flow: unknown) => lintFlow(flow, stages, drivers);
    const { problems: found, ...planned } = planFlows({ flows: wanted.flows, before, hashes, lint });
    problems.push(...found);
    problems.push(...(await missingBundles(box, planned.documents, wanted.flows, bundles)));
    const sets = await setsFor(planned.documents, wanted.fenceSets ?? {}, options.fenceSets, problems);
    return {
      version: (newest.get(box)?.release.version ?? 0) + 1,
      ...planned,
      bundles,
      fenceSets: sets.named,
      problems,
      carried: sets.carried,
    };
  }

  function sendNewest(box: string): void {
    const record = newest.get(box);
    if (record?.state !== 'sent') return;
    if (Date.parse(record.release.expires) <= now()) {
      void setState(record, 'failed', 'It expired before the box could be reached.');
      return;
    }
    options.send(box, record.release);
  }

  async function setState(record: ReleaseRecord, state: ReleaseRecord['state'], detail?: string) {
    const { box, version } = record.release;
    await store.releases.report(box, version, state, detail);
    if (newest.get(box)?.release.version !== version) return;
    newest.set(box, { release: record.release, state, ...(detail !== undefined && { detail }) });
    options.onChange(box);
  }

  return {
    async plan(box: string, wanted: Wanted): Promise<ReleasePlan> {
      const { documents: _, carried: __, ...answer } = await plan(box, wanted);
      return answer;
    },

    /** Throws `release.problems`, `release.loss`, `api.conflict`. Resolves when it is stored and on its way. */
    async release(box: string, wanted: Wanted, actor: string): Promise<ReleasePlan> {
      const { documents, carried, ...planned } = await plan(box, wanted);
      const confirmed = wanted.confirmLoss ?? [];
      checkPlan(planned, confirmed);
      const release: Release = signDocument(
        {
          kind: 'release' as const,
          id: randomUUID(),
          version: planned.version,
          box,
          issued: new Date(now()).toISOString(),
          expires: new Date(now() + lifeMs).toISOString(),
          flows: documents,
          fenceSets: { ...carried },
          confirmLoss: [...confirmed],
          bundles: planned.bundles.map(({ id, version, manifest }) => ({ id, version, manifest })),
        },
        options.signer,
      );
      if (!(await store.releases.add(release)))
        throw faults.fault('api.conflict', { detail: 'Another release was made in between.' });
      await options.audit.note(actor, 'box.release', `${box}/${release.version}`, release);
      newest.set(box, { release, state: 'sent' });
      sendNewest(box);
      options.onChange(box);
      return planned;
    },

    async report({ box, version, state, code, detail }: ReleaseReport): Promise<void> {
      if (newest.get(box)?.release.version !== version) await refresh();
      const record = newest.get(box);
      if (!record || record.release.version !== version || record.state === state) return;
      if (state === 'fetching') {
        // It is still to be done, and sent again if the box comes back without it.
        newest.set(box, { ...record, ...(detail !== undefined && { detail }) });
        options.onChange(box);
        return;
      }
      const said = [code, detail].filter((text) => text !== undefined).join(': ');
      await setState(record, state, said === '' ? undefined : said);
      await options.audit.note(box, `release.${state}`, `${box}/${version}`, { code, detail });
    },
    /** The newest release to each box. */
    all: (): Release[] => [...newest.values()].map(({ release }) => release),
    /** Whether the newest release of a box names a bundle. */
    names: (box: string, id: string, version: string): boolean =>
      newest.get(box)?.release.bundles?.some((one) => one.id === id && one.version === version) ?? false,
    /** The box can be spoken to: what it has not reported on is sent again. */
    async ready(box: string): Promise<void> {
      await refresh();
      sendNewest(box);
    },
    async resend(): Promise<void> {
      await refresh();
      for (const box of newest.keys()) sendNewest(box);
    },
    view(box: string): BoxView['release'] {
      const record = newest.get(box);
      return (
        record && {
          version: record.release.version,
          state: record.state,
          ...(record.detail !== undefined && { detail: record.detail }),
        }
      );
    },
  };
}
export type Releases = Awaited<ReturnType<typeof createReleases>>;
