import { Type } from 'typebox';
import { faults } from '../faults.ts';
import { designated, type Watch } from '../watch/lists.ts';
import { type Api, actorOf, closed, Moment, sitesOf } from './route.ts';
import type { WatchImport, WatchList, WatchLists, WatchScreening } from './watch-types.ts';

const ListPath = Type.Object(
  { list: Type.String({ description: 'Name of the list.', pattern: '^[a-z][a-z0-9-]*$', maxLength: 64 }) },
  closed,
);
const ObjectPath = Type.Object(
  { object: Type.String({ description: 'The object.', maxLength: 100 }) },
  closed,
);
const DefineBody = Type.Object(
  {
    title: Type.Optional(
      Type.String({ description: 'Name as people say it.', minLength: 1, maxLength: 200 }),
    ),
    priority: Type.Optional(
      Type.Enum(['alarm', 'verdict'], { description: 'Of the events that a match raises.' }),
    ),
    quietMinutes: Type.Optional(
      Type.Number({
        description: 'No second event of an entry and object for so long.',
        minimum: 0,
        maximum: 10_080,
      }),
    ),
  },
  closed,
);
const AddBody = Type.Object(
  { text: Type.String({ description: 'Pasted text or CSV: an identity a line, and a note after a comma.' }) },
  closed,
);
const RemoveBody = Type.Object(
  {
    values: Type.Array(Type.String({ maxLength: 100 }), {
      description: 'Entries that go.',
      maxItems: 200_000,
    }),
  },
  closed,
);
const ScreenBody = Type.Object(
  {
    from: Type.String({ ...Moment, description: 'Begin.' }),
    to: Type.String({ ...Moment, description: 'End.' }),
    after: Type.Optional(
      Type.String({ description: '`next` of the page before; absent: the first page.', maxLength: 100 }),
    ),
    limit: Type.Integer({ description: 'Entries of a page.', default: 2000, minimum: 1, maximum: 20_000 }),
  },
  closed,
);
const DesignateBody = Type.Object(
  { reason: Type.Optional(Type.String({ description: 'Why.', maxLength: 200 })) },
  closed,
);
const bodyLimit = 16_000_000;

/** Watch lists in bulk, screening of the past, and objects designated with one click. */
export function watchRoutes(api: Api, watch: Watch): void {
  const viewer = { config: { role: 'viewer' as const } };
  const inspector = { config: { role: 'inspector' as const }, bodyLimit };

  api.get(
    '/watch-lists',
    { ...viewer, schema: { summary: 'Watch lists' } },
    (): WatchLists => ({ lists: watch.list() }),
  );
  api.get(
    '/watch-lists/:list',
    { ...viewer, schema: { summary: 'A list with its entries', params: ListPath } },
    (request): WatchList => watch.one(request.params.list),
  );
  api.put(
    '/watch-lists/:list',
    { ...inspector, schema: { summary: 'Makes a list, or changes it', params: ListPath, body: DefineBody } },
    (request) => watch.define(request.params.list, request.body, actorOf(request)),
  );
  api.delete(
    '/watch-lists/:list',
    { ...inspector, schema: { summary: 'Takes a list away, with all its entries', params: ListPath } },
    async (request, reply) => {
      await watch.drop(request.params.list, actorOf(request));
      return reply.status(204).send();
    },
  );
  api.post(
    '/watch-lists/:list/entries',
    { ...inspector, schema: { summary: 'Adds entries in bulk', params: ListPath, body: AddBody } },
    (request): Promise<WatchImport> => watch.add(request.params.list, request.body.text, actorOf(request)),
  );
  api.post(
    '/watch-lists/:list/remove',
    { ...inspector, schema: { summary: 'Takes entries away', params: ListPath, body: RemoveBody } },
    async (request) => ({
      removed: await watch.remove(request.params.list, request.body.values, actorOf(request)),
    }),
  );
  api.post(
    '/watch-lists/:list/screen',
    {
      ...viewer,
      schema: { summary: 'Which entries were heard of in the past', params: ListPath, body: ScreenBody },
    },
    (request): Promise<WatchScreening> => {
      const { after, limit } = request.body;
      const [from, to] = [Date.parse(request.body.from), Date.parse(request.body.to)];
      if (from > to)
        throw faults.fault('api.query', { detail: 'the time must be from earlier to later' }, 'body/from');
      return watch.screen(request.params.list, { from, to, after, limit }, sitesOf(request));
    },
  );
  api.put(
    '/objects/:object/designation',
    { ...inspector, schema: { summary: 'Designates an object', params: ObjectPath, body: DesignateBody } },
    async (request, reply) => {
      await watch.designate(request.params.object, request.body.reason, actorOf(request));
      return reply.status(204).send();
    },
  );
  api.delete(
    '/objects/:object/designation',
    { ...inspector, schema: { summary: 'Designates it no more', params: ObjectPath } },
    async (request, reply) => {
      await watch.remove(designated, [request.params.object], actorOf(request));
      return reply.status(204).send();
    },
  );
}
