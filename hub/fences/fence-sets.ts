import type { Feature } from 'geojson';
import { Fault } from '#flows/fault';
import { canonical } from '#flows/trust/canonical';
import type {
  FenceCheck,
  FenceCollection,
  FenceDiff,
  FenceProblem,
  FenceSetView,
} from '../api/fence-types.ts';
import type { Audit } from '../audit.ts';
import { faults } from '../faults.ts';
import {
  countChanges,
  type FenceChange,
  type FenceSetKind,
  type FenceSetStore,
  type FenceSetVersion,
} from '../store/fence-sets.ts';
import { checkChanges } from './check.ts';
import { createGround } from './ground.ts';
import { importChanges } from './import.ts';

export interface FenceSetsOptions {
  readonly store: FenceSetStore;
  readonly audit: Audit;
  readonly now: () => number;
  /** Features of the port's own drawing: with the sets they tell where the port lies. */
  readonly port: () => Promise<readonly Feature[]>;
  /** A set has a new version. */
  readonly onChange: (name: string, version: number) => void;
}

/** What somebody wants of a set. */
export interface FenceEdit {
  /** Version that it was made to; absent: the newest, whatever it is. */
  readonly after?: number;
  readonly kind?: FenceSetKind;
  readonly title?: string;
  readonly site?: string;
  readonly note?: string;
  readonly changes: readonly FenceChange[];
}
export type FenceImport = Omit<FenceEdit, 'changes'> & {
  readonly collection: unknown;
  readonly replace: boolean;
};

/** Of an edit that names no version, when others are always first. */
const mostTries = 20;

const byId = (rows: readonly { id: string; feature: Feature }[]) =>
  new Map(rows.map(({ id, feature }) => [id, feature]));

/** The fence sets of the hub: every change is checked, becomes a version, and is written down with who made it. */
export function createFenceSets({ store, audit, now, port, onChange }: FenceSetsOptions) {
  const ground = createGround(store, port);
  const problemsOf = async (name: string, kind: FenceSetKind, changes: readonly FenceChange[]) =>
    checkChanges(kind, changes, await ground.without(name, changes));

  const notFound = (name: string) => faults.fault('api.notFound', { what: `fence set ${name}` });

  /** Made to whatever is the newest version, an edit is made again when somebody else was first. */
  async function change(name: string, edit: FenceEdit, actor: string): Promise<FenceSetVersion> {
    for (let tries = 1; ; tries++) {
      try {
        return await changeOnce(name, edit, actor);
      } catch (error) {
        const isRaced = error instanceof Fault && error.problem.code === 'api.conflict';
        if (!isRaced || edit.after !== undefined || tries === mostTries) throw error;
      }
    }
  }

  async function changeOnce(name: string, edit: FenceEdit, actor: string): Promise<FenceSetVersion> {
    const before = await store.one(name);
    const kind = edit.kind ?? before?.kind ?? 'fences';
    if (before && before.features > 0 && kind !== before.kind)
      throw faults.fault('api.query', { detail: `${name} holds ${before.kind}` }, 'kind');
    const problems = await problemsOf(name, kind, edit.changes);
    const [first] = problems;
    if (first) {
      const detail = `${first.id === '' ? '' : `${first.id}: `}${first.message}`;
      throw faults.fault('fences.wrong', { count: problems.length, detail }, `${first.id}.${first.path}`);
    }
    const site = edit.site ?? before?.site;
    const stored = await store.change({
      name,
      kind,
      title: edit.title ?? before?.title ?? name,
      ...(site === undefined ? {} : { site }),
      after: edit.after ?? before?.version ?? 0,
      time: now(),
      actor,
      ...(edit.note === undefined ? {} : { note: edit.note }),
      changes: edit.changes,
    });
    if (!stored) {
      const detail = `Somebody has changed ${name}: it is at version ${(await store.one(name))?.version ?? 0}.`;
      throw faults.fault('api.conflict', { detail }, name);
    }
    await audit.note(actor, 'fence-set.change', `${name}@${stored.version}`, edit.changes);
    ground.moved(name, stored.version, edit.changes);
    onChange(name, stored.version);
    return stored;
  }

  async function changesOf(name: string, { collection, replace }: FenceImport) {
    return importChanges(collection, byId(await store.features(name)), replace);
  }

  async function read(name: string, version?: number): Promise<FenceCollection> {
    const set = await store.one(name);
    if (!set || (version ?? 1) > set.version)
      throw notFound(version === undefined ? name : `${name}@${version}`);
    const rows = await store.features(name, version);
    return {
      type: 'FeatureCollection',
      ...set,
      version: version ?? set.version,
      features: rows.map(({ feature }) => feature),
    } as unknown as FenceCollection;
  }

  async function diff(name: string, from: number, to: number): Promise<FenceDiff> {
    const newest = (await store.one(name))?.version ?? 0;
    const beyond = Math.max(from, to);
    if (beyond > newest) throw notFound(`${name}@${beyond}`);
    const before = byId(await store.features(name, from));
    const after = byId(await store.features(name, to));
    const ids = [...new Set([...before.keys(), ...after.keys()])].sort();
    const changes = ids.flatMap((id) => {
      const [a, b] = [before.get(id), after.get(id)];
      if (a && b && canonical(a) === canonical(b)) return [];
      return [{ id, ...(a && { before: a }), ...(b && { after: b }) }];
    });
    return { from, to, changes };
  }

  return {
    list: (): Promise<FenceSetView[]> => store.list(),
    one: (name: string): Promise<FenceSetView | undefined> => store.one(name),
    read,
    diff,
    /** The first fence or route of that id, of whichever set. */
    async feature(id: string): Promise<Feature | undefined> {
      for (const { name } of await store.list()) {
        const row = await store.feature(name, id);
        if (row) return row.feature;
      }
      return undefined;
    },
    history: store.history,
    featureHistory: store.featureHistory,
    change,
    /** Takes a fence away that is there. */
    async remove(name: string, id: string, actor: string): Promise<FenceSetVersion> {
      if (!(await store.feature(name, id)))
        throw faults.fault('api.notFound', { what: `fence ${id} in ${name}` });
      return change(name, { changes: [{ id }] }, actor);
    },

    /** What changes would do, and what is wrong with them. */
    async check(name: string, edit: FenceEdit | FenceImport): Promise<FenceCheck> {
      const there = new Set((await store.features(name)).map(({ id }) => id));
      const { changes, problems } =
        'changes' in edit ? { changes: edit.changes, problems: [] } : await changesOf(name, edit);
      const kind = edit.kind ?? (await store.one(name))?.kind ?? 'fences';
      const found: FenceProblem[] = [...problems, ...(await problemsOf(name, kind, changes))];
      return { problems: found, ...countChanges(changes, (id) => there.has(id)) };
    },

    /** Takes a file's fences in as one version; undefined when it changes nothing. */
    async import(name: string, wanted: FenceImport, actor: string): Promise<FenceSetVersion | undefined> {
      const { changes, problems } = await changesOf(name, wanted);
      const [first] = problems;
      if (first)
        throw faults.fault('fences.wrong', { count: problems.length, detail: first.message }, first.path);
      const { collection: _, replace: __, ...rest } = wanted;
      return changes.length === 0 ? undefined : change(name, { ...rest, changes }, actor);
    },

    /** The first content of a set, unless there is any set already, or something is wrong with it. */
    async seed(name: string, features: readonly Feature[]): Promise<void> {
      const { changes, problems } = importChanges({ type: 'FeatureCollection', features }, new Map(), false);
      if (changes.length === 0 || problems.length > 0 || (await store.list()).length > 0) return;
      if ((await problemsOf(name, 'fences', changes)).length === 0)
        await change(name, { after: 0, note: 'from the config', changes }, 'hub');
    },

    /** A new version that is as an old one was. */
    async revert(name: string, version: number, actor: string, note?: string): Promise<FenceSetVersion> {
      const set = await store.one(name);
      if (!set || version > set.version || version < 1) throw notFound(`${name}@${version}`);
      if (version === set.version)
        throw faults.fault('api.query', { detail: `${name} is at version ${version} already` }, 'version');
      const { changes } = await diff(name, version, set.version);
      const back = changes.map(({ id, before }) => (before ? { id, feature: before } : { id }));
      return change(
        name,
        { after: set.version, note: note ?? `as in version ${version}`, changes: back },
        actor,
      );
    },
  };
}
export type FenceSets = ReturnType<typeof createFenceSets>;
