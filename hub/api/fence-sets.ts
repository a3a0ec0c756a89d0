import type { Feature } from 'geojson';
import { Type } from 'typebox';
import { faults } from '../faults.ts';
import type { FenceSets } from '../fences/fence-sets.ts';
import { longestId } from '../fences/import.ts';
import type { FenceCheck, FenceCollection, FenceDiff, FenceHistory, FenceSetList } from './fence-types.ts';
import { type Api, actorOf, closed, maySee } from './route.ts';

const bodyLimit = 32_000_000;
const operator = { config: { role: 'operator' as const }, bodyLimit };
const viewer = { config: { role: 'viewer' as const } };

const name = Type.String({ description: 'Name of the set.', pattern: '^[a-z][a-z0-9-]*$', maxLength: 64 });
const id = Type.String({ description: 'Id of the fence or route.', minLength: 1, maxLength: longestId });
const version = (description: string) => Type.Integer({ description, minimum: 0 });
const SetPath = Type.Object({ set: name }, closed);
const FencePath = Type.Object({ set: name, fence: id }, closed);

const FeatureBody = Type.Object(
  {
    type: Type.Literal('Feature'),
    properties: Type.Record(Type.String(), Type.Unknown(), { description: '`id`, `name` and rules.' }),
    geometry: Type.Object({ type: Type.String() }, { description: 'GeoJSON geometry.' }),
  },
  { description: 'A GeoJSON feature.' },
);
const about = {
  after: Type.Optional(version('Version that it was made to; refused when it is not the newest any more.')),
  kind: Type.Optional(Type.Enum(['fences', 'routes'], { description: 'What a new set holds.' })),
  title: Type.Optional(Type.String({ description: 'Name as people say it.', minLength: 1, maxLength: 200 })),
  site: Type.Optional(Type.String({ description: 'Site that it belongs to.', maxLength: 64 })),
  note: Type.Optional(Type.String({ description: 'Why.', maxLength: 500 })),
};
const changes = Type.Array(
  Type.Object(
    { id, feature: Type.Optional(FeatureBody) },
    { ...closed, description: 'Without a feature: it goes.' },
  ),
  { description: 'Fences as they are to be.', minItems: 0, maxItems: 200_000 },
);
const ChangeBody = Type.Object({ ...about, changes }, closed);
const imported = {
  collection: Type.Unknown({ description: 'A GeoJSON FeatureCollection.' }),
  replace: Type.Boolean({ description: 'What is not in it goes.', default: false }),
};
const ImportBody = Type.Object({ ...about, ...imported }, closed);
const CheckBody = Type.Object(
  {
    ...about,
    changes: Type.Optional(changes),
    collection: Type.Optional(imported.collection),
    replace: imported.replace,
  },
  closed,
);
const RevertBody = Type.Object({ version: version('Version to go back to.'), note: about.note }, closed);
const FenceBody = Type.Object({ feature: FeatureBody, after: about.after, note: about.note }, closed);
const VersionQuery = Type.Object(
  { version: Type.Optional(version('As of this version; the newest when absent.')) },
  closed,
);
const HistoryQuery = Type.Object(
  {
    before: Type.Integer({ description: 'Only versions below.', default: 1_000_000_000, minimum: 1 }),
    limit: Type.Integer({ description: 'Versions.', default: 50, minimum: 1, maximum: 500 }),
  },
  closed,
);
const DiffQuery = Type.Object({ from: version('Version.'), to: version('Version.') }, closed);

const iso = (time: number) => new Date(time).toISOString();

/** GET and POST below /fence-sets: sets of fences and routes, their versions, checks and changes. */
export function fenceSetRoutes(api: Api, sets: FenceSets): void {
  type Asked = { params: { set: string } } & Parameters<typeof maySee>[0];
  /** The set, if the person may see it; a new one may be made. */
  async function mine(request: Asked, mustBe = true): Promise<string> {
    const { set } = request.params;
    const found = await sets.one(set);
    if (found?.site !== undefined && !maySee(request, found.site))
      throw faults.fault('api.notFound', { what: `fence set ${set}` });
    if (!found && mustBe) throw faults.fault('api.notFound', { what: `fence set ${set}` });
    return set;
  }
  const mayPlace = (request: Asked, site: string | undefined) => {
    if (site !== undefined && !maySee(request, site))
      throw faults.fault('api.notFound', { what: `site ${site}` });
  };

  api.get(
    '/fence-sets',
    { ...viewer, schema: { summary: 'Sets of fences and routes' } },
    async (request): Promise<FenceSetList> => ({
      sets: (await sets.list()).filter(({ site }) => site === undefined || maySee(request, site)),
    }),
  );
  api.get(
    '/fence-sets/:set',
    { ...viewer, schema: { summary: 'A set as GeoJSON', params: SetPath, querystring: VersionQuery } },
    async (request): Promise<FenceCollection> => sets.read(await mine(request), request.query.version),
  );
  api.get(
    '/fence-sets/:set/history',
    { ...viewer, schema: { summary: 'Versions of a set', params: SetPath, querystring: HistoryQuery } },
    async (request): Promise<FenceHistory> => {
      const { before, limit } = request.query;
      const versions = await sets.history(await mine(request), before, limit);
      return { versions: versions.map((one) => ({ ...one, time: iso(one.time) })) };
    },
  );
  api.get(
    '/fence-sets/:set/diff',
    {
      ...viewer,
      schema: { summary: 'What is different between two versions', params: SetPath, querystring: DiffQuery },
    },
    async (request): Promise<FenceDiff> =>
      sets.diff(await mine(request), request.query.from, request.query.to),
  );
  api.get(
    '/fence-sets/:set/fences/:fence/history',
    { ...viewer, schema: { summary: 'Versions of one fence', params: FencePath } },
    async (request) => ({ versions: await sets.featureHistory(await mine(request), request.params.fence) }),
  );
  api.post(
    '/fence-sets/:set/check',
    {
      ...operator,
      schema: {
        summary: 'What changes would do, and what is wrong with them',
        params: SetPath,
        body: CheckBody,
      },
    },
    async (request): Promise<FenceCheck> => {
      const { changes: list, collection, replace, ...rest } = request.body;
      const set = await mine(request, false);
      return sets.check(set, list ? { ...rest, changes: asChanges(list) } : { ...rest, collection, replace });
    },
  );
  api.post(
    '/fence-sets/:set/changes',
    { ...operator, schema: { summary: 'Changes fences, as one version', params: SetPath, body: ChangeBody } },
    async (request, reply) => {
      mayPlace(request, request.body.site);
      const edit = { ...request.body, changes: asChanges(request.body.changes) };
      const { time, ...stored } = await sets.change(await mine(request, false), edit, actorOf(request));
      return reply.status(201).send({ ...stored, time: iso(time) });
    },
  );
  api.post(
    '/fence-sets/:set/import',
    {
      ...operator,
      schema: { summary: 'Takes GeoJSON in, as one version', params: SetPath, body: ImportBody },
    },
    async (request, reply) => {
      mayPlace(request, request.body.site);
      const stored = await sets.import(await mine(request, false), request.body, actorOf(request));
      if (!stored) return reply.status(204).send();
      return reply.status(201).send({ ...stored, time: iso(stored.time) });
    },
  );
  api.post(
    '/fence-sets/:set/revert',
    {
      ...operator,
      schema: { summary: 'A new version that is as an old one was', params: SetPath, body: RevertBody },
    },
    async (request, reply) => {
      const { version: back, note } = request.body;
      const stored = await sets.revert(await mine(request), back, actorOf(request), note);
      return reply.status(201).send({ ...stored, time: iso(stored.time) });
    },
  );
  api.put(
    '/fence-sets/:set/fences/:fence',
    { ...operator, schema: { summary: 'Puts one fence', params: FencePath, body: FenceBody } },
    async (request) => {
      const { feature, ...rest } = request.body;
      const edit = { ...rest, changes: asChanges([{ id: request.params.fence, feature }]) };
      const stored = await sets.change(await mine(request), edit, actorOf(request));
      return { ...stored, time: iso(stored.time) };
    },
  );
  api.delete(
    '/fence-sets/:set/fences/:fence',
    { ...operator, schema: { summary: 'Takes one fence away', params: FencePath } },
    async (request) => {
      const stored = await sets.remove(await mine(request), request.params.fence, actorOf(request));
      return { ...stored, time: iso(stored.time) };
    },
  );
}

/** The schema has looked at the outside; what is in a geometry is checked with the fence. */
const asChanges = (list: readonly { id: string; feature?: unknown }[]) =>
  list.map(({ id: fence, feature }) => ({
    id: fence,
    ...(feature === undefined ? {} : { feature: feature as Feature }),
  }));
