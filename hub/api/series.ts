import { Type } from 'typebox';
import { faults } from '../faults.ts';
import type { SeriesStore } from '../series/series.ts';
import { type Api, closed, Moment, sitesOf } from './route.ts';
import type { CurveList, SeriesList } from './series-types.ts';

const CurveQuery = Type.Object(
  {
    name: Type.String({ description: 'Name of the series, such as `speed` or a reading.', maxLength: 200 }),
    box: Type.Optional(Type.String({ description: 'Only of this box.', maxLength: 64 })),
    device: Type.Optional(Type.String({ description: 'Only of this device or object.', maxLength: 500 })),
    from: Type.String({ ...Moment, description: 'Begin.' }),
    to: Type.String({ ...Moment, description: 'End.' }),
    buckets: Type.Integer({ description: 'At most about so many.', minimum: 1, maximum: 2000, default: 300 }),
  },
  closed,
);

/** Lengths of buckets, seconds: those that people read a time axis by. */
const lengths = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400];

/** GET /series, /series/curves */
export function seriesRoutes(api: Api, series: SeriesStore): void {
  const config = { role: 'viewer' as const };
  const visible = (sites: readonly string[] | undefined, site: string) => !sites || sites.includes(site);

  api.get(
    '/series',
    { config, schema: { summary: 'Time series that there are' } },
    async (request): Promise<SeriesList> => ({
      series: (await series.list()).filter(({ site }) => visible(sitesOf(request), site)),
    }),
  );

  api.get(
    '/series/curves',
    { config, schema: { summary: 'Curves of one name, in buckets of time', querystring: CurveQuery } },
    async (request): Promise<CurveList> => {
      const { name, box, device, buckets } = request.query;
      const [from, to] = [Date.parse(request.query.from), Date.parse(request.query.to)];
      if (to < from)
        throw faults.fault('api.query', { detail: 'it ends before it begins' }, 'querystring/to');
      const wanted = (to - from) / 1000 / buckets;
      const bucketS = lengths.find((length) => length >= wanted) ?? Math.ceil(wanted / 86_400) * 86_400;
      const sites = sitesOf(request);
      const curves = await series.read({
        name,
        from,
        to,
        bucketS,
        ...(box !== undefined && { box }),
        ...(device !== undefined && { device }),
        ...(sites && { sites }),
      });
      return {
        bucketS,
        curves: curves.map(({ buckets: list, ...key }) => ({
          ...key,
          points: list.map(({ time, ...rest }) => ({ time: new Date(time).toISOString(), ...rest })),
        })),
      };
    },
  );
}
