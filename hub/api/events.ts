import { Type } from 'typebox';
import { type Priority, priorities } from '#flows/event';
import { faults } from '../faults.ts';
import type { RecordStore } from '../store/store.ts';
import { type Api, BoxPath, closed, List, list, Moment, maySee, moment, sitesFor, sitesOf } from './route.ts';
import { slim } from './slim.ts';
import type { EventPage, StoredEvent } from './types.ts';

const time = (description: string) => Type.Optional(Type.String({ ...Moment, description }));

const EventsQuery = Type.Object(
  {
    at: time('The list ends at this moment.'),
    from: time('No event before it.'),
    to: time('No event after it.'),
    box: List('Id of a box.'),
    site: List('Id of a site.'),
    type: List('Type; one that ends in * is a prefix.'),
    priority: List('alarm, verdict or telemetry.'),
    subject: Type.Optional(Type.String({ description: 'Exactly this subject.', maxLength: 500 })),
    before: Type.Optional(
      Type.String({ description: '`next` of the page before.', pattern: '^-?\\d{1,16}\\.\\d{1,16}$' }),
    ),
    limit: Type.Integer({ description: 'Events a page.', minimum: 1, maximum: 1000, default: 100 }),
  },
  closed,
);

const TimelineQuery = Type.Object(
  {
    from: Type.String({ ...Moment, description: 'Begin.' }),
    to: Type.String({ ...Moment, description: 'End.' }),
    buckets: Type.Integer({ description: 'About how many.', minimum: 1, maximum: 2000, default: 200 }),
  },
  closed,
);

function toPriorities(text: string | undefined): Priority[] | undefined {
  return list(text)?.map((name) => {
    const known = priorities.find((priority) => priority === name);
    if (!known) throw faults.fault('api.query', { detail: `${name} is no priority` }, 'querystring/priority');
    return known;
  });
}

const cursorOf = ({ event, position }: StoredEvent) => `${Date.parse(event.time)}.${position}`;

/** GET /events, /events/:box/:sequence, /timeline */
export function eventRoutes(
  api: Api,
  records: RecordStore,
  siteOf: (box: string) => string | undefined,
): void {
  const config = { role: 'viewer' as const };

  api.get(
    '/events',
    { config, schema: { summary: 'Events, newest first', querystring: EventsQuery } },
    async (request): Promise<EventPage> => {
      const { query } = request;
      const ends = [moment(query.at), moment(query.to)].filter((end) => end !== undefined);
      const [from, box, type] = [moment(query.from), list(query.box), list(query.type)];
      const site = sitesFor(list(query.site), sitesOf(request));
      const priority = toPriorities(query.priority);
      const [time, position] = (query.before ?? '').split('.').map(Number);
      const events = await records.page({
        limit: query.limit,
        ...(from !== undefined && { from }),
        ...(ends.length > 0 && { to: Math.min(...ends) }),
        ...(box && { box }),
        ...(site && { site }),
        ...(type && { type }),
        ...(priority && { priority }),
        ...(query.subject !== undefined && { subject: query.subject }),
        ...(query.before !== undefined &&
          time !== undefined &&
          position !== undefined && { before: { time, position } }),
      });
      const last = events.length === query.limit ? events.at(-1) : undefined;
      return { events: events.map(slim), ...(last && { next: cursorOf(last) }) };
    },
  );

  const EventPath = Type.Object(
    { ...BoxPath.properties, sequence: Type.Integer({ description: 'Its sequence.', minimum: 1 }) },
    closed,
  );
  api.get(
    '/events/:box/:sequence',
    { config, schema: { summary: 'One event', params: EventPath } },
    async (request): Promise<StoredEvent> => {
      const { box, sequence } = request.params;
      const found = await records.one(box, sequence);
      if (!found || !maySee(request, siteOf(box) ?? found.event.site))
        throw faults.fault('api.notFound', { what: `event ${box}:${sequence}` });
      return found;
    },
  );

  api.get(
    '/timeline',
    { config, schema: { summary: 'Events by time and priority', querystring: TimelineQuery } },
    (request) => {
      const { from, to, buckets } = request.query;
      const [first, last] = [Date.parse(from), Date.parse(to)];
      if (last < first)
        throw faults.fault('api.query', { detail: 'it ends before it begins' }, 'querystring/to');
      return records.timeline(first, last, buckets, sitesOf(request));
    },
  );
}
