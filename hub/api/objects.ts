import { Type } from 'typebox';
import { faults } from '../faults.ts';
import type { LiveObjects } from '../live/objects.ts';
import type { ObjectStore, RecordStore } from '../store/store.ts';
import { withBodies } from '../tracks/bodies.ts';
import { type Fix, fixesOf } from '../tracks/fix.ts';
import { gapsOf } from '../tracks/gaps.ts';
import { outagesOf } from '../tracks/outages.ts';
import { type Api, closed, Moment, maySee, moment, sitesOf } from './route.ts';
import type { ObjectList, Track } from './types.ts';

const ObjectsQuery = Type.Object(
  {
    at: Type.Optional(Type.String({ ...Moment, description: 'As they were then; now when absent.' })),
    withinS: Type.Number({
      description: 'Only objects heard in the time before, seconds.',
      default: 86_400,
      minimum: 1,
      maximum: 31_536_000,
    }),
  },
  closed,
);
const ObjectPath = Type.Object(
  { object: Type.String({ description: 'The object.', maxLength: 500 }) },
  closed,
);
const TrackQuery = Type.Object(
  {
    from: Type.Optional(Type.String({ ...Moment, description: 'Begin; a day before the end when absent.' })),
    to: Type.Optional(Type.String({ ...Moment, description: 'End; now when absent.' })),
    points: Type.Integer({
      description: 'At most about so many.',
      default: 2000,
      minimum: 2,
      maximum: 20_000,
    }),
  },
  closed,
);

/** Of each stretch of so many ms the first and the last fix stay when a track is thinned. */
const stretchOfThinned = (fixes: readonly Fix[], points: number): number =>
  (2 * ((fixes.at(-1)?.ms ?? 0) - (fixes[0]?.ms ?? 0))) / points + 1;

export interface ObjectRoutes {
  readonly store: ObjectStore;
  readonly records: RecordStore;
  readonly live: LiveObjects;
  readonly now: () => number;
}

/** GET /objects, /objects/:object/track */
export function objectRoutes(api: Api, { store, records, live, now }: ObjectRoutes): void {
  const config = { role: 'viewer' as const };

  api.get(
    '/objects',
    { config, schema: { summary: 'Objects as they were at a moment', querystring: ObjectsQuery } },
    async (request): Promise<ObjectList> => {
      const withinMs = request.query.withinS * 1000;
      const asked = moment(request.query.at);
      const at = asked ?? now();
      const objects = asked === undefined ? live.since(at - withinMs) : await store.at(at, withinMs);
      return { at: new Date(at).toISOString(), objects: objects.filter(({ site }) => maySee(request, site)) };
    },
  );

  api.get(
    '/objects/:object/track',
    { config, schema: { summary: 'Where an object was', params: ObjectPath, querystring: TrackQuery } },
    async (request): Promise<Track> => {
      const { object } = request.params;
      const to = moment(request.query.to) ?? now();
      const from = moment(request.query.from) ?? to - 86_400_000;
      if (from > to)
        throw faults.fault(
          'api.query',
          { detail: 'the time must be from earlier to later' },
          'querystring/from',
        );
      const sites = sitesOf(request);
      if (sites && !(await store.sites(object)).every((site) => sites.includes(site)))
        return { object, points: [], thinned: false, gaps: [] };
      const track = await store.track(object, from, to, request.query.points);
      const isObject = async (name: string) => (await store.sites(name)).length > 0;
      const heardAt = await store.sites(object);
      const outages = await outagesOf(records, isObject, object, heardAt, from, to);
      const fixes = fixesOf(track.points);
      const finestMs = track.thinned ? stretchOfThinned(fixes, request.query.points) : 0;
      const gaps = gapsOf(fixes, outages, Math.min(to, now()), finestMs);
      return {
        ...track,
        points: withBodies(track.points),
        gaps,
        ...(finestMs > 0 && { finestGapS: Math.ceil(finestMs / 1000) }),
      };
    },
  );
}
