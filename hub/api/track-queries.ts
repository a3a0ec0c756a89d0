import { Type } from 'typebox';
import { faults } from '../faults.ts';
import { cellsWithin } from '../store/visits.ts';
import { arrivalOf } from '../tracks/arrivals.ts';
import { companionsOf } from '../tracks/companions.ts';
import { type PlaceStores, placeOf } from '../tracks/place.ts';
import { similarTo } from '../tracks/similar.ts';
import { stopHeat } from '../tracks/stops.ts';
import { type Api, closed, Moment, moment, sitesOf } from './route.ts';
import type { ArrivalForecast, CompanionList, PlaceAnswer, SimilarList, StopHeat } from './track-types.ts';

const time = (description: string) => Type.Optional(Type.String({ ...Moment, description }));
const number = (description: string, value: number, minimum: number, maximum: number) =>
  Type.Number({ description, default: value, minimum, maximum });
const degrees = (description: string, most: number) =>
  Type.Number({ description, minimum: -most, maximum: most });

const ObjectPath = Type.Object(
  { object: Type.String({ description: 'The object.', maxLength: 500 }) },
  closed,
);
const span = { from: time('Begin; an hour before the end when absent.'), to: time('End; now when absent.') };
const CompanionsQuery = Type.Object(
  {
    ...span,
    radiusM: number('So near is together, metres.', 100, 1, 400),
    seconds: number('Together for less is not told of, seconds.', 60, 1, 86_400),
  },
  closed,
);
const SimilarQuery = Type.Object(
  {
    ...span,
    days: number('Trips of so many days before the end are compared.', 7, 0.01, 90),
    reachM: number('Places so near to each other are the same, metres.', 100, 5, 2000),
  },
  closed,
);
const ArrivalQuery = Type.Object(
  {
    zone: Type.String({ description: 'Fence that it is to enter.', minLength: 1, maxLength: 200 }),
    at: time('As it was then; now when absent.'),
    deadline: time('Says how likely it comes after this.'),
  },
  closed,
);
const StopsQuery = Type.Object(
  {
    ...span,
    west: degrees('Bounds; east of `east` where the area goes across 180°.', 180),
    south: degrees('Bounds.', 90),
    east: degrees('Bounds.', 180),
    north: degrees('Bounds.', 90),
    seconds: number('Stood for less is no stop, seconds.', 300, 60, 86_400),
  },
  closed,
);
const PlaceQuery = Type.Object({ at: time('Then; now when absent.') }, closed);

const hourMs = 3_600_000;
const longestMs = 7 * 86_400_000;
/** About 40 by 40 km. */
const mostCells = 10_000;

/** GET /objects/:object/companions, /similar, /arrival, /place; GET /stops */
export function trackQueryRoutes(api: Api, stores: PlaceStores, now: () => number): void {
  const config = { role: 'viewer' as const };
  type Asked = Parameters<typeof sitesOf>[0];

  async function mayHave(request: Asked, object: string): Promise<boolean> {
    const sites = sitesOf(request);
    return !sites || (await stores.objects.sites(object)).every((site) => sites.includes(site));
  }
  async function known(request: Asked & { params: { object: string } }): Promise<string> {
    const { object } = request.params;
    if (!(await mayHave(request, object))) throw faults.fault('api.notFound', { what: `object ${object}` });
    return object;
  }
  const spanOf = (query: { from?: string; to?: string }) => {
    const to = moment(query.to) ?? now();
    const from = moment(query.from) ?? to - hourMs;
    if (to <= from || to - from > longestMs)
      throw faults.fault(
        'api.query',
        { detail: 'the time must be from earlier to later, a week at most' },
        'from',
      );
    return { from, to };
  };
  /** Without what the person may not see. */
  async function seen<T extends { object: string }>(request: Asked, list: readonly T[]): Promise<T[]> {
    const may = await Promise.all(list.map(({ object }) => mayHave(request, object)));
    return list.filter((_, i) => may[i]);
  }

  api.get(
    '/objects/:object/companions',
    { config, schema: { summary: 'Who was with it', params: ObjectPath, querystring: CompanionsQuery } },
    async (request): Promise<CompanionList> => {
      const { radiusM, seconds } = request.query;
      const query = { object: await known(request), ...spanOf(request.query), radiusM, seconds };
      const found = await companionsOf(stores, query);
      return { ...found, companions: await seen(request, found.companions) };
    },
  );
  api.get(
    '/objects/:object/similar',
    {
      config,
      schema: { summary: 'Trips that went the same way', params: ObjectPath, querystring: SimilarQuery },
    },
    async (request): Promise<SimilarList> => {
      const { days, reachM } = request.query;
      const { from, to } = spanOf(request.query);
      const since = to - days * 86_400_000;
      const query = { object: await known(request), from, to, since, until: to, reachM };
      const found = await similarTo(stores, query);
      return { ...found, trips: await seen(request, found.trips) };
    },
  );
  api.get(
    '/objects/:object/arrival',
    { config, schema: { summary: 'When it will be there', params: ObjectPath, querystring: ArrivalQuery } },
    async (request): Promise<ArrivalForecast> => {
      const object = await known(request);
      const at = moment(request.query.at) ?? now();
      const { points } = await stores.objects.track(object, at - hourMs, at, 200);
      const last = points.at(-1);
      const { zone } = request.query;
      if (!last) return { zone, trips: 0, why: `nothing was heard of ${object} in the hour before` };
      const { time: heard, ...place } = last;
      const deadline = moment(request.query.deadline);
      const here = { ...place, ms: Date.parse(heard) };
      return arrivalOf(stores, { object, zone, here, ...(deadline === undefined ? {} : { deadline }) });
    },
  );
  api.get(
    '/objects/:object/place',
    {
      config,
      schema: { summary: 'Where it was, and how sure that is', params: ObjectPath, querystring: PlaceQuery },
    },
    async (request): Promise<PlaceAnswer> =>
      placeOf(stores, await known(request), moment(request.query.at) ?? now()),
  );
  api.get(
    '/stops',
    { config, schema: { summary: 'Where objects stood', querystring: StopsQuery } },
    async (request): Promise<StopHeat> => {
      const { west, south, east, north, seconds } = request.query;
      const cells = cellsWithin(west, south, east, north, mostCells);
      if (!cells || north < south)
        throw faults.fault('api.query', { detail: 'the area is too large, or upside down' }, 'west');
      return stopHeat(stores, {
        cells,
        ...spanOf(request.query),
        seconds,
        mayHave: (object) => mayHave(request, object),
      });
    },
  );
}
